package io.landbridge.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * Values of MySQL that are hard to carry, with their text at the target; the same for the load and
 * for the stream.
 */
public final class MysqlTypeCases {

    private MysqlTypeCases() {}

    public static final List<MysqlTypeCase> ALL =
            List.of(
                    of("tinyint", "-128", "-128", "127", "127", "0", "0"),
                    of("tinyint unsigned", "255", "255"),
                    of("tinyint(1)", "0", "f", "1", "t"),
                    of("smallint", "-32768", "-32768"),
                    of("smallint unsigned", "65535", "65535"),
                    of("mediumint", "-8388608", "-8388608"),
                    of("mediumint unsigned", "16777215", "16777215"),
                    of("int", "-2147483648", "-2147483648"),
                    of("int unsigned", "4294967295", "4294967295"),
                    of("int(5) unsigned zerofill", "42", "42"),
                    of("bigint", "-9223372036854775808", "-9223372036854775808"),
                    of("bigint unsigned", "18446744073709551615", "18446744073709551615", "0", "0"),
                    of("decimal(5,2)", "-999.99", "-999.99", "0.1", "0.10", "0", "0.00"),
                    of("decimal(10,0)", "1234567890", "1234567890"),
                    of(
                            "decimal(65,30)",
                            "12345678901234567890123456789012345.000000000000000000000000000001",
                            "12345678901234567890123456789012345.000000000000000000000000000001"),
                    of("decimal(8,3) zerofill", "1.5", "1.500"),
                    of(
                            "double",
                            "0.1",
                            "0.1",
                            "1e15",
                            "1e15",
                            "1e14",
                            "100000000000000",
                            "-1.7976931348623157e308",
                            "-1.7976931348623157e308",
                            "2.2250738585072015e-99",
                            "2.2250738585072015e-99",
                            "1e-4",
                            "0.0001",
                            "1e-5",
                            "0.00001",
                            "1.5e-10",
                            "0.00000000015",
                            "1.25e-15",
                            "0.00000000000000125",
                            "1e-16",
                            "1e-16",
                            "0.000012345678901234568",
                            "0.000012345678901234568",
                            "-1.2345678901234567e-14",
                            "-0.000000000000012345678901234567",
                            "1.2345678901234567e-200",
                            "1.2345678901234567e-200",
                            "-2.2250738585072014e-308",
                            "-2.2250738585072014e-308",
                            "-5e-324",
                            "-5e-324",
                            "-0.000098765432109876",
                            "-0.000098765432109876",
                            "123456.789e3",
                            "123456789",
                            "1.2345678901234567e16",
                            "1.2345678901234568e16",
                            "0",
                            "0"),
                    of("double(10,3)", "1.2346", "1.2349999999999999"),
                    of(
                            "float",
                            "0.1",
                            "0.10000000149011612",
                            "16777217",
                            "16777216",
                            "3.4028234e38",
                            "3.4028234663852886e38",
                            "1e-38",
                            "9.999999350456404e-39"),
                    of("float(7,3)", "1234.567", "1234.5670166015625"),
                    of("bit(1)", "b'1'", "1", "b'0'", "0"),
                    of("bit(10)", "b'101'", "0000000101"),
                    of("bit(64)", "0xffffffffffffffff", "1".repeat(64)),
                    of("char(5)", "'ab'", "ab", "''", "", "'  x'", "  x", "'é😀'", "é😀"),
                    of(
                            "varchar(100)",
                            "''",
                            "",
                            "'trailing  '",
                            "trailing  ",
                            "'tab\\tnl\\nbs\\\\cr\\r'",
                            "tab\tnl\nbs\\cr\r",
                            "'\\\\N'",
                            "\\N",
                            "'\\'\"'",
                            "'\""),
                    of("varchar(20) character set latin1", "'ÿé'", "ÿé"),
                    of("varchar(20) character set utf16", "'😀'", "😀"),
                    of("text", "'a{b}c'", "a{b}c"),
                    of("longtext", "repeat('x', 100000)", "x".repeat(100_000)),
                    of("binary(4)", "0x00ff", "\\x00ff0000", "''", "\\x00000000"),
                    of("varbinary(10)", "0x005c0a", "\\x005c0a", "''", "\\x"),
                    of("blob", "0x80ff", "\\x80ff"),
                    of("date", "'1000-01-01'", "1000-01-01", "'9999-12-31'", "9999-12-31"),
                    of("datetime", "'2024-02-29 23:59:59'", "2024-02-29 23:59:59"),
                    of(
                            "datetime(6)",
                            "'2024-02-29 23:59:59.5'",
                            "2024-02-29 23:59:59.5",
                            "'1000-01-01 00:00:00.000001'",
                            "1000-01-01 00:00:00.000001",
                            "'9999-12-31 23:59:59.999999'",
                            "9999-12-31 23:59:59.999999",
                            "'2024-01-01 00:00:10'",
                            "2024-01-01 00:00:10"),
                    of(
                            "timestamp",
                            "'1970-01-01 00:00:01+00:00'",
                            "1970-01-01 00:00:01+00",
                            "'2038-01-19 03:14:07+00:00'",
                            "2038-01-19 03:14:07+00"),
                    of(
                            "timestamp(3)",
                            "'2024-10-27 01:30:00.120+00:00'",
                            "2024-10-27 01:30:00.12+00"),
                    of("time", "'00:00:00'", "00:00:00", "'23:59:59'", "23:59:59"),
                    of(
                            "time(6)",
                            "'-838:59:59'",
                            "-838:59:59",
                            "'838:59:59'",
                            "838:59:59",
                            "'-00:00:00.000001'",
                            "-00:00:00.000001",
                            "'24:00:00'",
                            "24:00:00",
                            "'100:00:00.5'",
                            "100:00:00.5"),
                    of("year", "0", "0", "1901", "1901", "2155", "2155"),
                    of("enum('a','b,c','it''s','d\\\\e','')", "'b,c'", "b,c", "'it\\'s'", "it's"),
                    of("enum('x','d\\\\e') character set latin1", "'d\\\\e'", "d\\e"),
                    of(
                            "set('a','b c','NULL','q\"x','d\\\\e','ü')",
                            "''",
                            "{}",
                            "'a,b c'",
                            "{a,\"b c\"}",
                            "'NULL,q\"x,d\\\\e,ü'",
                            "{\"NULL\",\"q\\\"x\",\"d\\\\e\",ü}"),
                    of(
                            "json",
                            "'{\"bb\": 1, \"a\": [1.0, true, null, \"x\\\\n\\\\\"\"]}'",
                            "{\"a\": [1.0, true, null, \"x\\n\\\"\"], \"bb\": 1}",
                            "'\"text\"'",
                            "\"text\"",
                            "'[]'",
                            "[]",
                            "'{\"é\": \"😀/\"}'",
                            "{\"é\": \"😀/\"}"),
                    of(
                            "point",
                            "ST_GeomFromText('POINT(1 2)', 0)",
                            "\\x000000000101000000000000000000f03f0000000000000040"),
                    of(
                            "point srid 4326",
                            "ST_GeomFromText('POINT(1 2)', 4326)",
                            "\\xe6100000010100000000000000000000400" + "00000000000f03f"));

    /** {@link #ALL} as MariaDB has them, and those of its own types. */
    public static List<MysqlTypeCase> ofMariadb() {
        List<MysqlTypeCase> cases = new ArrayList<>();
        for (MysqlTypeCase one : ALL) {
            boolean isMysqlsOwn = one.type().equals("json") || one.type().contains(" srid ");
            if (!isMysqlsOwn) {
                // Its literals have no time zone; the sessions' is UTC.
                List<String> values =
                        one.values().stream().map(value -> value.replace("+00:00", "")).toList();
                cases.add(new MysqlTypeCase(one.type(), values, one.texts()));
            }
        }
        cases.add(
                of(
                        "json",
                        "'{\"bb\":1,  \"a\": [1.0, 1e5, -0.0, true, null, \"x\\\\n\"], \"bb\":2}'",
                        "{\"bb\":1,  \"a\": [1.0, 1e5, -0.0, true, null, \"x\\n\"], \"bb\":2}",
                        "' [] '",
                        " [] ",
                        "'\"é😀/\\\\u00e9\"'",
                        "\"é😀/\\u00e9\""));
        cases.add(
                of(
                        "uuid",
                        "'00112233-4455-1677-8899-AABBCCDDEEFF'",
                        "00112233-4455-1677-8899-aabbccddeeff",
                        "'01890a5d-ac96-774b-bcce-b302099a8057'",
                        "01890a5d-ac96-774b-bcce-b302099a8057",
                        "'00000000-0000-0000-0000-000000000000'",
                        "00000000-0000-0000-0000-000000000000",
                        "'ffffffff-ffff-4fff-bfff-ffffffff0000'",
                        "ffffffff-ffff-4fff-bfff-ffffffff0000"));
        cases.add(
                of(
                        "geometry",
                        "ST_GeomFromText('POINT(1 2)', 4326)",
                        "\\xe61000000101000000000000000000f03f0000000000000040"));
        return cases;
    }

    /**
     * As {@link #ALL}, and values that both sides hold alike though their texts differ: of these
     * only the hashes are the same. Their texts here mean nothing.
     */
    public static List<MysqlTypeCase> forDigests() {
        List<MysqlTypeCase> cases = new ArrayList<>(ALL);
        cases.add(
                values(
                        "double",
                        "1e23",
                        "-0e0",
                        "2.2250738585072014e-308",
                        "-2.2250738585072014e-308",
                        "1.2345678901234567e-200",
                        "-9.8765432109876543e-150",
                        "5e-324",
                        "9007199254740993",
                        "1.7976931348623157e308"));
        cases.add(values("float", "-0e0", "1e23", "1.1754944e-38", "16777216"));
        cases.add(
                values(
                        "json",
                        "'1e23'",
                        "'-0.0'",
                        "'-0'",
                        "'[1e-7, 1.5e-10, -2.5e+30, 1.7976931348623157e308]'",
                        "'{\"1e5\": \"1e5, \\\\\\\\\", \"b\": 1e2}'",
                        "'{\"b\": [], \"aa\": {}, \"B\": 1.10, \"ä\": 1e0}'",
                        "'18446744073709551615'",
                        "'123456789012345678901234567890'",
                        "CAST(CAST('1.50' AS DECIMAL(5,2)) AS JSON)",
                        "JSON_ARRAY(CAST('2020-02-02 01:02:03' AS DATETIME), CAST('x' AS BINARY))",
                        "'\"\\\\u0001\\\\u001f\\\\b\\\\f\\\\t\\\\u007f\\\\/ \\\\ud83d\\\\ude00\"'",
                        "'null'"));
        cases.add(values("varchar(30)", "'a,b'", "'1:a'", "','", "' '", "'\\\\'", "'A'", "'ß'"));
        cases.add(values("char(3)", "'a  '", "' a'", "''"));
        cases.add(values("binary(16)", "UNHEX(REPEAT('00', 16))", "UNHEX(REPEAT('ff', 16))"));
        cases.add(values("enum('a','')", "'a'", "''"));
        cases.add(values("geometry", "ST_GeomFromText('LINESTRING(0 0, 1e-300 -0.0)', 0)"));
        return cases;
    }

    private static MysqlTypeCase values(String type, String... values) {
        return new MysqlTypeCase(type, List.of(values), List.of(values));
    }

    private static MysqlTypeCase of(String type, String... pairs) {
        return MysqlTypeCase.of(type, pairs);
    }
}
