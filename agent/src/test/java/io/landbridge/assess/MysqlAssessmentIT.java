package io.landbridge.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.Configuration;
import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Overrides;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class MysqlAssessmentIT {

    private final MysqlTestDatabase from = Servers.mysql().freshDatabase();
    private final TestDatabase to = Servers.target().freshDatabase();

    @Test
    void letsAPlainDatabasePass() {
        from.execute(
                "CREATE TABLE orders (id bigint AUTO_INCREMENT PRIMARY KEY, total decimal(10,2))",
                "INSERT INTO orders (total) VALUES (1)");
        AssessmentReport report = assess("");
        assertThat(report.findings()).isEmpty();
        assertThat(report.tables()).isEqualTo(1);
    }

    @Test
    void countsValuesThatTheTargetCannotHoldAndNamesARow() {
        from.execute(
                "SET sql_mode = ''; CREATE TABLE hard (id int PRIMARY KEY, d date, ts timestamp"
                        + " NULL, e enum('a'), t text, j json, u bigint unsigned, l varchar(9)"
                        + " CHARACTER SET utf16); INSERT INTO hard VALUES (1, '2024-01-01', NULL, 'a',"
                        + " 'x', '{}', 1, 'y'), (2, '0000-00-00', '0000-00-00', 'nope', CONCAT('a',"
                        + " CHAR(0)), '{\"a\": \"\\\\u0000\"}', 18446744073709551615, 'z'), (3,"
                        + " '2024-00-10', NULL, NULL, NULL, NULL, NULL, NULL)");
        AssessmentReport report =
                assess(
                        "schema: {mapping: {columns: ['%s.hard.u = bigint']}}"
                                .formatted(from.name()));
        assertThat(report.blockers())
                .allMatch(finding -> finding.code() == FindingCode.MYSQL_VALUE)
                .extracting(finding -> finding.object().substring(from.name().length()))
                .containsExactlyInAnyOrder(
                        ".hard.d", ".hard.ts", ".hard.e", ".hard.t", ".hard.j", ".hard.u");
        assertThat(report.blockers().get(0).why())
                .isEqualTo(
                        "2 values are no dates: they lack a year, a month or a day, one of them in"
                                + " row [2]");
    }

    @Test
    void findsValuesOfTinyintTimeAndTextThatNeedAnotherType() {
        from.execute(
                "CREATE TABLE odd (id int PRIMARY KEY, flag tinyint(1), lax tinyint(1), t time, late"
                        + " time, c varchar(9) CHARACTER SET cp1251, u varchar(9)); INSERT INTO odd"
                        + " VALUES (1, 1, 0, '23:59:59', '00:00:00', _cp1251 0xcfF0, 'x'), (2, 7, 3,"
                        + " '24:00:00', '-00:00:01', _cp1251 0x9841, 'y')");
        AssessmentReport report =
                assess(
                        "schema: {mapping: {columns: ['%1$s.odd.flag = boolean', '%1$s.odd.late = time']}}"
                                .formatted(from.name()));
        assertThat(report.blockers())
                .extracting(
                        finding ->
                                finding.object().substring(from.name().length())
                                        + ": "
                                        + finding.why())
                .containsExactlyInAnyOrder(
                        ".odd.flag: 1 values are neither 0 nor 1, and the target's column is boolean,"
                                + " one of them in row [2]",
                        ".odd.late: 1 values are no time of day, one of them in row [2]",
                        ".odd.c: 1 values hold bytes that are no characters of cp1251, which MySQL"
                                + " itself gives as question marks, one of them in row [2]");
        assertThat(report.of(Severity.NOTE))
                .filteredOn(finding -> finding.code() == FindingCode.MYSQL_VALUE)
                .extracting(Finding::why)
                .containsExactlyInAnyOrder(
                        "1 values are neither 0 nor 1, so that it becomes smallint and not boolean,"
                                + " one of them in row [2]",
                        "1 values are no time of day; it becomes interval(0), one of them in row"
                                + " [2]");
    }

    @Test
    void findsKeysThatTheTargetTakesForTheSame() {
        from.execute(
                "CREATE TABLE t (id int PRIMARY KEY, code varchar(9) COLLATE utf8mb4_bin, kind int,"
                        + " guid char(36) COLLATE utf8mb4_0900_as_cs, UNIQUE KEY by_code (code, kind),"
                        + " UNIQUE KEY by_guid (guid))",
                "INSERT INTO t VALUES (1, 'ab', 1, '6CCD780C-BABA-1026-9564-5B8C656024DB'), (2, 'Ab',"
                        + " 1, '6ccd780c-baba-1026-9564-5b8c656024db'), (3, 'AB', 2, NULL), (4,"
                        + " NULL, 1, NULL), (5, NULL, 1, NULL)");
        assertThat(codes(assess(""), Severity.BLOCKER)).isEmpty();
        AssessmentReport report =
                assess(
                        "schema: {mapping: {columns: ['%1$s.t.code = public.citext', '%1$s.t.guid = uuid']}}"
                                .formatted(from.name()));
        assertThat(report.blockers())
                .extracting(Finding::object)
                .containsExactly(from.name() + ".t.by_code", from.name() + ".t.by_guid");
        assertThat(report.blockers().get(0).why()).startsWith("1 keys are there more than once");
    }

    @Test
    void namesThatAreCutOrMeetAreTold() {
        String kanji = "顧客の注文番号と明細行番号の記録表";
        from.execute(
                "CREATE TABLE `%s_1` (id int PRIMARY KEY)".formatted(kanji.repeat(2)),
                "CREATE TABLE `%s_2` (id int PRIMARY KEY)".formatted(kanji.repeat(2)),
                "CREATE TABLE t (id int PRIMARY KEY, `%s` int)".formatted(kanji.repeat(3)));
        assertThat(assess("").of(Severity.NOTE))
                .filteredOn(finding -> finding.code() == FindingCode.MYSQL_NAME)
                .hasSize(3)
                .allSatisfy(
                        finding ->
                                assertThat(finding.why())
                                        .startsWith("it becomes 顧客")
                                        .satisfies(
                                                why ->
                                                        assertThat(
                                                                        why.substring(11)
                                                                                .getBytes(
                                                                                        StandardCharsets
                                                                                                .UTF_8)
                                                                                .length)
                                                                .isLessThan(64)));
        from.execute(
                "CREATE TABLE Customers (id int PRIMARY KEY)",
                "CREATE TABLE customers (id int PRIMARY KEY)");
        AssessmentReport report = assess("schema: {mapping: {lower-case: true}}");
        assertThat(report.blockers())
                .extracting(Finding::why)
                .singleElement(InstanceOfAssertFactories.STRING)
                .containsIgnoringCase("customers");
    }

    @Test
    void saysWhatAServersLogMustBeSetTo() {
        Map<String, String> settings = new HashMap<>();
        settings.put("binlog-format", "MIXED");
        settings.put("binlog-row-image", "MINIMAL");
        settings.put("gtid-mode", "OFF");
        settings.put("enforce-gtid-consistency", "OFF");
        settings.put("binlog-expire-logs-seconds", "7200");
        settings.put("log-replica-updates", "OFF");
        try (MysqlServer server = MysqlServer.start(settings)) {
            MysqlTestDatabase database = server.createDatabase("shop");
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY)",
                    "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
                    "CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1",
                    "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 1,"
                            + " SOURCE_USER = 'nobody'",
                    "SET GLOBAL server_id = 0");
            AssessmentReport report = assess(database.config(), "");
            assertThat(report.blockers())
                    .extracting(Finding::object)
                    .containsExactlyInAnyOrder(
                            "binlog_format",
                            "binlog_row_image",
                            "server_id",
                            "log_replica_updates");
            assertThat(report.of(Severity.WARNING))
                    .filteredOn(finding -> finding.code() == FindingCode.MYSQL_BINLOG_RETENTION)
                    .singleElement()
                    .extracting(Finding::why, InstanceOfAssertFactories.STRING)
                    .contains("kept for 2 hours only", " a day; the load of ");
            assertThat(report.of(Severity.NOTE))
                    .extracting(Finding::why)
                    .contains(
                            "these do not move: nightly (ENABLED)",
                            "these do not move: function one")
                    .anyMatch(why -> why.contains("positions are those of this server's files"));
            database.execute("SET GLOBAL binlog_expire_logs_seconds = 0");
            assertThat(assess(database.config(), "").of(Severity.WARNING))
                    .as("a log that is kept for ever")
                    .extracting(Finding::code)
                    .doesNotContain(FindingCode.MYSQL_BINLOG_RETENTION);
        }
    }

    @Test
    void notesWhatLooksOtherwiseThere() {
        from.execute(
                "CREATE TABLE t (id int PRIMARY KEY, y year, f float(7,3), d double(9,2), `user` int,"
                        + " `end` int)",
                "INSERT INTO t VALUES (1, 0, 1.1, 0.5, 1, 1), (2, 2020, 0.5, 0.25, 1, 1)");
        AssessmentReport report = assess("");
        assertThat(report.blockers()).isEmpty();
        assertThat(report.of(Severity.NOTE))
                .filteredOn(finding -> finding.code() == FindingCode.MYSQL_VALUE)
                .extracting(finding -> finding.object().substring(from.name().length()))
                .containsExactly(".t.y", ".t.f");
        assertThat(report.of(Severity.NOTE))
                .filteredOn(finding -> finding.code() == FindingCode.MYSQL_NAME)
                .extracting(Finding::object)
                .containsExactly("%1$s.t.user, %1$s.t.end".formatted(from.name()));
    }

    @Test
    void zeroDatesMayBecomeNull() {
        from.execute(
                "SET sql_mode = ''; CREATE TABLE t (id int PRIMARY KEY, d date NOT NULL);"
                        + " INSERT INTO t VALUES (1, '0000-00-00')");
        AssessmentReport report = assess("schema: {mapping: {zero-dates: as-null}}");
        assertThat(report.blockers()).isEmpty();
        assertThat(codes(report, Severity.WARNING)).containsExactly(FindingCode.MYSQL_VALUE);
    }

    @Test
    void namesWhatCannotBeFollowedOrMoves() {
        from.execute(
                "CREATE TABLE Parent (id int PRIMARY KEY, name varchar(20) UNIQUE)",
                "CREATE TABLE child (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES Parent"
                        + " (id) ON DELETE CASCADE)",
                "CREATE TABLE keyless (a int)",
                "CREATE TABLE old (id int PRIMARY KEY) ENGINE = MyISAM",
                "CREATE VIEW v AS SELECT 1",
                "CREATE TRIGGER tr BEFORE INSERT ON keyless FOR EACH ROW SET NEW.a = 1",
                "CREATE PROCEDURE p() SELECT 1",
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM keyless");
        AssessmentReport report = assess("");
        assertThat(codes(report, Severity.BLOCKER)).containsExactly(FindingCode.MYSQL_ENGINE);
        assertThat(codes(report, Severity.WARNING))
                .containsExactlyInAnyOrder(
                        FindingCode.MYSQL_COLLATION,
                        FindingCode.MYSQL_BINLOG,
                        FindingCode.NO_KEY,
                        FindingCode.MYSQL_NAME);
        assertThat(report.of(Severity.NOTE))
                .filteredOn(finding -> finding.code() == FindingCode.MYSQL_OBJECT)
                .extracting(Finding::why)
                .containsExactly(
                        "these do not move: v",
                        "these do not move: tr (before insert on keyless)",
                        "these do not move: procedure p",
                        "these do not move: e (ENABLED)");
    }

    @Test
    void refusesATypeThatCannotHoldTheValues() {
        from.execute("CREATE TABLE t (id int PRIMARY KEY, price decimal(10,2))");
        AssessmentReport report = assess("schema: {mapping: {types: ['decimal = real']}}");
        assertThat(codes(report, Severity.BLOCKER)).containsExactly(FindingCode.TYPE_UNSUPPORTED);
    }

    @Test
    void givesTheGrantsThatAreMissing() {
        String user = "poor_" + from.name();
        from.execute(
                "CREATE TABLE t (a int)",
                "CREATE USER " + user + " IDENTIFIED BY 'x'",
                "GRANT SELECT ON " + from.name() + ".* TO " + user);
        AssessmentReport report = assess(as(user), "");
        assertThat(report.blockers())
                .extracting(Finding::whatToDo)
                .contains(
                        "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO '%s'@'%%'"
                                .formatted(user),
                        "GRANT LOCK TABLES ON *.* TO '%s'@'%%'".formatted(user));
    }

    @Test
    void grantsThatArePrintedAreEnough() {
        String user = "reader_" + from.name();
        from.execute("CREATE TABLE t (a int)", "CREATE USER " + user + " IDENTIFIED BY 'x'");
        GrantScript script;
        try (MysqlDatabase source = new MysqlDatabase(from.config(), Side.SOURCE);
                Database target = to.open(Side.TARGET)) {
            script =
                    new MysqlGrants(source, target, configuration(from.config(), ""))
                            .forRoles(user, "writer");
        }
        script.source().stream()
                .filter(line -> !line.startsWith("--"))
                .forEach(line -> from.execute(line));
        assertThat(assess(as(user), "").findings())
                .extracting(Finding::code)
                .doesNotContain(FindingCode.MYSQL_RIGHTS, FindingCode.CHECK_INCOMPLETE);
        assertThat(script.target())
                .contains("GRANT SET ON PARAMETER session_replication_role TO \"writer\"");
    }

    private DatabaseConfig as(String user) {
        DatabaseConfig config = from.config();
        return new DatabaseConfig(
                config.kind(),
                config.host(),
                config.port(),
                config.database(),
                user,
                new io.landbridge.config.Secret("x"),
                Map.of(),
                2);
    }

    private AssessmentReport assess(String more) {
        return assess(from.config(), more);
    }

    private AssessmentReport assess(DatabaseConfig config, String more) {
        try (MysqlDatabase source = new MysqlDatabase(config, Side.SOURCE);
                Database target = to.open(Side.TARGET)) {
            return new MysqlAssessment(source, target, configuration(config, more)).run();
        }
    }

    private Configuration configuration(DatabaseConfig config, String more) {
        DatabaseConfig there = to.config();
        return ConfigurationLoader.read(
                        more.isEmpty() ? "{}" : more,
                        "test",
                        Overrides.NONE
                                .with(
                                        "source.url",
                                        "test",
                                        "mysql://x@127.0.0.1:%d/%s"
                                                .formatted(config.port(), config.database()))
                                .with(
                                        "target.url",
                                        "test",
                                        "postgresql://x@127.0.0.1:%d/%s"
                                                .formatted(there.port(), there.database())),
                        Map.of())
                .configuration();
    }

    private static List<FindingCode> codes(AssessmentReport report, Severity severity) {
        return report.of(severity).stream().map(Finding::code).distinct().toList();
    }
}
