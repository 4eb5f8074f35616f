package io.landbridge.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values that are hard to carry, one line for each; the same for load and stream. Families come
 * from what stock conversions are known to get wrong.
 */
public final class TypeCases {

    /** Makes the types that cases need; for an empty database, on both sides. */
    public static final List<String> SETUP =
            List.of(
                    "CREATE EXTENSION hstore",
                    "CREATE EXTENSION citext",
                    "CREATE EXTENSION ltree",
                    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'b,c', 'it''s', 'ünï \"x\"')",
                    "CREATE TYPE no_labels AS ENUM ()",
                    "CREATE DOMAIN mood_domain AS mood",
                    "CREATE DOMAIN no_labels_domain AS no_labels",
                    "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
                    "CREATE DOMAIN positives AS positive[]",
                    "CREATE DOMAIN code AS varchar(3)",
                    "CREATE TYPE pair AS (a int, b text)",
                    "CREATE TYPE nest AS (p pair, q pair[], r numeric)",
                    "CREATE TYPE \"Quoted Type\" AS ENUM ('A', 'a')",
                    "CREATE TYPE float_range AS RANGE (subtype = float8)");

    private final List<TypeCase> cases = new ArrayList<>();

    private TypeCases() {}

    /** The cases that {@code major} can hold. */
    public static List<TypeCase> of(int major) {
        TypeCases all = new TypeCases();
        all.numbers();
        all.texts();
        all.times();
        all.bits();
        all.network();
        all.geometry();
        all.documents();
        all.ranges();
        all.arrays();
        all.userDefined();
        all.system();
        return all.cases.stream().filter(one -> one.since() <= major).toList();
    }

    /** The cases by type, in order: a table for each type holds its values as rows. */
    public static Map<String, List<TypeCase>> byType(int major) {
        Map<String, List<TypeCase>> byType = new LinkedHashMap<>();
        for (TypeCase one : of(major)) {
            byType.computeIfAbsent(one.type(), type -> new ArrayList<>()).add(one);
        }
        return byType;
    }

    /** Values that print as they are written. */
    private void same(String type, String... texts) {
        since(12, type, texts);
    }

    private void since(int major, String type, String... texts) {
        for (String text : texts) {
            cases.add(new TypeCase(type, "'" + text.replace("'", "''") + "'", text, major));
        }
    }

    /** A value that is written as an SQL expression. */
    private void prints(String type, String literal, String text) {
        cases.add(new TypeCase(type, literal, text, 12));
    }

    private void numbers() {
        same("smallint", "-32768", "32767", "0");
        same("integer", "-2147483648", "2147483647");
        same("bigint", "-9223372036854775808", "9223372036854775807");
        same("numeric", "0", "1.000", "0.000000000000000000000000000001", "NaN");
        prints("numeric", "-0.00", "0.00");
        since(14, "numeric", "Infinity", "-Infinity");
        same("numeric", "1" + "0".repeat(500) + "." + "9".repeat(500), "9".repeat(2000));
        prints("numeric", "1e-1000", "0." + "0".repeat(999) + "1");
        prints("numeric", "1e1000", "1" + "0".repeat(1000));
        same("numeric(10,2)", "99999999.99", "-0.01", "0.00", "NaN");
        since(15, "numeric(3,-2)", "99900", "0");
        same("numeric(38,0)", "9".repeat(38));
        same("real", "NaN", "Infinity", "-Infinity", "-0", "1e-45", "3.4028235e+38", "0.1");
        same("real", "1.1754944e-38", "167772");
        same("double precision", "NaN", "Infinity", "-Infinity", "-0", "5e-324", "0.1");
        same("double precision", "1.7976931348623157e+308", "0.30000000000000004", "1e+22");
        prints("money", "'-92233720368547758.08'", "-$92,233,720,368,547,758.08");
        prints("money", "'92233720368547758.07'", "$92,233,720,368,547,758.07");
        prints("money", "0.10::numeric::money", "$0.10");
        prints("boolean", "true", "t");
        prints("boolean", "false", "f");
        same("oid", "0", "4294967295");
        same("xid", "4294967295");
        since(13, "xid8", "18446744073709551615");
        same("cid", "4294967295");
        same("tid", "(4294967295,65535)");
        same("pg_lsn", "0/0", "FFFFFFFF/FFFFFFFF");
    }

    private void texts() {
        same("text", "", " ", "NULL", "null", "\\N", "\\.", "\\", "\\\\x", "'", "\"", "''", "{}");
        same("text", "\n", "\r", "\r\n", "\t", "\b", "\f", "\u000b", "\u0001", "\u007f", "\u0085");
        same(
                "text",
                "é",
                "e\u0301",
                "日本語",
                "🙂👩‍👩‍👧",
                "\ufeff",
                "\uffff",
                "\u202e",
                "\ud83d\ude42");
        same(
                "text",
                "UNCHANGED",
                "__debezium_unavailable_value",
                "trailing \\",
                "a\\tb",
                "$1",
                "%s");
        StringBuilder controls = new StringBuilder();
        for (char c = 1; c < 32; c++) {
            controls.append(c);
        }
        same("text", controls.toString(), "x".repeat(100_000), "ü".repeat(10_000));
        same("varchar(5)", "", "   ", "abcde", "ünïçø");
        prints("char(5)", "'ab'", "ab   ");
        prints("char(5)", "''", "     ");
        prints("\"char\"", "'A'", "A");
        prints("\"char\"", "''", "");
        same("name", "n".repeat(63), "Quoted \"Name\"", "");
        same("citext", "MiXeD", "");
        same("xml", "<a b=\"c\">ü &amp; <!-- x --><![CDATA[<]]></a>", "text <only/>", "");
    }

    private void times() {
        same(
                "date",
                "infinity",
                "-infinity",
                "0001-01-01",
                "1582-10-10",
                "1900-01-01",
                "5874897-12-31");
        same("date", "4713-01-01 BC", "0001-12-31 BC", "2000-02-29", "9999-12-31");
        same("time", "00:00:00", "24:00:00", "23:59:59.999999", "00:00:00.000001");
        same("time(0)", "24:00:00", "12:34:56");
        same(
                "timetz",
                "00:00:00+15:59:59",
                "24:00:00-15:59:59",
                "23:59:59.999999+00",
                "12:00:00+05:30");
        same("timetz", "00:00:00-15:59:59", "24:00:00+15:59:59", "12:34:56.789-00:44");
        same(
                "timestamp",
                "infinity",
                "-infinity",
                "0001-01-01 00:00:00",
                "294276-12-31 23:59:59.999999");
        same(
                "timestamp",
                "4713-01-01 00:00:00 BC",
                "0044-03-15 12:00:00.5 BC",
                "1970-01-01 00:00:00");
        same(
                "timestamp",
                "1969-12-31 23:59:59.999999",
                "2038-01-19 03:14:08",
                "10000-01-01 00:00:00");
        same("timestamp(3)", "2024-02-29 23:59:59.999", "2024-02-29 23:59:59.1");
        same(
                "timestamptz",
                "infinity",
                "-infinity",
                "0001-01-01 00:00:00+00",
                "294276-12-31 23:59:59.999999+00");
        same("timestamptz", "4713-01-01 00:00:00+00 BC", "0044-03-15 12:00:00.000001+00 BC");
        prints("timestamptz", "'2024-03-31 02:30:00 Europe/Berlin'", "2024-03-31 01:30:00+00");
        prints("timestamptz", "'2024-01-01 00:00:00+15:59:59'", "2023-12-31 08:00:01+00");
        same(
                "interval",
                "00:00:00",
                "-178000000 years",
                "178000000 years",
                "1 mon -1 days +00:00:00.000001");
        same(
                "interval",
                "2147483647 days",
                "-2147483648 days",
                "1 year 2 mons 3 days 04:05:06.789",
                "-00:00:00.000001");
        same("interval", "2147483647:59:59.999999", "-2147483647:00:00");
        prints("interval", "'P1Y2M3DT4H5M6S'", "1 year 2 mons 3 days 04:05:06");
        since(17, "interval", "infinity", "-infinity");
        same("interval day to second(3)", "3 days 04:05:06.789");
        same("interval year to month", "1 year 2 mons");
    }

    private void bits() {
        same("bit(3)", "000", "101", "111");
        same("bit(1)", "1", "0");
        same("bit(70)", "10".repeat(35));
        same("varbit", "", "0", "1", "000000001", "1".repeat(500));
        same("bit varying(5)", "10101", "");
        same("bytea", "\\x", "\\x00", "\\xff00ff", "\\x5c78", "\\x27", "\\xdeadbeef");
        prints(
                "bytea",
                "decode(repeat('00ff5c0a', 20000), 'hex')",
                "\\x" + "00ff5c0a".repeat(20_000));
        same(
                "uuid",
                "00000000-0000-0000-0000-000000000000",
                "ffffffff-ffff-ffff-ffff-ffffffffffff");
    }

    private void network() {
        same(
                "inet",
                "0.0.0.0",
                "255.255.255.255",
                "10.1.2.3/8",
                "::",
                "::1",
                "fe80::1/64",
                "::ffff:1.2.3.4");
        same("inet", "2001:db8::ff00:42:8329");
        same(
                "cidr",
                "10.0.0.0/8",
                "0.0.0.0/0",
                "192.168.100.128/25",
                "::/0",
                "2001:db8::/32",
                "1.2.3.4/32");
        same("macaddr", "08:00:2b:01:02:03", "ff:ff:ff:ff:ff:ff");
        same("macaddr8", "08:00:2b:01:02:03:04:05", "ff:ff:ff:ff:ff:ff:ff:ff");
    }

    private void geometry() {
        same("point", "(0,0)", "(1e+300,-1e-300)", "(NaN,Infinity)", "(-0,0.1)");
        same("line", "{1,-1,0}", "{0,1,-5.5}");
        same("lseg", "[(0,0),(1,1)]");
        same("box", "(2,2),(1,1)", "(Infinity,1),(-Infinity,0)");
        same("path", "((0,0),(1,1),(2,0))", "[(0,0),(1,1)]");
        same("polygon", "((0,0),(1,1),(2,0))");
        same("circle", "<(0,0),1>", "<(1.5,-2.5),0>");
    }

    private void documents() {
        same("json", "{\"b\": 1,  \"a\":2, \"a\": 3}", "null", "1.00", "\"\\u00e9\"", "[]", " {} ");
        same("jsonb", "null", "{\"a\": 1.10, \"b\": [1, null, \"x\"]}", "\"é\\n\\\"\"", "100000");
        same("jsonb", "12345678901234567890.123456789", "[]", "{}", "\"\"");
        same("jsonpath", "$.\"a\"[*]?(@ > 1)");
        same("hstore", "\"a\"=>\"1\", \"b\"=>NULL", "", "\"é\"=>\"\", \"a b\"=>\"c\\\"d\"");
        same("ltree", "Top.Science.Astronomy", "");
        same("tsvector", "'a':1A,2B 'fat':3 'it''s':4C", "", "'a b' 'c\\\\d'");
        same("tsquery", "'fat' & ( 'rat' | !'cat' )", "'fat' <-> 'rat'", "'super':*A");
    }

    private void ranges() {
        same("int4range", "empty", "[1,10)", "(,)", "[1,)", "(,1)", "[-2147483648,2147483647)");
        same("int8range", "[-9223372036854775808,9223372036854775807)");
        same("numrange", "[1.0,2.00)", "(1.0,2.00]", "[NaN,NaN]", "empty");
        same("daterange", "[2024-01-01,infinity)", "[-infinity,)", "(,)", "empty");
        same("tsrange", "[\"2024-01-01 00:00:00\",infinity)", "(,\"0001-01-01 00:00:00 BC\"]");
        same(
                "tstzrange",
                "[\"2024-01-01 00:00:00+00\",\"2024-01-02 00:00:00+00\"]",
                "(-infinity,infinity)");
        same("float_range", "[0.1,Infinity)", "empty");
        since(14, "int4multirange", "{}", "{[1,3),[5,8)}", "{(,)}");
        since(14, "nummultirange", "{[1.0,2.00],(3,)}");
        since(14, "datemultirange", "{[2024-01-01,2024-02-01),[2025-01-01,infinity)}");
        since(14, "tstzmultirange", "{[\"2024-01-01 00:00:00+00\",infinity)}");
    }

    private void arrays() {
        same(
                "int[]",
                "{}",
                "{1,2,3}",
                "{NULL}",
                "{1,NULL,3}",
                "{{1,2},{3,4}}",
                "{{{1},{2}},{{3},{4}}}");
        same("int[]", "[0:2]={1,2,3}", "[-5:-4]={1,2}", "[2:3][0:1]={{1,2},{3,4}}");
        same(
                "text[]",
                "{}",
                "{\"\"}",
                "{NULL,\"NULL\"}",
                "{\"a,b\",\"c\\\"d\",\"e\\\\f\"}",
                "{\"{}\"}",
                "{\" \"}");
        same("text[]", "{{a,b},{c,NULL}}", "{é,日本語,🙂}", "{\"line\nbreak\",\"tab\there\"}");
        same("varchar(3)[]", "{abc,\"\"}");
        same("char(3)[]", "{\"ab \",abc}");
        prints("boolean[]", "'{t,f,NULL}'", "{t,f,NULL}");
        same("numeric[]", "{1.000,NaN,-0.001}", "{NULL}");
        same("real[]", "{NaN,Infinity,-0,1e-45}");
        same("double precision[]", "{5e-324,NULL,1.7976931348623157e+308}");
        same("date[]", "{infinity,-infinity,\"0044-03-15 BC\"}");
        same("time[]", "{24:00:00,00:00:00.000001}");
        same("timetz[]", "{00:00:00+15:59:59,24:00:00-15:59:59}");
        same("timestamp[]", "{infinity,\"2024-01-01 00:00:00\",NULL}");
        same("timestamptz[]", "{-infinity,\"2024-01-01 00:00:00.000001+00\"}");
        same("interval[]", "{\"-178000000 years\",\"1 mon -1 days\",00:00:01}");
        same("varbit[]", "{101,\"\",NULL}");
        same("bit(2)[]", "{01,10}");
        prints("money[]", "ARRAY['1.00','-0.10']::money[]", "{$1.00,-$0.10}");
        same("point[]", "{\"(1,2)\",NULL,\"(NaN,0)\"}");
        same("box[]", "{(2,2),(1,1);(4,4),(3,3)}");
        same("xml[]", "{<a/>,\"<b>\\\"x\\\" y</b>\"}");
        same("name[]", "{a,\"B c\"}");
        same("bytea[]", "{\"\\\\x00ff\",\"\\\\x\",NULL}");
        same("uuid[]", "{00000000-0000-0000-0000-000000000000}");
        same("json[]", "{\"{\\\"a\\\": 1}\",NULL}");
        same("jsonb[]", "{\"{\\\"a\\\": [1, 2]}\",NULL}");
        same("inet[]", "{10.1.2.3/8,::1}");
        same("cidr[]", "{10.0.0.0/8}");
        same("macaddr[]", "{08:00:2b:01:02:03}");
        same("int4range[]", "{\"[1,10)\",empty,\"(,)\"}");
        same("tsvector[]", "{\"'a':1 'b'\"}");
        same("hstore[]", "{\"\\\"a\\\"=>\\\"1\\\"\"}");
        same("citext[]", "{A,a}");
        same("ltree[]", "{a.b,c}");
        same("oid[]", "{0,4294967295}");
        same("mood[]", "{sad,\"b,c\",it's,NULL}");
        same("mood_domain[]", "{ok,sad}");
        same("pair[]", "{\"(1,a)\",\"(,\\\"b \\\"\\\"c\\\")\",NULL}");
    }

    private void userDefined() {
        same("mood", "sad", "b,c", "it's", "ünï \"x\"");
        same("mood_domain", "ok", "b,c");
        same("\"Quoted Type\"", "A", "a");
        same("positive", "1", "2147483647");
        same("positives", "{1,2,NULL}");
        same("code", "", "abc");
        same("pair", "(1,a)", "(,)", "(1,\"\")", "(1,\"a \"\"b\"\", \\\\c\")", "(,\"(x)\")");
        same("nest", "(\"(1,a)\",\"{\"\"(2,b)\"\",NULL}\",1.000)");
    }

    private void system() {
        same("regclass", "pg_class", "-");
        same("regtype", "integer", "text[]");
        same("regproc", "now");
        same("regnamespace", "pg_catalog");
        prints("txid_snapshot", "'10:20:10,14,15'", "10:20:10,14,15");
        since(13, "pg_snapshot", "10:20:10,14,15");
        same("int2vector", "1 2 3", "");
        same("oidvector", "1 2 4294967295");
        same("aclitem", "postgres=r/postgres");
    }
}
