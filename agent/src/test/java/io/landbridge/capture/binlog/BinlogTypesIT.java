package io.landbridge.capture.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every value comes out of the log in the text that MySQL's own expression for its form gives. */
class BinlogTypesIT {

    /** A column's definition, and literals that it takes. */
    private record Case(String type, List<String> literals) {
        Case(String type, String... literals) {
            this(type, List.of(literals));
        }
    }

    private static final List<Case> CASES =
            List.of(
                    new Case("tinyint", "-128", "127", "0"),
                    new Case("tinyint(1)", "0", "1"),
                    new Case("tinyint unsigned", "255"),
                    new Case("smallint", "-32768", "32767"),
                    new Case("smallint unsigned", "65535"),
                    new Case("mediumint", "-8388608", "8388607"),
                    new Case("mediumint unsigned", "16777215"),
                    new Case("int", "-2147483648", "2147483647"),
                    new Case("int unsigned", "4294967295"),
                    new Case("int(6) unsigned zerofill", "42"),
                    new Case("bigint", "-9223372036854775808", "9223372036854775807"),
                    new Case("bigint unsigned", "18446744073709551615", "0"),
                    new Case("decimal(5,2)", "1.5", "-999.99", "0", "-0.01", "0.1"),
                    new Case("decimal(10,0)", "-1234567890", "7"),
                    new Case(
                            "decimal(65,30)",
                            "12345678901234567890123456789012345.123456789012345678901234567890",
                            "-0.000000000000000000000000000001"),
                    new Case("decimal(3,3)", "0.999", "-0.5"),
                    new Case("float", "0.1", "16777216", "3.402823e38", "-1.17549e-38", "1e15"),
                    new Case("float(7,3)", "1234.567", "0.0005"),
                    new Case(
                            "double",
                            "0.1",
                            "1e15",
                            "1e14",
                            "123456789012345678",
                            "1.7976931348623157e308",
                            "2.2250738585072014e-308",
                            "5e-324",
                            "0.00001",
                            "1.5e-17",
                            "2e23",
                            "1.2345678901234567e-200",
                            "-1.2345678901234567e-14",
                            "-9.8765432109876543e-150",
                            "9007199254740993",
                            "-0e0"),
                    new Case("double(10,2)", "12345.678"),
                    new Case("bit(1)", "b'1'", "b'0'"),
                    new Case("bit(9)", "b'100000001'"),
                    new Case("bit(64)", "18446744073709551615"),
                    new Case("year", "0", "1901", "2155"),
                    new Case(
                            "date", "'2024-02-29'", "'0000-00-00'", "'9999-12-31'", "'2024-00-00'"),
                    new Case(
                            "datetime",
                            "'2024-02-29 23:59:59'",
                            "'0000-00-00 00:00:00'",
                            "'1000-01-01 00:00:00'"),
                    new Case("datetime(1)", "'2024-02-29 23:59:59.9'", "'2024-01-01 00:00:00'"),
                    new Case("datetime(3)", "'2024-02-29 23:59:59.120'"),
                    new Case("datetime(6)", "'2024-02-29 23:59:59.000001'", "'0001-01-01 0:0:0.5'"),
                    new Case(
                            "timestamp null",
                            "'1970-01-01 00:00:01'",
                            "'2038-01-19 03:14:07'",
                            "'0000-00-00 00:00:00'"),
                    new Case("timestamp(6) null", "'2024-10-27 01:30:00.123456'"),
                    new Case("time", "'838:59:59'", "'-838:59:59'", "'00:00:00'", "'-00:00:01'"),
                    new Case("time(1)", "'-00:00:00.5'", "'12:00:00.0'"),
                    new Case("time(3)", "'-01:02:03.004'", "'100:00:00.120'"),
                    new Case("time(6)", "'-838:59:58.999999'", "'00:00:00.000001'"),
                    new Case("char(5)", "'ab   '", "''", "'äöü'"),
                    new Case("varchar(300)", "'trailing  '", "'🦫 emoji'", "REPEAT('ü', 300)"),
                    new Case("varchar(20) charset latin1", "'€ äß'", "x'818d8f909d'"),
                    new Case("varchar(20) charset ascii", "'plain'"),
                    new Case("varchar(20) charset cp1251", "'Привет'"),
                    new Case("varchar(20) charset utf16", "'ü🦫'"),
                    new Case("varchar(20) charset ucs2", "'ü'"),
                    new Case("varchar(20) charset gbk", "'中文'"),
                    new Case("varchar(20) charset sjis", "'日本'"),
                    new Case("tinytext", "'t\\\\\\n\\t'"),
                    new Case("text", "'quote'' and \"'", "REPEAT('x', 60000)"),
                    new Case("mediumtext", "REPEAT('y', 70000)"),
                    new Case("longtext charset latin1", "'ö'"),
                    new Case("binary(4)", "x'00000000'", "x'ff'", "x'01000200'"),
                    new Case("varbinary(20)", "x'00'", "''", "x'0a5c00'"),
                    new Case("tinyblob", "x'00ff'"),
                    new Case("blob", "REPEAT(x'00', 300)"),
                    new Case("longblob", "REPEAT(x'fe', 70000)"),
                    new Case("enum('a','b,c','it''s','')", "'a'", "'b,c'", "'it''s'", "''", "0"),
                    new Case("set('a','b c','d\"e','null')", "''", "'a,b c'", "'d\"e,null'"),
                    new Case("json", "'null'", "'{}'", "'[]'", "'{\"b\": 1, \"aa\": [1.0, 2e20]}'"),
                    new Case(
                            "json",
                            "'[0.1, -0.0, 1e-7, 123456789012345678901234567890, true, false]'",
                            "'\"text \\\\\" \\\\\\\\ \\\\u0001 \\\\n ü🦫\"'",
                            "JSON_OBJECT('d', CAST('2024-02-29' AS DATE),"
                                    + " 't', CAST('-01:02:03.5' AS TIME(6)),"
                                    + " 'dt', CAST('2024-02-29 1:2:3' AS DATETIME),"
                                    + " 'n', CAST(1.50 AS DECIMAL(5,2)), 'x', x'00ff')",
                            "JSON_ARRAY(18446744073709551615, -9223372036854775808, 32767, -32768,"
                                    + " 65535, 4294967295, -2147483648)",
                            "CONCAT('[\"', REPEAT('z', 70000), '\", 1]')"),
                    new Case(
                            "json",
                            "'[1.2345678901234567e-200, -0.000012345678901234567, 1.5e15]'"),
                    new Case("geometry", "ST_GeomFromText('POINT(1 2)', 4326)"),
                    new Case("point", "POINT(1, 2)"));

    private static final List<Case> CASES_OF_MARIADB =
            List.of(
                    new Case("json", "'{\"b\": 1,  \"aa\":[1.0, 2e20]}'", "' [] '"),
                    new Case("json", "CONCAT('[\"', REPEAT('z', 70000), '\", 1]')"),
                    new Case(
                            "uuid",
                            "'00112233-4455-1677-8899-AABBCCDDEEFF'",
                            "'01890a5d-ac96-774b-bcce-b302099a8057'",
                            "'00000000-0000-0000-0000-000000000000'",
                            "'ffffffff-ffff-4fff-bfff-ffffffff0000'"));

    @Test
    void valuesAreWhatMysqlSaysTheyAre() {
        compare(Servers.mysql().freshDatabase(), CASES);
    }

    @Test
    void valuesAreWhatMariadbSaysTheyAre() {
        List<Case> cases = new ArrayList<>(CASES);
        cases.removeIf(one -> one.type().equals("json"));
        cases.addAll(CASES_OF_MARIADB);
        compare(Servers.mariadb().freshDatabase(), cases);
    }

    private static void compare(MysqlTestDatabase database, List<Case> cases) {
        List<String> ddl = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            ddl.add("CREATE TABLE t" + i + " (id int PRIMARY KEY, v " + cases.get(i).type() + ")");
            List<String> literals = cases.get(i).literals();
            rows.add("INSERT INTO t" + i + " VALUES (-1, NULL)");
            for (int j = 0; j < literals.size(); j++) {
                rows.add("INSERT INTO t" + i + " VALUES (" + j + ", " + literals.get(j) + ")");
            }
        }
        rows.add(0, "SET NAMES utf8mb4");
        rows.add(0, "SET sql_mode = ''");
        try (BinlogFixture fixture = new BinlogFixture(database, ddl.toArray(String[]::new))) {
            fixture.start();
            database.execute(rows.toArray(String[]::new));
            fixture.drain();
            Map<String, String> logged = new TreeMap<>();
            for (Change change : fixture.buffer.changes()) {
                assertThat(change.operation()).isEqualTo(Operation.INSERT);
                RowImage row = change.after();
                logged.put(change.table().name() + " " + row.text(0), shown(row.text(1)));
            }
            Map<String, String> wanted = new TreeMap<>();
            for (MappedTable table : fixture.tables) {
                String query =
                        "SELECT id, %s FROM %s t"
                                .formatted(
                                        table.column("v").sourceSql("t"), table.sourceId().name());
                fixture.source.with(
                        "asking for canonical texts",
                        connection -> {
                            try (var statement = connection.createStatement();
                                    var row = statement.executeQuery(query)) {
                                while (row.next()) {
                                    wanted.put(
                                            table.sourceId().name() + " " + row.getString(1),
                                            shown(row.getString(2)));
                                }
                            }
                            return null;
                        });
            }
            assertThat(wanted).hasSizeGreaterThan(180);
            assertThat(logged).isEqualTo(wanted);
        }
    }

    private static String shown(String text) {
        return text == null || text.length() < 200
                ? text
                : text.length() + " characters, " + text.hashCode();
    }
}
