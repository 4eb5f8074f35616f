package io.landbridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.TableId;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Secret;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server of its own, since the fence is the server's. */
class MysqlFenceIT {

    private static final int READ_ONLY = 1290;
    private static final LockPatience PATIENT = new LockPatience(Duration.ofSeconds(10), 6);
    private static MysqlServer server;

    private MysqlTestDatabase database;
    private MysqlDatabase source;
    private MysqlLog log;
    private MysqlFence fence;

    @BeforeAll
    static void startServer() {
        server =
                MysqlServer.start(
                        Map.of("gtid-mode", "OFF", "log-bin-trust-function-creators", "ON"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() {
        database = server.freshDatabase();
        database.execute("CREATE TABLE t (id int PRIMARY KEY)");
        source = database.open(Side.SOURCE);
        log = new MysqlLog(source, "fenced");
        log.open();
        fence = new MysqlFence(source, log);
    }

    @AfterEach
    void close() {
        fence.lift();
        source.close();
    }

    private void raise(LockPatience patience) {
        fence.raise(List.of(), "behind the fence", patience);
    }

    @Test
    void refusesAllRowsUntilItIsLowered() {
        fence.arm(List.of(), PATIENT);
        assertThat(fence.isRaised()).isFalse();
        database.execute("INSERT INTO t VALUES (1)");
        raise(PATIENT);
        assertThat(fence.isRaised()).isTrue();
        assertRefused("INSERT INTO t VALUES (2)");
        assertRefused("DELETE FROM landbridge.fence");
        raise(PATIENT);
        assertThat(lastMarker()).contains("behind the fence");
        assertThat(fence.bypasses()).isEmpty();

        fence.lower();
        assertThat(fence.isRaised()).isFalse();
        database.execute("INSERT INTO t VALUES (3)");
        fence.lift();
        assertThat(database.rows("SHOW DATABASES LIKE 'landbridge'")).isEmpty();
        assertThat(database.rows("SELECT * FROM performance_schema.persisted_variables")).isEmpty();
    }

    @Test
    void waitsForThoseWhoHaveWritten() throws Exception {
        try (Connection writer = database.connect()) {
            writer.setAutoCommit(false);
            insert(writer, 1);
            assertThat(fence.writers(List.of())).singleElement().asString().contains("1 rows");
            CompletableFuture<Void> raised = CompletableFuture.runAsync(() -> raise(PATIENT));
            Await.until(
                    "the fence is being raised",
                    Duration.ofSeconds(30),
                    () -> database.number("SELECT COUNT(*) FROM landbridge.fence") == 1);
            insert(writer, 2);
            writer.commit();
            raised.get();
            assertThat(database.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
        }
    }

    @Test
    void namesTheWriterThatDoesNotEnd() throws Exception {
        try (Connection writer = database.connect()) {
            writer.setAutoCommit(false);
            insert(writer, 1);
            assertThatThrownBy(() -> raise(new LockPatience(Duration.ofMillis(100), 2)))
                    .isInstanceOf(Fault.class)
                    .hasMessageContaining(server.user() + "@")
                    .extracting(thrown -> ((Fault) thrown).code())
                    .isEqualTo(FaultCode.SOURCE_LOCK_TIMEOUT);
            assertThat(fence.isRaised()).isFalse();
            writer.commit();
        }
        database.execute("INSERT INTO t VALUES (2)");
    }

    @Test
    void outlivesTheServersProcessAndLeavesForeignFencesAlone() {
        raise(PATIENT);
        server.stop();
        server.start();
        assertThat(fence.isRaised()).isTrue();
        assertRefused("INSERT INTO t VALUES (1)");
        fence.lower();
        database.execute("SET GLOBAL read_only = ON");
        assertThat(fence.isRaised()).isFalse();
        raise(PATIENT);
        fence.lower();
        assertThat(database.value("SELECT @@read_only, @@super_read_only")).isEqualTo("1|0");
        database.execute("SET GLOBAL read_only = OFF");
    }

    @Test
    void letsOnlyUsThroughForTheWayBackAlsoAfterARestart() {
        database.execute(
                "CREATE USER app IDENTIFIED BY 'app'",
                "GRANT ALL ON " + database.name() + ".* TO app",
                "SET PERSIST read_only = OFF");
        try (MysqlDatabase app = new MysqlDatabase(config("app"), Side.SOURCE);
                MysqlDatabase passing = MysqlFence.passing(source, log)) {
            raise(PATIENT);
            assertRefused(() -> insert(passing, 1));
            fence.admitUs();
            insert(passing, 2);
            assertThat(fence.isRaised()).isTrue();
            assertRefused(() -> insert(app, 3));
            server.stop();
            server.start();
            insert(passing, 4);
            assertRefused(() -> insert(app, 5));
            fence.admitNobody();
            assertRefused(() -> insert(passing, 6));
            raise(PATIENT);
            fence.admitUs();
            fence.lower();
            insert(app, 7);
        }
        assertThat(database.rows("SELECT id FROM t ORDER BY id")).containsExactly("2", "4", "7");
        assertThat(
                        database.rows(
                                "SELECT variable_name, variable_value FROM"
                                        + " performance_schema.persisted_variables"))
                .containsExactly("read_only|OFF");
        database.execute("RESET PERSIST");
    }

    @Test
    void saysWhatTheWayBackLacksAndWhoElseIsLetThrough() {
        database.execute(
                "CREATE USER ours IDENTIFIED BY 'ours'",
                "GRANT SYSTEM_VARIABLES_ADMIN, RELOAD, PROCESS ON *.* TO ours",
                "GRANT ALL ON landbridge.* TO ours",
                "GRANT INSERT ON " + database.name() + ".* TO ours");
        try (MysqlDatabase ours = new MysqlDatabase(config("ours"), Side.SOURCE)) {
            MysqlFence shut = new MysqlFence(ours, log.on(ours));
            assertThatThrownBy(shut::checkPass)
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo(FaultCode.SOURCE_RIGHTS);
                                assertThat(fault.hint())
                                        .contains("GRANT CONNECTION_ADMIN ON *.* TO 'ours'@'%'");
                            });
            assertThat(shut.admittedToo()).singleElement().asString().contains("can't be listed");
            database.execute(
                    "GRANT CONNECTION_ADMIN ON *.* TO 'ours'@'%'",
                    "GRANT SELECT ON mysql.* TO ours");
        }
        try (MysqlDatabase ours = new MysqlDatabase(config("ours"), Side.SOURCE)) {
            MysqlFence shut = new MysqlFence(ours, log.on(ours));
            shut.checkPass();
            assertThat(shut.admittedToo())
                    .anyMatch(who -> who.matches("'" + server.user() + "'@'.*' in \\d+ sessions"));
            shut.raise(List.of(), "", PATIENT);
            shut.admitUs();
            insert(ours, 1);
            shut.lift();
        }
    }

    @Test
    void saysWhichRightIsMissing() {
        database.execute(
                "CREATE USER weak IDENTIFIED BY 'weak'",
                "GRANT ALL ON landbridge.* TO weak",
                "GRANT SELECT ON " + database.name() + ".* TO weak");
        List<TableId> tables = List.of(new TableId(database.name(), "t"));
        try (MysqlDatabase weak = new MysqlDatabase(config("weak"), Side.SOURCE)) {
            MysqlFence refused = new MysqlFence(weak, new MysqlLog(weak, "fenced"));
            assertThatThrownBy(() -> refused.arm(tables, PATIENT))
                    .isInstanceOf(Fault.class)
                    .extracting(thrown -> ((Fault) thrown).code())
                    .isEqualTo(FaultCode.SOURCE_RIGHTS);
        }
    }

    @Test
    void shutsTablesWhereTheServerMayNotBeShut() throws Exception {
        database.execute(
                "CREATE TABLE other (id int PRIMARY KEY)",
                "CREATE USER less IDENTIFIED BY 'less'",
                "GRANT ALL ON landbridge.* TO less",
                "GRANT SELECT, TRIGGER ON " + database.name() + ".* TO less");
        List<TableId> tables = List.of(new TableId(database.name(), "t"));
        try (MysqlDatabase less = new MysqlDatabase(config("less"), Side.SOURCE);
                Connection writer = database.connect()) {
            MysqlFence shut = new MysqlFence(less, new MysqlLog(less, "fenced"));
            shut.arm(tables, PATIENT);
            shut.arm(tables, PATIENT);
            writer.setAutoCommit(false);
            insert(writer, 1);
            assertThatThrownBy(
                            () ->
                                    shut.raise(
                                            tables, "", new LockPatience(Duration.ofSeconds(1), 1)))
                    .isInstanceOf(Fault.class)
                    .extracting(thrown -> ((Fault) thrown).code())
                    .isEqualTo(FaultCode.SOURCE_LOCK_TIMEOUT);
            assertThat(shut.isRaised()).isFalse();
            CompletableFuture<Void> raised =
                    CompletableFuture.runAsync(() -> shut.raise(tables, "", PATIENT));
            writer.commit();
            raised.get();
            assertThat(shut.isRaised()).isTrue();
            assertRefused("INSERT INTO t VALUES (2)");
            assertRefused("DELETE FROM t");
            database.execute("INSERT INTO other VALUES (1)");
            shut.checkPass();
            shut.admitUs();
            assertRefused("UPDATE t SET id = 4");
            try (MysqlDatabase passing =
                    MysqlFence.passing(source, new MysqlLog(source, "fenced"))) {
                insert(passing, 9);
            }
            shut.lower();
            database.execute("DELETE FROM t WHERE id = 9");
            database.execute("UPDATE t SET id = 3");
            shut.lift();
            assertThat(database.rows("SHOW TRIGGERS")).isEmpty();
        }
    }

    private DatabaseConfig config(String user) {
        return new DatabaseConfig(
                DatabaseConfig.Kind.MYSQL,
                "127.0.0.1",
                server.port(),
                database.name(),
                user,
                new Secret(user),
                Map.of("allowPublicKeyRetrieval", "true"),
                2);
    }

    private Optional<String> lastMarker() {
        List<String> events =
                database.rows("SHOW BINLOG EVENTS IN '" + log.currentPosition().file() + "'");
        String last = events.get(events.size() - 1);
        return MysqlLog.markerIn(last.substring(last.indexOf("FLUSH")), "fenced");
    }

    private static void insert(Connection writer, int id) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute("INSERT INTO t VALUES (" + id + ")");
        }
    }

    private static void insert(MysqlDatabase through, int id) {
        Boolean unused =
                through.with(
                        "writing",
                        connection -> {
                            insert(connection, id);
                            return true;
                        });
    }

    private void assertRefused(String sql) {
        assertRefused(() -> database.execute(sql));
    }

    private static void assertRefused(ThrowingCallable writing) {
        assertThatThrownBy(writing)
                .rootCause()
                .isInstanceOfSatisfying(
                        SQLException.class,
                        error -> assertThat(error.getErrorCode()).isEqualTo(READ_ONLY));
    }
}
