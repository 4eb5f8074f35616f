package io.landbridge.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.Configuration;
import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Overrides;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.util.List;
import java.util.Map;
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
                "CREATE PROCEDURE p() SELECT 1");
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
                        "these do not move: procedure p");
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
