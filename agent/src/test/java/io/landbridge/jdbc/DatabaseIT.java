package io.landbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.testkit.Await;
import io.landbridge.testkit.Proxy;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseIT {

    private final TestDatabase test = Servers.target().freshDatabase();

    /** The pool asks its first connection some questions; being cut there must not be for ever. */
    @ParameterizedTest(name = "cut at request {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void poolComesBackAfterItsFirstConnectionWasCut(int request) {
        try (Proxy proxy = new Proxy("127.0.0.1", test.config().port());
                Database database = new Database(proxy.through(test.config()), Side.TARGET)) {
            proxy.cutAtRequest(request);
            Await.until(
                    "the pool gives a connection",
                    Duration.ofSeconds(60),
                    () -> database.with("asking", connection -> isolation(connection) != null));
        }
    }

    @Test
    void rolesSettingsDoNotReachOurSessions() {
        test.execute(
                "ALTER DATABASE \""
                        + test.config().database()
                        + "\""
                        + " SET default_transaction_isolation = 'serializable'");
        try (Database database = test.open(Side.TARGET);
                Connection own = database.open("test")) {
            assertThat(isolation(own)).isEqualTo("read committed");
            assertThat(database.with("asking", DatabaseIT::isolation)).isEqualTo("read committed");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givesUpAConnectionWhoseBytesVanishAndNotOneWhoseServerWorks() throws Exception {
        test.execute("CREATE TABLE held ()");
        try (Proxy proxy = new Proxy("127.0.0.1", test.config().port());
                Database database = new Database(proxy.through(test.config()), Side.TARGET);
                Connection lost = database.open("test");
                Connection working = database.open("test")) {
            CompletableFuture<Void> slow =
                    CompletableFuture.runAsync(() -> execute(working, "SELECT pg_sleep(8)"));
            slow.get(60, TimeUnit.SECONDS);
            try (var statement = lost.createStatement()) {
                statement.execute("BEGIN; LOCK TABLE public.held");
            }
            proxy.swallow();
            CompletableFuture<Void> hung =
                    CompletableFuture.runAsync(() -> execute(lost, "SELECT 1"));
            proxy.restore();
            assertThat(hung.handle((done, error) -> error).get(60, TimeUnit.SECONDS))
                    .rootCause()
                    .isInstanceOf(IOException.class);
            // The server's process, with all that it held, is gone as well.
            database.inTransaction(
                    "locking",
                    connection -> {
                        try (var statement = connection.createStatement()) {
                            return statement.execute(
                                    "SET LOCAL lock_timeout = '30s'; LOCK TABLE public.held");
                        }
                    });
        }
    }

    private static void execute(Connection connection, String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static String isolation(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW transaction_isolation")) {
            row.next();
            return row.getString(1);
        }
    }
}
