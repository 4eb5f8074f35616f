package io.landbridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class CommitWaitIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    /**
     * Making a slot goes through two stages, each of which waits for those who run at its start.
     * Who begins in the second one and commits is before the slot's start, waited for by nobody.
     */
    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void aCommitThatWaitsForAStandbyIsInStreamOrSnapshot(int major) throws Exception {
        try (PostgresServer server =
                PostgresServer.start(major, Map.of("synchronous_commit", "local"))) {
            TestDatabase database = server.freshDatabase();
            database.execute("CREATE TABLE t (id int)");
            database.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
            database.execute("SELECT pg_reload_conf()");
            awaitSetting(database);
            try (Connection first = begin(database);
                    Database source = database.open(Side.SOURCE)) {
                CompletableFuture<Long> seen =
                        CompletableFuture.supplyAsync(
                                () -> {
                                    new PostgresLog(source, "waits").createSlot();
                                    return database.number("SELECT count(*) FROM t");
                                });
                awaitWaitingSlot(database, pid(first));
                Connection second = begin(database);
                first.rollback();
                awaitWaitingSlot(database, pid(second));
                CompletableFuture<Void> commit = CompletableFuture.runAsync(() -> write(database));
                awaitSession(database, "wait_event = 'SyncRep'");
                second.rollback();
                second.close();
                // Done already when nobody waits for the commit.
                Await.until(
                        "the slot is made",
                        SOON,
                        () ->
                                seen.isDone()
                                        || sessions(database, "query LIKE '%txid_snapshot_xip%'"));
                database.rows(
                        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
                                + " WHERE wait_event = 'SyncRep'");
                commit.get(30, TimeUnit.SECONDS);
                assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            }
        }
    }

    private static void awaitSetting(TestDatabase database) {
        Await.until(
                "the setting is read",
                SOON,
                () -> database.value("SHOW synchronous_standby_names").equals("nobody"));
    }

    private static Connection begin(TestDatabase database) throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        connection.createStatement().execute("SELECT txid_current()");
        return connection;
    }

    private static void write(TestDatabase database) {
        try (Connection connection = database.connect()) {
            connection.createStatement().execute("SET synchronous_commit = on");
            connection.createStatement().execute("INSERT INTO t VALUES (1)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitWaitingSlot(TestDatabase database, long holder) {
        Await.until(
                "the slot waits for process " + holder,
                SOON,
                () ->
                        database.number(
                                        "SELECT count(*) FROM pg_stat_activity WHERE "
                                                + holder
                                                + " = ANY (pg_blocking_pids(pid))"
                                                + " AND query LIKE '%pg_create_logical%'")
                                > 0);
    }

    private static boolean sessions(TestDatabase database, String condition) {
        return database.number(
                        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
                                + condition)
                > 0;
    }

    private static void awaitSession(TestDatabase database, String condition) {
        Await.until("a session with " + condition, SOON, () -> sessions(database, condition));
    }

    private static long pid(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }
}
