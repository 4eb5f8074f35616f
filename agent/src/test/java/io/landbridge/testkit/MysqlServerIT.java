package io.landbridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The kit's MySQL is proven itself, and the product's way into it. */
class MysqlServerIT {

    @Test
    void startsForReplication() {
        MysqlTestDatabase database = Servers.mysql().freshDatabase();
        assertThat(database.value("SELECT version()")).startsWith("8.0.");
        assertThat(database.value("SELECT @@log_bin, @@binlog_format, @@gtid_mode"))
                .isEqualTo("1|ROW|ON");
    }

    @Test
    void keepsDataOverAStopAndAKill() {
        try (MysqlServer server = MysqlServer.start(Map.of("gtid-mode", "OFF"))) {
            MysqlTestDatabase database = server.createDatabase("Kept `db`");
            database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            server.stop();
            server.start();
            database.execute("INSERT INTO t VALUES (2)");
            server.kill();
            server.start();
            assertThat(database.rows("SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
            assertThat(database.value("SELECT @@gtid_mode")).isEqualTo("OFF");
        }
    }

    @Test
    void sessionsRenderExactly() throws SQLException {
        MysqlTestDatabase test = Servers.mysql().freshDatabase();
        test.execute(
                "CREATE TABLE t (id int, d date, ts timestamp(3), y year, b tinyint(1), x text)",
                "SET sql_mode = ''; SET time_zone = '+05:00'; INSERT INTO t VALUES (1,"
                        + " '0000-00-00', '2024-01-01 00:00:00.5', 0, 2, '{d \\'1\\'} \\\\ 😀')");
        try (MysqlDatabase database = test.open(Side.SOURCE);
                Connection connection = database.open("test");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT d, ts, y, b, x, '{a}' FROM t")) {
            row.next();
            assertThat(new String(row.getBytes(1), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("0000-00-00");
            assertThat(row.getString(2)).isEqualTo("2023-12-31 19:00:00.500");
            assertThat(row.getString(3)).isEqualTo("0");
            assertThat(row.getString(4)).isEqualTo("2");
            assertThat(row.getString(5)).isEqualTo("{d '1'} \\ 😀");
            assertThat(row.getString(6)).isEqualTo("{a}");
        }
    }
}
