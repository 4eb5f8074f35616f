package io.landbridge.soak;

import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.WriterTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Tables and transactions as sysbench's {@code oltp_read_write} has them, in words that MySQL and
 * PostgreSQL both understand, and a comparison of both sides that shares nothing with the agent's.
 */
final class Sbtest {

    private static final int TABLES = 4;

    private static final String FENCED_MYSQL = "HY000";
    private static final String FENCED_POSTGRES = "25006";

    private final int rows;

    /**
     * @param rows of all tables together
     */
    Sbtest(int rows) {
        this.rows = rows / TABLES;
    }

    static boolean isFence(String sqlState) {
        return sqlState.equals(FENCED_MYSQL) || sqlState.equals(FENCED_POSTGRES);
    }

    /** A fence, or a deadlock: what one deletes and inserts again stands in another's way. */
    static boolean isExpected(String sqlState) {
        return isFence(sqlState) || sqlState.equals("40001") || sqlState.equals("40P01");
    }

    /** Makes and fills database {@code work}, with a table for the clients' receipts. */
    MysqlTestDatabase create(MysqlServer server) {
        MysqlTestDatabase database = server.createDatabase("work");
        database.execute(
                "CREATE TABLE receipt (writer int, seq int, kind varchar(40) NOT NULL, PRIMARY KEY"
                        + " (writer, seq))");
        for (int table = 1; table <= TABLES; table++) {
            database.execute(
                    "CREATE TABLE sbtest"
                            + table
                            + " (id int AUTO_INCREMENT PRIMARY KEY, k int NOT NULL, c char(120) NOT"
                            + " NULL, pad char(60) NOT NULL, KEY (k))",
                    "SET SESSION cte_max_recursion_depth = 100000000; INSERT INTO sbtest"
                            + table
                            + " WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE"
                            + " i < "
                            + rows
                            + ") SELECT i, i, CONCAT_WS('-', MD5(i), MD5(-i)), MD5(i / 7) FROM n");
        }
        return database;
    }

    List<WriterTransaction> transactions() {
        return List.of(
                new WriterTransaction("read and write", 19, this::readAndWrite),
                new WriterTransaction("change of mind", 1, this::changeOfMind));
    }

    private boolean readAndWrite(Connection connection, Random random) throws SQLException {
        String table = "work.sbtest" + (1 + random.nextInt(TABLES));
        for (int i = 0; i < 4; i++) {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT c FROM " + table + " WHERE id = ?")) {
                select.setInt(1, any(random));
                select.executeQuery().close();
            }
        }
        run(connection, "UPDATE " + table + " SET k = k + 1 WHERE id = ?", any(random));
        run(
                connection,
                "UPDATE " + table + " SET c = ? WHERE id = ?",
                Long.toHexString(random.nextLong()) + "-é",
                any(random));
        int again = any(random);
        run(connection, "DELETE FROM " + table + " WHERE id = ?", again);
        run(
                connection,
                "INSERT INTO " + table + " (id, k, c, pad) VALUES (?, ?, ?, 'again')",
                again,
                random.nextInt(rows),
                "c" + random.nextInt());
        run(
                connection,
                "INSERT INTO " + table + " (k, c, pad) VALUES (?, 'counted', ?)",
                random.nextInt(rows),
                "p" + random.nextInt());
        return true;
    }

    private boolean changeOfMind(Connection connection, Random random) throws SQLException {
        run(connection, "DELETE FROM work.sbtest1 WHERE id = ?", any(random));
        return false;
    }

    private int any(Random random) {
        return 1 + random.nextInt(rows);
    }

    private static void run(Connection connection, String sql, Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    /** What {@code connection} sees is that of now, until it is closed. */
    static Connection snapshot(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            return connection;
        }
    }

    /** The first differing row of each table that has one. */
    List<String> differing(Connection mysql, Connection postgres) throws SQLException {
        List<String> found = new ArrayList<>();
        for (int table = 1; table <= TABLES; table++) {
            compare(
                    "SELECT CONCAT_WS('|', id, k, c, pad) FROM work.sbtest"
                            + table
                            + " ORDER BY id",
                    "SELECT concat_ws('|', id, k, rtrim(c), rtrim(pad)) FROM work.sbtest"
                            + table
                            + " ORDER BY id",
                    mysql,
                    postgres,
                    found);
        }
        String receipts =
                "SELECT CONCAT_WS('|', writer, seq, kind) FROM work.receipt ORDER BY writer, seq";
        compare(receipts, receipts, mysql, postgres, found);
        return found;
    }

    private static void compare(
            String there, String here, Connection mysql, Connection postgres, List<String> found)
            throws SQLException {
        try (Statement left = mysql.createStatement();
                Statement right = postgres.createStatement()) {
            // The drivers' words for reading row by row.
            left.setFetchSize(Integer.MIN_VALUE);
            right.setFetchSize(10_000);
            try (ResultSet mine = left.executeQuery(there);
                    ResultSet theirs = right.executeQuery(here)) {
                String one;
                String other;
                do {
                    one = mine.next() ? mine.getString(1) : null;
                    other = theirs.next() ? theirs.getString(1) : null;
                } while (one != null && one.equals(other));
                if (!Objects.equals(one, other)) {
                    found.add(there + ": " + one + " at MySQL, " + other + " at PostgreSQL");
                    while (mine.next()) {
                        // The rest, so that closing does not break the connection.
                    }
                }
            }
        }
    }
}
