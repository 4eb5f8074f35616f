package io.landbridge.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.MappingConfig;
import io.landbridge.testkit.MysqlTypeCase;
import io.landbridge.testkit.MysqlTypeCases;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * Every hard value of every type of MySQL goes to PostgreSQL, is written there, and comes back as
 * the bytes it was; what MySQL can't hold stops its table, and says why.
 */
class MysqlWayBackTypesIT {

    /** A column's definition, and literals that it takes. */
    private record Case(String type, List<String> literals) {
        Case(String type, String... literals) {
            this(type, List.of(literals));
        }
    }

    /**
     * Beside {@link MysqlTypeCases#ALL}: what only MySQL rounds, folds or spells in its own way.
     */
    private static final List<Case> CASES =
            List.of(
                    new Case("varchar(20) charset latin1", "'€ äß'", "x'818d8f909d'", "'a '"),
                    new Case("varchar(20) charset ascii", "'plain'"),
                    new Case("varchar(20) charset cp1251", "'Привет'"),
                    new Case("varchar(20) charset ucs2", "'ü '"),
                    new Case("varchar(20) charset utf32", "'🦫'"),
                    new Case("varchar(20) charset utf8mb3", "'日本'"),
                    new Case("varchar(20) charset gbk", "'中文'"),
                    new Case("varchar(20) charset sjis", "'日本'"),
                    new Case("char(5) charset latin1", "'ab'", "''", "'é'"),
                    new Case("tinytext charset latin1", "REPEAT('é', 255)"),
                    new Case("tinytext", "CONCAT(REPEAT('x', 254), ' ')"),
                    new Case("mediumtext", "CONCAT(REPEAT('ü', 70000), '\\'\\\\')"),
                    new Case("varbinary(300)", "x'00'", "''", "REPEAT(x'27', 300)"),
                    new Case("longblob", "REPEAT(x'5c', 70000)"),
                    new Case("enum('a','A','ä','a b','') collate utf8mb4_bin", "'A'", "'ä'", "''"),
                    new Case("set('a','A','b') collate utf8mb4_bin", "'A'", "'a,A,b'"),
                    new Case(
                            "double",
                            "-0e0",
                            "1e23",
                            "5e-324",
                            "2.2250738585072014e-308",
                            "1.7976931348623157e308",
                            "1.2345678901234567e-200",
                            "9007199254740993",
                            "0.1",
                            "123456789012345680"),
                    new Case("double(10,3)", "0.0005", "-1.2346", "123456.7894", "-0.001", "0"),
                    new Case(
                            "float",
                            "-0e0",
                            "1e23",
                            "1.1754944e-38",
                            "1e-45",
                            "16777217",
                            "0.3",
                            "8.5e9"),
                    new Case("float(7,3)", "0.0005", "1234.5678", "-1.0009", "7"),
                    new Case("decimal(3,3)", "0.999", "-0.5", "0"),
                    new Case("decimal(65,0)", "REPEAT('9', 65)"),
                    new Case("bit(9)", "b'100000001'"),
                    new Case("date", "'0001-01-01'"),
                    new Case("datetime(6)", "'0001-01-01 00:00:00.5'"),
                    new Case("timestamp(6)", "'2024-10-27 01:30:00.123456'"),
                    new Case("time(3)", "'-00:00:00.001'", "'-838:59:59.000'"),
                    new Case(
                            "json",
                            "'[1e-7, 1.5e-10, 1e23, 18446744073709551615, -9223372036854775808]'",
                            "'{\"b\": [], \"aa\": {}, \"B\": 1.10, \"ä\": 0.30000000000000004}'",
                            "'\"\\\\u0001\\\\u001f\\\\b\\\\f\\\\t\\\\u007f\\\\/ \\\\ud83d\\\\ude00\"'",
                            "'null'",
                            "'\"12345678901234567890.5\"'"),
                    new Case("geometry", "ST_GeomFromText('LINESTRING(0 0, 1e-300 -0.0)', 0)"),
                    new Case("polygon", "ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))', 3857)"));

    private static List<Case> all() {
        List<Case> all = new ArrayList<>();
        for (MysqlTypeCase one : MysqlTypeCases.ALL) {
            all.add(new Case(one.type(), one.values()));
        }
        all.addAll(CASES);
        return all;
    }

    @Test
    void everyValueComesBackAsItWas() {
        List<Case> cases = all();
        List<String> tables = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            tables.add(
                    "CREATE TABLE t" + i + " (id int PRIMARY KEY, v " + cases.get(i).type() + ")");
            rows.add("INSERT INTO t" + i + " VALUES (-1, NULL)");
            for (int n = 0; n < cases.get(i).literals().size(); n++) {
                rows.add(
                        "INSERT INTO t%d VALUES (%d, %s)"
                                .formatted(i, n, cases.get(i).literals().get(n)));
            }
        }
        try (WayBackBed bed = new WayBackBed(tables, rows)) {
            bed.startBack();
            for (int i = 0; i < cases.size(); i++) {
                bed.touch("t" + i);
            }
            ApplierStatus status = bed.drain();
            assertThat(status.stopped()).isEmpty();
            assertThat(status.changes()).isGreaterThan(3L * rows.size() - 1);
            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < cases.size(); i++) {
                softly.assertThat(bed.differences("t" + i, cases.get(i).type()))
                        .as(cases.get(i).type())
                        .isEmpty();
            }
            softly.assertAll();
        }
    }

    /** What the configuration maps in its own way comes back from there; zero dates do, too. */
    @Test
    void valuesComeBackFromTypesOfTheConfigurationsChoice() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("*.t0.U", "uuid");
        types.put("*.t0.C", "uuid");
        types.put("*.t0.J", "json");
        types.put("*.t0.S", "text");
        types.put("*.t0.B", "boolean");
        types.put("*.t0.T", "interval");
        types.put("*.t0.Dt", "timestamp with time zone");
        types.put("*.t0.Y", "text");
        types.put("*.t0.F", "double precision");
        MappingConfig mapping =
                new MappingConfig(
                        Map.of(),
                        types,
                        Map.of(),
                        Map.of(),
                        true,
                        MappingConfig.Enums.TEXT,
                        MappingConfig.CaseInsensitive.PLAIN,
                        MappingConfig.ZeroDates.AS_NULL);
        List<String> tables =
                List.of(
                        "CREATE TABLE t0 (Id int PRIMARY KEY, U binary(16), C char(36), J json,"
                                + " E enum('a','b,c','A') collate utf8mb4_bin, S set('a','b'),"
                                + " B bit(1), T time(3), Dt datetime(6), Y tinyint, F float)",
                        "CREATE TABLE t1 (Id int PRIMARY KEY, D date NOT NULL,"
                                + " At datetime(3) NOT NULL, Ts timestamp NOT NULL, N date)");
        List<String> rows =
                List.of(
                        "INSERT INTO t0 VALUES (1, UNHEX('00112233445566778899aabbccddeeff'),"
                                + " '00112233-4455-6677-8899-aabbccddeeff', '{\"a\": [1e17, -0.0]}',"
                                + " 'b,c', 'a,b', b'1', '-12:00:00.5', '2024-02-29 00:00:00.25',"
                                + " -7, 0.1)",
                        "INSERT INTO t0 (Id, E, S) VALUES (2, 'A', '')",
                        "INSERT INTO t1 VALUES (1, '0000-00-00', '0000-00-00 00:00:00',"
                                + " '0000-00-00 00:00:00', '2024-02-29')",
                        "INSERT INTO t1 VALUES (2, '2024-02-29', '2024-02-29 01:02:03.004',"
                                + " '2024-02-29 01:02:03', NULL)");
        try (WayBackBed bed = new WayBackBed(tables, rows, mapping)) {
            bed.startBack();
            bed.touch("t0");
            bed.touch("t1");
            assertThat(bed.drain().stopped()).isEmpty();
            String mixed =
                    "SELECT Id, HEX(U), C, CAST(J AS CHAR), E + 0, S + 0, B + 0, CAST(T AS CHAR),"
                            + " CAST(Dt AS CHAR), Y, HEX(SUBSTR(POINT(F * 1e0, 0), 10, 8)) FROM ";
            String dates =
                    "SELECT Id, CAST(D AS CHAR), CAST(At AS CHAR), CAST(Ts AS CHAR),"
                            + " CAST(N AS CHAR) FROM ";
            assertThat(bed.source.rows(mixed + "t0 ORDER BY 1"))
                    .isEqualTo(bed.source.rows(mixed + bed.was() + ".t0 ORDER BY 1"))
                    .hasSize(2);
            assertThat(bed.source.rows(dates + "t1 ORDER BY 1"))
                    .isEqualTo(bed.source.rows(dates + bed.was() + ".t1 ORDER BY 1"))
                    .hasSize(2);
        }
    }

    /** Rows are found by keys of every type that can be one. */
    @Test
    void rowsAreFoundByKeysOfEveryType() {
        List<Case> cases =
                all().stream()
                        .filter(one -> !one.type().matches(".*(text|blob|json|geom|point|poly).*"))
                        .toList();
        List<String> tables = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            tables.add(
                    "CREATE TABLE t%d (v %s NOT NULL PRIMARY KEY, n int)"
                            .formatted(i, cases.get(i).type()));
            for (String literal : cases.get(i).literals()) {
                rows.add("INSERT IGNORE INTO t%d VALUES (%s, 1)".formatted(i, literal));
            }
        }
        try (WayBackBed bed = new WayBackBed(tables, rows)) {
            bed.startBack();
            for (int i = 0; i < cases.size(); i++) {
                String table = bed.there("t" + i);
                bed.target.execute(
                        "UPDATE " + table + " SET n = 2",
                        "CREATE TABLE kept AS SELECT * FROM " + table,
                        "DELETE FROM " + table,
                        "INSERT INTO " + table + " SELECT * FROM kept",
                        "UPDATE " + table + " SET n = 3",
                        "DROP TABLE kept");
            }
            ApplierStatus status = bed.drain();
            assertThat(status.stopped()).isEmpty();
            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < cases.size(); i++) {
                softly.assertThat(
                                bed.source.rows(
                                        "SELECT (SELECT COUNT(*) FROM t%1$d WHERE n = 3) ="
                                                        .formatted(i)
                                                + " (SELECT COUNT(*) FROM %s.t%d)"
                                                        .formatted(bed.was(), i)))
                        .as(cases.get(i).type())
                        .containsExactly("1");
            }
            softly.assertAll();
        }
    }

    /**
     * @param type of MySQL
     * @param value as PostgreSQL takes it
     * @param why what the stop must say
     */
    private record Refused(String type, String value, String why) {}

    private static final List<Refused> REFUSED =
            List.of(
                    new Refused("tinyint", "300", "1264"),
                    new Refused("tinyint unsigned", "-1", "1264"),
                    new Refused("smallint unsigned", "70000", "1264"),
                    new Refused("bigint unsigned", "18446744073709551616", "1264"),
                    new Refused("bigint unsigned", "'NaN'", "not a whole number"),
                    new Refused("decimal(5,2)", "'NaN'", "no number"),
                    new Refused("double", "'NaN'", "no NaN"),
                    new Refused("double", "'-Infinity'", "no NaN"),
                    new Refused("float", "'Infinity'", "no NaN"),
                    new Refused("double(10,3)", "1.23456", "would round it"),
                    new Refused("float(7,3)", "1.0005", "would round it"),
                    new Refused("year", "5", "no YEAR"),
                    new Refused("year", "3000", "1264"),
                    new Refused("date", "'infinity'", "no DATE"),
                    new Refused("date", "'0044-03-15 BC'", "no DATE"),
                    new Refused("date", "'12024-01-01'", "no DATE"),
                    new Refused("datetime", "'-infinity'", "no date and time"),
                    new Refused("datetime", "'10000-01-01'", "no date and time"),
                    new Refused("timestamp", "'1969-12-31 23:59:59+00'", "1292"),
                    new Refused("timestamp", "'2100-01-01 00:00:00+00'", "1292"),
                    new Refused("timestamp", "'infinity'", "no date and time"),
                    new Refused("varchar(20) charset latin1", "'中'", "1366"),
                    new Refused("varchar(20) charset utf8mb3", "'🦫'", "1366"),
                    new Refused("tinytext", "repeat('x', 256)", "1406"),
                    new Refused("tinytext", "repeat('x', 250) || repeat(' ', 10)", "longer than"),
                    new Refused("binary(4)", "'\\x00ff'", "not as long"),
                    new Refused("varbinary(2)", "'\\x00ffff'", "1406"),
                    new Refused("point", "'\\x0000'", "1416"),
                    new Refused("json", "'123456789012345678901234567890'", "no double"),
                    new Refused("json", "'[0.1234567890123456789]'", "no double"),
                    new Refused("json", "'1e400'", "no double"));

    @Test
    void whatMysqlCantHoldStopsItsTable() {
        List<String> tables = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < REFUSED.size(); i++) {
            tables.add(
                    "CREATE TABLE t%d (id int PRIMARY KEY, v %s)"
                            .formatted(i, REFUSED.get(i).type()));
            rows.add("INSERT INTO t" + i + " VALUES (1, NULL)");
        }
        try (WayBackBed bed = new WayBackBed(tables, rows)) {
            bed.startBack();
            for (int i = 0; i < REFUSED.size(); i++) {
                bed.target.execute(
                        "INSERT INTO %s VALUES (77, %s)"
                                .formatted(bed.there("t" + i), REFUSED.get(i).value()));
            }
            ApplierStatus status = bed.drain();
            Map<String, String> reasons = bed.reasons(status);
            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < REFUSED.size(); i++) {
                Refused one = REFUSED.get(i);
                softly.assertThat(reasons.get("t" + i))
                        .as(one.toString())
                        .startsWith("VALUE_UNSUPPORTED: INSERT of key [id] = [77] was refused: ")
                        .contains(one.why());
                // Of a shape alone MySQL does not say which column it was for.
                softly.assertThat(reasons.get("t" + i).contains("column v"))
                        .as(one.toString())
                        .isNotEqualTo(one.type().equals("point"));
                softly.assertThat(bed.source.number("SELECT COUNT(*) FROM t" + i))
                        .as(one.toString())
                        .isEqualTo(1);
            }
            softly.assertAll();
        }
    }

    /** Times and sets are checked where PostgreSQL's type is wider. */
    @Test
    void widerTypesOfPostgresqlAreHeldToMysqls() {
        List<String> tables =
                List.of(
                        "CREATE TABLE t0 (id int PRIMARY KEY, v time)",
                        "CREATE TABLE t1 (id int PRIMARY KEY, v set('a','b'))",
                        "CREATE TABLE t2 (id int PRIMARY KEY, v time(2))");
        List<String> rows =
                List.of(
                        "INSERT INTO t0 VALUES (1, '30:00:00')",
                        "INSERT INTO t1 VALUES (1, 'a')",
                        "INSERT INTO t2 VALUES (1, '-00:00:01')");
        try (WayBackBed bed = new WayBackBed(tables, rows)) {
            bed.startBack();
            bed.target.execute(
                    "UPDATE " + bed.there("t0") + " SET v = '1 day 02:00:00'",
                    "UPDATE " + bed.there("t1") + " SET v = '{b,a}'",
                    "UPDATE " + bed.there("t2") + " SET v = '839:00:00'");
            Map<String, String> reasons = bed.reasons(bed.drain());
            assertThat(reasons.get("t0")).contains("not hours, minutes and seconds alone");
            assertThat(reasons.get("t1")).contains("not in the SET's order");
            assertThat(reasons.get("t2")).contains("no TIME from -838:59:59");
        }
    }
}
