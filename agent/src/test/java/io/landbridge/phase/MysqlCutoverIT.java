package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.Migration;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.MysqlTransactions;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Traffic moves away from a MySQL server, which is fenced as a whole: a server of its own. */
class MysqlCutoverIT {

    /** What errors without a state of their own have: also those of a read-only server. */
    private static final String REFUSED = "HY000";

    private static final String TABLES = "tables:\n  include: ['work.*']\n";

    private MysqlServer server;
    private MysqlTestDatabase source;
    private TestDatabase target;

    @BeforeEach
    void startServer() {
        server = MysqlServer.start(Map.of());
        source = MysqlTransactions.create(server, 1_000);
        target = Servers.target().freshDatabase();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void movesTheWritersWithoutLosingAnAnswer() throws Exception {
        try (AgentHome home = home("");
                Workload workload =
                        Workload.start(source.config(), MysqlTransactions.all(), 4, 100, 11)) {
            workload.holdWhenRefused(REFUSED::equals);
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
            finish(home);
            source.execute("INSERT INTO parent VALUES (-1)");
        }
    }

    @Test
    void anAttemptThatIsUndoneLetsTheWritersGoOn() throws Exception {
        try (AgentHome home = home("cutover:\n  lock-timeout: 100ms\n  lock-tries: 2\n");
                var writer = source.connect()) {
            writer.setAutoCommit(false);
            try (var insert = writer.createStatement()) {
                insert.execute("INSERT INTO parent VALUES (-7)");
            }
            try (Migration migration = Migration.open(home.configuration())) {
                assertThat(migration.runUntil(Until.VALIDATED)).isTrue();
            }
            try (Service service = new Service(home.configuration())) {
                cutOver(service);
                Await.until(
                        "the attempt is undone",
                        Duration.ofMinutes(1),
                        () ->
                                service.control()
                                        .status()
                                        .cutover()
                                        .attempt()
                                        .filter(it -> it.outcome().equals("UNDONE"))
                                        .isPresent());
                writer.commit();
                source.execute("INSERT INTO parent VALUES (-8)");
                cutOver(service);
                service.awaitPhase("COMPLETE");
            }
            assertThat(MysqlTransactions.differences(source, target)).isEmpty();
        }
    }

    @Test
    void aRollbackBeforeTheCutoverLeavesNothing() throws Exception {
        try (AgentHome home = home("")) {
            try (Migration migration = Migration.open(home.configuration())) {
                assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            }
            try (Service service = new Service(home.configuration())) {
                service.awaitPhase("CDC");
                service.control().rollback();
                service.awaitPhase("ROLLED_BACK");
            }
            assertThat(source.rows("SHOW DATABASES LIKE 'landbridge'")).isEmpty();
            assertThat(target.value("SELECT to_regclass('work.account') IS NULL")).isEqualTo("t");
            source.execute("INSERT INTO parent VALUES (-1)");
        }
    }

    private static void cutOver(Service service) {
        Await.until(
                "it is ready for a cutover",
                Duration.ofMinutes(1),
                () ->
                        service.isIn("CDC")
                                && service.control().status().cutover().notReady().isEmpty());
        service.control().cutover();
    }

    /** Ends what the source still keeps of ours. */
    private void finish(AgentHome home) {
        try (Service service = new Service(home.configuration())) {
            service.awaitPhase("COMPLETE");
            service.control().finish();
            Await.until(
                    "nothing of ours is left at the source",
                    Duration.ofMinutes(1),
                    () -> source.rows("SHOW DATABASES LIKE 'landbridge'").isEmpty());
        }
    }

    private AgentHome home(String yaml) {
        return new AgentHome("from_mysql", source.config(), target.config(), TABLES + yaml);
    }
}
