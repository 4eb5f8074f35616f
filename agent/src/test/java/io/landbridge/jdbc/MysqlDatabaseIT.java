package io.landbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.fault.Fault;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Proxy;
import io.landbridge.testkit.Servers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MysqlDatabaseIT {

    private final MysqlTestDatabase test = Servers.mysql().freshDatabase();

    @Test
    void givesUpAConnectionWhoseBytesVanishAndNotOneWhoseServerWorks() throws Exception {
        try (Proxy proxy = new Proxy("127.0.0.1", test.config().port());
                MysqlDatabase database =
                        new MysqlDatabase(proxy.through(test.config()), Side.SOURCE);
                Connection lost = database.open("test");
                Connection working = database.open("test")) {
            assertThat(ask(working, "SELECT SLEEP(8)")).isZero();
            assertThat(ask(lost, "SELECT GET_LOCK('held', 0)")).isOne();
            proxy.swallow();
            CompletableFuture<Long> hung =
                    CompletableFuture.supplyAsync(() -> ask(lost, "SELECT 1"));
            proxy.restore();
            assertThat(hung.handle((done, error) -> error).get(60, TimeUnit.SECONDS))
                    .rootCause()
                    .isInstanceOf(IOException.class);
            // The server's process, with all that it held, is gone as well.
            assertThat(
                            database.<Long>with(
                                    "locking", free -> ask(free, "SELECT GET_LOCK('held', 30)")))
                    .isOne();
        }
    }

    @Test
    void saysWhatAServerIsThatIsNoMysql() {
        DatabaseConfig there = Servers.mariadb().config("mysql");
        DatabaseConfig misnamed =
                new DatabaseConfig(
                        DatabaseConfig.Kind.MYSQL,
                        there.host(),
                        there.port(),
                        there.database(),
                        there.user(),
                        there.password(),
                        there.parameters(),
                        there.poolSize());
        try (MysqlDatabase database = new MysqlDatabase(misnamed, Side.SOURCE)) {
            for (ThrowingCallable attempt :
                    List.<ThrowingCallable>of(
                            () -> database.open("test").close(),
                            () -> database.<Long>with("asking", free -> ask(free, "SELECT 1")))) {
                assertThatThrownBy(attempt)
                        .isInstanceOf(Fault.class)
                        .hasMessageContaining("the source is no MySQL 8.0.13 or newer, but 10.")
                        .hasMessageContaining("MariaDB");
            }
        }
    }

    private static long ask(Connection connection, String sql) {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }
}
