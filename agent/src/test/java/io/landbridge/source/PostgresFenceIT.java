package io.landbridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresFenceIT {

    private static final LockPatience PATIENCE = new LockPatience(Duration.ofMillis(300), 40);

    private static final String SCHEMA =
            """
            CREATE TABLE a (id int PRIMARY KEY, v text);
            CREATE TABLE "B b" (id int PRIMARY KEY REFERENCES a ON DELETE CASCADE);
            CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
            CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
            CREATE TABLE free (id int);
            INSERT INTO a VALUES (1, 'x');
            INSERT INTO "B b" VALUES (1);
            """;

    private static final List<TableId> TABLES =
            List.of(
                    new TableId("public", "a"),
                    new TableId("public", "B b"),
                    new TableId("public", "p"));

    private static final List<String> WRITES =
            List.of(
                    "INSERT INTO a VALUES (2)",
                    "INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET v = 'y'",
                    "UPDATE a SET v = 'y'",
                    "DELETE FROM a",
                    "TRUNCATE a CASCADE",
                    "TRUNCATE \"B b\"",
                    "INSERT INTO p VALUES (3)",
                    "INSERT INTO p1 VALUES (3)",
                    "TRUNCATE p1",
                    "SET session_replication_role = replica; UPDATE a SET v = 'z'",
                    "WITH w AS (UPDATE a SET v = 'q' RETURNING 1) SELECT * FROM w");

    private TestDatabase test;
    private Database database;
    private PostgresFence fence;

    private void open(int major) {
        test = Servers.postgres(major).freshDatabase();
        test.execute(SCHEMA);
        database = test.open(Side.SOURCE);
        PostgresLog log = new PostgresLog(database, "fence_it");
        if (major < 14) {
            test.execute(
                    "CREATE SCHEMA landbridge",
                    "CREATE TABLE landbridge.signal (id bigserial, content text, at timestamptz"
                            + " DEFAULT now())");
        }
        fence = new PostgresFence(database, log);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void refusesEveryWayToWriteAndNothingElse(int major) throws SQLException {
        open(major);
        fence.arm(TABLES, PATIENCE);
        assertThat(fence.isRaised()).isFalse();
        test.execute("UPDATE a SET v = 'armed'", "INSERT INTO p VALUES (1)");
        fence.raise(TABLES, "fence:1", PATIENCE);
        fence.raise(TABLES, "fence:1", PATIENCE);
        assertThat(fence.isRaised()).isTrue();
        for (String write : WRITES) {
            assertThatThrownBy(() -> test.execute(write))
                    .as(write)
                    .hasRootCauseInstanceOf(SQLException.class)
                    .rootCause()
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("25006");
        }
        test.execute("INSERT INTO free VALUES (1)", "SELECT * FROM a FOR UPDATE");
        assertThat(test.value("SELECT v FROM a")).isEqualTo("armed");
        try (Connection ours = test.connect();
                Statement statement = ours.createStatement()) {
            fence.pass(ours);
            statement.execute("UPDATE a SET v = 'ours'");
        }
        fence.lower();
        assertThat(fence.isRaised()).isFalse();
        test.execute("UPDATE a SET v = 'lowered'");
        fence.lift();
        fence.lift();
        assertThat(test.number("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")).isZero();
        assertThat(
                        test.number(
                                "SELECT count(*) FROM pg_proc WHERE proname = 'landbridge_fence_it'"))
                .isZero();
        test.execute("UPDATE a SET v = 'lifted'");
    }

    @Test
    void partitionsThatCameLaterAreFencedToo() {
        open(14);
        fence.arm(TABLES, PATIENCE);
        test.execute("CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)");
        fence.raise(TABLES, "fence:1", PATIENCE);
        assertThatThrownBy(() -> test.execute("INSERT INTO p2 VALUES (11)"))
                .hasMessageContaining("read-only");
    }

    @Test
    void namesTheWriterThatDoesNotEndAndShutsNothing() throws SQLException {
        open(14);
        fence.arm(TABLES, PATIENCE);
        try (Connection writer = test.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("UPDATE a SET v = 'hunter2'");
            assertThatThrownBy(
                            () ->
                                    fence.raise(
                                            TABLES,
                                            "fence:1",
                                            new LockPatience(Duration.ofMillis(100), 2)))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo(FaultCode.SOURCE_LOCK_TIMEOUT);
                                assertThat(fault.getMessage())
                                        .contains("idle in transaction", "UPDATE", "pid ")
                                        .doesNotContain("hunter2");
                            });
            assertThat(fence.isRaised()).isFalse();
            test.execute("INSERT INTO p VALUES (5)");
            writer.rollback();
        }
    }

    @Test
    void namesWhoCouldWritePastItAndWhoSeemsTo() throws SQLException {
        open(14);
        test.execute(
                "DROP ROLE IF EXISTS fence_it_etl",
                "CREATE ROLE fence_it_etl LOGIN",
                "ALTER ROLE fence_it_etl SET session_replication_role = replica",
                "CREATE SUBSCRIPTION fence_it_sub CONNECTION 'host=nowhere' PUBLICATION p WITH"
                        + " (connect = false)");
        try (Connection superuser = test.connect();
                Statement statement = superuser.createStatement()) {
            statement.execute("SET application_name = 'maintenance'");
            assertThat(fence.bypasses())
                    .anyMatch(it -> it.startsWith("superuser postgres (maintenance), 1 session(s)"))
                    .anyMatch(it -> it.startsWith("role fence_it_etl has session_replication_role"))
                    .noneMatch(it -> it.contains("landbridge"));
            statement.execute(
                    "UPDATE pg_subscription SET subenabled = true WHERE subname = 'fence_it_sub'");
            assertThat(fence.bypasses()).anyMatch(it -> it.startsWith("subscription fence_it_sub"));
        } finally {
            test.execute(
                    "UPDATE pg_subscription SET subenabled = false WHERE subname = 'fence_it_sub'",
                    "ALTER SUBSCRIPTION fence_it_sub SET (slot_name = NONE)",
                    "DROP SUBSCRIPTION fence_it_sub",
                    "DROP ROLE fence_it_etl");
        }
    }

    @Test
    void aTransactionWithAnOldSnapshotCannotWritePastIt() throws SQLException {
        open(14);
        fence.arm(TABLES, PATIENCE);
        try (Connection reader = test.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("SELECT * FROM a");
            fence.raise(TABLES, "fence:1", PATIENCE);
            assertThatThrownBy(() -> statement.execute("UPDATE a SET v = 'late'"))
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void noWriteOfABusyClientCommitsBehindTheMarker() throws Exception {
        open(14);
        String slot = "fence_it_busy";
        test.value("SELECT pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");
        ExecutorService clients = Executors.newFixedThreadPool(4);
        AtomicLong commits = new AtomicLong();
        try {
            List<Future<String>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                running.add(clients.submit(() -> writeUntilRefused(commits)));
            }
            Await.until("clients write", Duration.ofSeconds(20), () -> commits.get() > 200);
            fence.raise(TABLES, "fence:busy", PATIENCE);
            for (Future<String> one : running) {
                assertThat(one.get()).isEqualTo("25006");
            }
            List<String> log =
                    test.rows(
                            "SELECT data FROM pg_logical_slot_get_changes('"
                                    + slot
                                    + "', NULL, NULL) WHERE data LIKE 'message:%' OR data LIKE"
                                    + " 'table public.%'");
            assertThat(log.get(log.size() - 1)).contains("fence:busy");
            assertThat(log).hasSizeGreaterThan(200);
        } finally {
            clients.shutdownNow();
            test.execute("SELECT pg_drop_replication_slot('" + slot + "')");
        }
    }

    /** Two tables in one transaction, in the order that our locks are not taken in. */
    private String writeUntilRefused(AtomicLong commits) throws SQLException {
        try (Connection connection = test.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (true) {
                statement.execute("UPDATE p SET id = id");
                statement.execute("UPDATE a SET v = 'busy'");
                connection.commit();
                commits.incrementAndGet();
            }
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }
}
