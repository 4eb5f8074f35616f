package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.Migration;
import io.landbridge.assess.GrantScript;
import io.landbridge.assess.MysqlGrants;
import io.landbridge.change.TableId;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Secret;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.source.LockPatience;
import io.landbridge.source.MysqlFence;
import io.landbridge.source.MysqlLog;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.MysqlTransactions;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Traffic moves away from a MariaDB, whose tables are fenced one by one. */
class MariadbMigrationIT {

    private final TestDatabase target = Servers.target().freshDatabase();

    @Test
    void movesTheWritersWithoutLosingAnAnswerThoughKilled() throws Exception {
        MysqlTestDatabase source = MysqlTransactions.create(Servers.mariadb(), 1_000);
        try (AgentHome home = home("from_mariadb", source.config(), "");
                Workload workload =
                        Workload.start(source.config(), MysqlTransactions.all(), 4, 100, 11)) {
            workload.holdWhenRefused("HY000"::equals);
            try (AgentProcess killed = home.start("run")) {
                Await.until(
                        "it follows",
                        Duration.ofMinutes(2),
                        () -> {
                            assertThat(killed.isAlive())
                                    .as("it runs%s", killed.lastWords())
                                    .isTrue();
                            return HeldMove.phase(home).equals("CDC");
                        });
                killed.kill();
            }
            try (AgentProcess agent = home.start("migrate", "--cutover")) {
                int status = agent.await(Duration.ofMinutes(3));
                assertThat(status).as("exit status%s", agent.lastWords()).isZero();
            }
            workload.stop();
            assertThat(MysqlTransactions.differences(source, target)).isEmpty();
            workload.ledger().assertReceiptsIn(target);
            assertThatThrownBy(() -> source.execute("INSERT INTO parent VALUES (-1)"))
                    .hasMessageContaining("read-only");
            String next =
                    source.value(
                            "SELECT auto_increment FROM information_schema.tables WHERE"
                                    + " table_schema = 'work' AND table_name = 'account'");
            assertThat(target.value("INSERT INTO work.account (balance) VALUES (1) RETURNING id"))
                    .isEqualTo(next);
            try (Service service = new Service(home.configuration())) {
                service.awaitPhase("COMPLETE");
                service.control().finish();
                Await.until(
                        "nothing of ours is left at the source",
                        Duration.ofMinutes(1),
                        () -> source.rows("SHOW DATABASES LIKE 'landbridge'").isEmpty());
            }
            source.execute("INSERT INTO parent VALUES (-1)");
        }
    }

    /** By a user with no more rights than {@code landbridge grants} prints. */
    @Test
    void theLeastRightsAreEnoughAndARollbackBeforeTheCutoverLeavesNothing() throws Exception {
        MysqlTestDatabase source = Servers.mariadb().freshDatabase();
        source.execute(
                "CREATE TABLE t (id uuid DEFAULT uuid() PRIMARY KEY, j json DEFAULT '{}', v varchar(20)"
                        + " DEFAULT 'it''s', at datetime(3) DEFAULT current_timestamp(3) ON UPDATE"
                        + " current_timestamp(3), d double, b binary(16), CHECK (v <> 'it''s not'))",
                "CREATE TABLE keyless (a int, j json)",
                "INSERT INTO t (d) SELECT 1 / (1 + seq) FROM seq_1_to_500",
                "INSERT INTO keyless SELECT seq, CONCAT('[', seq, ' ]') FROM seq_1_to_100");
        DatabaseConfig user = leastUser(source);
        try (AgentHome home = home("least", user, "")) {
            try (Migration migration = Migration.open(home.configuration())) {
                assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            }
            source.execute(
                    "UPDATE t SET v = 'changed', j = '{\"a\":  1}' LIMIT 100",
                    "INSERT INTO t (d) SELECT seq FROM seq_1_to_100",
                    "DELETE FROM keyless LIMIT 10");
            try (Migration migration = Migration.open(home.configuration())) {
                assertThat(migration.runUntil(Until.VALIDATED)).isTrue();
            }
            assertThat(
                            target.rows(
                                    "SELECT id, j, v, to_char(at, 'YYYY-MM-DD HH24:MI:SS.US') FROM "
                                            + source.name()
                                            + ".t"))
                    .containsExactlyInAnyOrderElementsOf(
                            source.rows(
                                    "SELECT id, j, v, DATE_FORMAT(at, '%Y-%m-%d %H:%i:%s.%f')"
                                            + " FROM t"));
            try (MysqlDatabase from = new MysqlDatabase(user, Side.SOURCE)) {
                MysqlFence fence = new MysqlFence(from, new MysqlLog(from, "least"));
                fence.arm(
                        List.of(new TableId(source.name(), "t")),
                        new LockPatience(Duration.ofSeconds(2), 3));
            }
            try (Service service = new Service(home.configuration())) {
                service.awaitPhase("CDC");
                service.control().rollback();
                service.awaitPhase("ROLLED_BACK");
            }
            assertThat(target.value("SELECT to_regclass('" + source.name() + ".t') IS NULL"))
                    .isEqualTo("t");
            source.execute("INSERT INTO t (d) VALUES (1)");
        }
    }

    @Test
    void aWayBackIsRefusedBeforeAnythingIsDone() {
        MysqlTestDatabase source = Servers.mariadb().freshDatabase();
        try (AgentHome home = home("back", source.config(), "cutover:\n  observe: 1h\n")) {
            assertThatThrownBy(() -> Migration.open(home.configuration()))
                    .isInstanceOf(Fault.class)
                    .hasMessageContaining("a way back into MariaDB")
                    .extracting(fault -> ((Fault) fault).code())
                    .isEqualTo(FaultCode.CONFIG_INVALID);
        }
    }

    private DatabaseConfig leastUser(MysqlTestDatabase source) {
        String name = "least_" + source.name();
        source.execute("CREATE USER " + name + " IDENTIFIED BY 'x'");
        try (AgentHome home = home("grants", source.config(), "");
                MysqlDatabase from = source.open(Side.SOURCE);
                Database to = target.open(Side.TARGET)) {
            GrantScript script =
                    new MysqlGrants(from, to, home.configuration()).forRoles(name, "postgres");
            script.source().stream()
                    .filter(line -> !line.startsWith("--"))
                    .forEach(line -> source.execute(line));
        }
        DatabaseConfig config = source.config();
        return new DatabaseConfig(
                config.kind(),
                config.host(),
                config.port(),
                config.database(),
                name,
                new Secret("x"),
                Map.of(),
                4);
    }

    private AgentHome home(String name, DatabaseConfig source, String yaml) {
        return new AgentHome(
                name,
                source,
                target.config(),
                "tables:\n  include: ['" + source.database() + ".*']\n" + yaml);
    }
}
