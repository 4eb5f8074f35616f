package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.assess.GrantScript;
import io.landbridge.assess.MysqlGrants;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Secret;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.MysqlTransactions;
import io.landbridge.testkit.ReturnedTransactions;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After the switch from MySQL: writes flow back, and the traffic can, too. */
class MysqlWayBackIT {

    private static final String OBSERVED =
            """
            tables:
              include: ['work.*']
            cutover:
              mode: auto
              observe: 1h
            """;

    private static MysqlServer server;

    private MysqlTestDatabase source;
    private TestDatabase target;

    @BeforeAll
    static void startServer() {
        server = MysqlServer.start(Map.of("log-bin-trust-function-creators", "ON"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createTables() {
        source = MysqlTransactions.create(server, 500);
        source.execute(
                "CREATE USER IF NOT EXISTS app IDENTIFIED WITH mysql_native_password BY 'app'",
                "GRANT ALL ON work.* TO app");
        target = Servers.target().freshDatabase();
    }

    @AfterEach
    void dropTables() {
        source.execute(
                "SET GLOBAL super_read_only = OFF",
                "SET GLOBAL read_only = OFF",
                "RESET PERSIST",
                "DROP DATABASE work",
                "DROP DATABASE IF EXISTS landbridge");
    }

    private AgentHome home(String yaml) {
        return new AgentHome(
                "back_" + target.name(), source.config(), target.config(), OBSERVED + yaml);
    }

    private void awaitEqual(Service service) {
        Await.until(
                "both sides are equal, is " + service.control().status().faults(),
                Duration.ofSeconds(60),
                () -> MysqlTransactions.differences(source, target).isEmpty());
    }

    private void assertNothingOfOursIsLeft() {
        assertThat(source.rows("SHOW DATABASES LIKE 'landbridge'")).isEmpty();
        assertThat(source.rows("SHOW TRIGGERS FROM work")).isEmpty();
        assertThat(source.value("SELECT @@read_only, @@super_read_only")).isEqualTo("0|0");
        assertThat(source.rows("SELECT * FROM performance_schema.persisted_variables")).isEmpty();
        assertThat(
                        target.rows(
                                "SELECT nspname FROM pg_namespace WHERE nspname = 'landbridge'"
                                        + " UNION ALL SELECT slot_name FROM pg_replication_slots"
                                        + " WHERE database = current_database()"
                                        + " UNION ALL SELECT pubname FROM pg_publication"))
                .isEmpty();
    }

    @Test
    void writersGoThereAndBackWithoutLosingAnAnswer() {
        try (AgentHome home = home("");
                Workload workload = Workload.start(app(), ReturnedTransactions.all(), 4, 40, 17)) {
            workload.holdWhenRefused("HY000"::equals);
            try (Service service = new Service(home.configuration())) {
                service.awaitPhase("MONITORING");
                Await.until("all wait", Duration.ofMinutes(1), workload::isHeld);
                assertRefusesTheApplication();
                workload.switchTo(target.config());
                workload.release();
                long before = workload.ledger().commits();
                Await.until(
                        "they write there" + workload.ledger().lastError(),
                        Duration.ofMinutes(1),
                        () -> workload.ledger().commits() > before + 300);
            }
            long unwatched = workload.ledger().commits();
            Await.until(
                    "they write while no agent runs",
                    Duration.ofMinutes(1),
                    () -> workload.ledger().commits() > unwatched + 100);
            try (Service service = new Service(home.configuration())) {
                service.awaitPhase("MONITORING");
                workload.holdWhenRefused("25006"::equals);
                service.control().rollback();
                service.awaitPhase("ROLLED_BACK");
                workload.switchTo(app());
                workload.release();
                long back = workload.ledger().commits();
                Await.until(
                        "they write at the source" + workload.ledger().lastError(),
                        Duration.ofMinutes(1),
                        () -> workload.ledger().commits() > back + 100);
            }
            workload.stop();
            workload.ledger().assertReceiptsIn(source);
        }
        assertNothingOfOursIsLeft();
    }

    @Test
    void bothSidesAreEqualAndCountersGoOnWhereTheyStood() {
        try (AgentHome home = home("");
                Service service = new Service(home.configuration())) {
            service.awaitPhase("MONITORING");
            try (Workload workload =
                    Workload.start(target.config(), ReturnedTransactions.all(), 4, 0, 23)) {
                Await.until(
                        "they have written",
                        Duration.ofMinutes(1),
                        () -> workload.ledger().commits() > 600);
            }
            String taken = "SELECT nextval(pg_get_serial_sequence('work.account', 'id'))";
            long last = target.number(taken);
            awaitEqual(service);
            List<String> written = target.rows("SELECT id, balance FROM work.account ORDER BY id");
            service.control().rollback();
            service.awaitPhase("ROLLED_BACK");
            assertThat(source.rows("SELECT id, balance FROM account ORDER BY id"))
                    .isEqualTo(written);
            source.execute("INSERT INTO account (balance) VALUES (1)");
            assertThat(source.number("SELECT MAX(id) FROM account")).isEqualTo(last + 1);
            assertNothingOfOursIsLeft();
            assertThat(target.value("SELECT to_regclass('work.account') IS NULL")).isEqualTo("t");
        }
    }

    @Test
    void finishRemovesTheWayBackAndEverythingOfOurs() {
        try (AgentHome home = home("");
                Service service = new Service(home.configuration())) {
            service.awaitPhase("MONITORING");
            target.execute("INSERT INTO work.parent VALUES (-5)");
            Await.until(
                    "it came back",
                    Duration.ofMinutes(1),
                    () -> !source.rows("SELECT 1 FROM parent WHERE id = -5").isEmpty());
            service.control().finish();
            service.awaitPhase("COMPLETE");
            Await.until(
                    "nothing is left",
                    Duration.ofMinutes(1),
                    () -> source.rows("SHOW DATABASES LIKE 'landbridge'").isEmpty());
            source.execute("INSERT INTO parent VALUES (-6)");
        }
    }

    @Test
    void aServerThatStartsAgainLetsOnlyUsWriteStill() {
        try (AgentHome home = home("")) {
            try (Service service = new Service(home.configuration())) {
                service.awaitPhase("MONITORING");
                server.kill();
                server.start();
                target.execute("INSERT INTO work.parent VALUES (-7)");
                Await.until(
                        "it came back",
                        Duration.ofMinutes(1),
                        () -> !source.rows("SELECT 1 FROM parent WHERE id = -7").isEmpty());
                assertRefusesTheApplication();
                service.control().rollback();
                service.awaitPhase("ROLLED_BACK");
            }
            assertNothingOfOursIsLeft();
        }
    }

    @Test
    void theGrantsThatArePrintedAreEnoughForThereAndBack() {
        movesThereAndBackAs("mover_" + target.name(), grant -> true);
    }

    @Test
    void withoutRightsOverTheServerItsTablesAreFencedThereAndBack() {
        movesThereAndBackAs("less_" + target.name(), grant -> !grant.contains("_ADMIN"));
    }

    private void movesThereAndBackAs(String mover, Predicate<String> granted) {
        GrantScript script;
        try (AgentHome home = home("");
                MysqlDatabase old = source.open(Side.SOURCE);
                Database next = target.open(Side.TARGET)) {
            script = new MysqlGrants(old, next, home.configuration()).forRoles(mover, mover);
        }
        source.execute("CREATE USER " + mover + " IDENTIFIED WITH mysql_native_password BY 'm'");
        target.execute("CREATE ROLE " + mover + " LOGIN PASSWORD 'm'");
        script.source().stream()
                .filter(line -> !line.startsWith("--"))
                .filter(granted)
                .forEach(source::execute);
        script.target().stream().filter(line -> !line.startsWith("--")).forEach(target::execute);
        try (AgentHome home =
                        new AgentHome(
                                mover,
                                as(source.config(), mover, "m"),
                                as(target.config(), mover, "m"),
                                OBSERVED);
                Service service = new Service(home.configuration())) {
            service.awaitPhase("MONITORING");
            assertRefusesTheApplication();
            target.execute(
                    "INSERT INTO work.account (balance) VALUES (7)", "TRUNCATE work.scratch");
            awaitEqual(service);
            service.control().rollback();
            service.awaitPhase("ROLLED_BACK");
            assertThat(source.value("SELECT COUNT(*) FROM account WHERE balance = 7"))
                    .isEqualTo("2");
            assertNothingOfOursIsLeft();
        } finally {
            target.execute("DROP OWNED BY " + mover, "DROP ROLE " + mover);
            source.execute("DROP USER " + mover);
        }
    }

    @Test
    void triggersThatWouldActAgainKeepTheCutoverBack() {
        source.execute(
                "CREATE TRIGGER stamp BEFORE INSERT ON account FOR EACH ROW SET NEW.note = 'new'");
        try (AgentHome home = home("");
                Service service = new Service(home.configuration())) {
            Await.until(
                    "the cutover is refused",
                    Duration.ofMinutes(1),
                    () ->
                            service.control().status().faults().toString().contains("stamp")
                                    && service.isIn("CDC"));
            assertThat(service.control().status().assessment().toString()).contains("WAY_BACK");
            source.execute("INSERT INTO parent VALUES (-9)", "DROP TRIGGER stamp");
            service.awaitPhase("MONITORING");
        }
    }

    /** The application, without the rights of an administrator. */
    private DatabaseConfig app() {
        return as(source.config(), "app", "app");
    }

    private static DatabaseConfig as(DatabaseConfig config, String user, String password) {
        return new DatabaseConfig(
                config.kind(),
                config.host(),
                config.port(),
                config.database(),
                user,
                new Secret(password),
                Map.of(),
                4);
    }

    private void assertRefusesTheApplication() {
        try (MysqlDatabase app = new MysqlDatabase(app(), Side.SOURCE)) {
            assertThatThrownBy(
                            () ->
                                    app.with(
                                            "writing",
                                            connection -> {
                                                try (var insert = connection.createStatement()) {
                                                    return insert.execute(
                                                            "INSERT INTO parent VALUES (-1)");
                                                }
                                            }))
                    .hasMessageContaining("read-only");
        }
    }
}
