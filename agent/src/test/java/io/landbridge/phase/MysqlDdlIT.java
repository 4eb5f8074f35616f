package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.Configuration;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Statements that alter a table of a MySQL source while its log is followed. */
class MysqlDdlIT {

    private final MysqlTestDatabase source = Servers.mysql().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    private AgentHome home() {
        return new AgentHome(
                "ddl_" + source.name(),
                source.config(),
                target.config(),
                "tables:\n  include: ['%s.*']\nschema:\n  follow-ddl: true\n"
                        .formatted(source.name()));
    }

    @Test
    void columnsThatAreAddedAreFollowedAndAllElseStopsItsTable() {
        source.execute(
                "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, v varchar(10))",
                "CREATE TABLE labels (id int PRIMARY KEY)",
                "CREATE TABLE narrow (id int PRIMARY KEY, v int)",
                "INSERT INTO t (v) VALUES ('copied'), ('too')",
                "INSERT INTO narrow VALUES (1, 1)");
        try (AgentHome home = home()) {
            Configuration config = home.configuration();
            try (Service service = new Service(config)) {
                service.awaitPhase("CDC");
                source.execute(
                        "INSERT INTO t (v) VALUES ('before')",
                        "ALTER TABLE t ADD COLUMN n int NOT NULL DEFAULT 7, ADD INDEX (v),"
                                + " ADD d datetime(3)",
                        "INSERT INTO t (v, n, d) VALUES ('after', 8, '2024-02-29 12:00:00.5')",
                        "UPDATE t SET v = 'again', n = 9 WHERE id = 1",
                        "ALTER TABLE labels ADD COLUMN e enum('a','b')",
                        "ALTER TABLE narrow DROP COLUMN v",
                        "INSERT INTO narrow VALUES (2)",
                        "INSERT INTO t (v) VALUES ('last')");
                awaitEqual(
                        "id, v, n, CAST(d AS CHAR)",
                        "id, v, n, to_char(d, 'YYYY-MM-DD HH24:MI:SS.MS')");
                assertThat(stopOf("t")).isEqualTo("∅");
                assertThat(stopOf("labels")).contains("ADD COLUMN e enum('a','b')");
                assertThat(stopOf("narrow")).contains("DROP COLUMN v");
                assertThat(target.rows("SELECT * FROM " + name("narrow"))).containsExactly("1|1");
            }
            source.execute(
                    "INSERT INTO t (v) VALUES ('nobody')",
                    "ALTER TABLE t ADD m decimal(5,2) DEFAULT 1.5",
                    "INSERT INTO t (v, m) VALUES ('listens', 2.25)");
            try (Service service = new Service(config)) {
                service.awaitPhase("CDC");
                awaitEqual("id, v, n, m", "id, v, n, m");
                assertThat(stopOf("t")).isEqualTo("∅");
            }
        }
    }

    private String name(String table) {
        return source.name() + "." + table;
    }

    private String stopOf(String table) {
        return target.value(
                "SELECT stopped_reason FROM landbridge.table_state WHERE table_name = '"
                        + table
                        + "'");
    }

    private void awaitEqual(String there, String here) {
        Await.until(
                "both sides are equal",
                Duration.ofMinutes(1),
                () ->
                        target.rows("SELECT " + here + " FROM " + name("t") + " ORDER BY id")
                                .equals(source.rows("SELECT " + there + " FROM t ORDER BY id")));
    }
}
