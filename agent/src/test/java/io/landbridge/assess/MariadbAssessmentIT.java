package io.landbridge.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.Configuration;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import org.junit.jupiter.api.Test;

/** What is said of a MariaDB before a row moves, and what its tables become. */
class MariadbAssessmentIT {

    private final MysqlTestDatabase from = Servers.mariadb().freshDatabase();
    private final TestDatabase to = Servers.target().freshDatabase();

    @Test
    void anOrdinaryDatabaseHasNoBlocker() {
        from.execute(
                "CREATE TABLE t (id int PRIMARY KEY, u uuid, j json, v varchar(10))",
                "INSERT INTO t VALUES (1, uuid(), '{}', 'a')");
        assertThat(assess().of(Severity.BLOCKER)).isEmpty();
    }

    @Test
    void namesWhatOnlyMariadbHasAndDoesNotMove() {
        from.execute(
                "CREATE TABLE versioned (id int PRIMARY KEY) WITH SYSTEM VERSIONING",
                "CREATE TABLE packed (id int PRIMARY KEY, v varchar(100) COMPRESSED)",
                "CREATE TABLE aria (id int PRIMARY KEY) ENGINE = Aria",
                "CREATE SEQUENCE numbers");
        AssessmentReport report = assess();
        assertThat(report.of(Severity.BLOCKER))
                .extracting(finding -> finding.code() + " " + finding.object())
                .containsExactlyInAnyOrder(
                        "TYPE_UNSUPPORTED " + from.name() + ".versioned",
                        "TYPE_UNSUPPORTED " + from.name() + ".packed",
                        "MYSQL_ENGINE " + from.name() + ".aria");
        assertThat(report.of(Severity.WARNING)).extracting(Finding::object).contains("1 sequences");
    }

    @Test
    void aTypeThatIsNotCarriedIsABlocker() {
        from.execute("CREATE TABLE t (id int PRIMARY KEY, address inet6)");
        assertThat(assess().of(Severity.BLOCKER))
                .extracting(Finding::code)
                .containsExactly(FindingCode.TYPE_UNSUPPORTED);
    }

    @Test
    void defaultsAndChecksAreWhatTheyWere() {
        from.execute(
                "CREATE TABLE t (id int unsigned AUTO_INCREMENT PRIMARY KEY, s varchar(20) DEFAULT"
                        + " 'a''b\\\\c', n int DEFAULT 5, nothing varchar(5) DEFAULT NULL, word"
                        + " varchar(5) DEFAULT 'NULL', at datetime(3) DEFAULT current_timestamp(3), e"
                        + " enum('x','y,z') DEFAULT 'y,z', j json DEFAULT '{}', u uuid DEFAULT uuid(),"
                        + " b bit(5) DEFAULT b'101', bytes binary(2) DEFAULT 'ab', d date DEFAULT"
                        + " '2020-01-01', g int AS (n + 1) STORED, h int INVISIBLE, CONSTRAINT positive"
                        + " CHECK (n > 3), UNIQUE KEY s (s), KEY n (n) IGNORED)");
        try (AgentHome home = home();
                MysqlDatabase source = from.open(Side.SOURCE);
                Database target = to.open(Side.TARGET)) {
            Configuration config = home.configuration();
            MysqlSchema schema =
                    new MysqlSchema("mariadb", source, target, config.schema(), config.tables(), 1);
            schema.prepare();
            String table = from.name() + ".t";
            to.execute("INSERT INTO " + table + " (id) VALUES (1)");
            assertThat(
                            to.rows(
                                    "SELECT s, n, nothing IS NULL, word, at IS NOT NULL, e, j, u IS NOT"
                                            + " NULL, b, bytes IS NULL, d, pg_typeof(j) FROM "
                                            + table))
                    .isEqualTo(
                            from.rows(
                                    "SELECT 'a''b\\\\c', 5, 't', 'NULL', 't', 'y,z', '{}', 't',"
                                            + " '00101', 't', '2020-01-01', 'json'"));
            assertThat(
                            to.rows(
                                    "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid ="
                                            + " '"
                                            + table
                                            + "'::regclass"))
                    .hasSize(1);
        }
    }

    private AssessmentReport assess() {
        try (AgentHome home = home();
                MysqlDatabase source = from.open(Side.SOURCE);
                Database target = to.open(Side.TARGET)) {
            return new MysqlAssessment(source, target, home.configuration()).run();
        }
    }

    private AgentHome home() {
        return new AgentHome("assess", from.config(), to.config(), "tables:\n  include: ['*.*']\n");
    }
}
