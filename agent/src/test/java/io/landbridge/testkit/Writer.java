package io.landbridge.testkit;

import io.landbridge.config.DatabaseConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * One client: runs transactions one after the other on a connection of its own, as its thread.
 * Errors are counted and the next transaction is tried, after a new connection where the old one is
 * gone.
 */
final class Writer implements Runnable {

    private static final long BACK_OFF_NANOS = 50_000_000;

    private final int number;
    private final List<WriterTransaction> kinds;
    private final Workload.Pace pace;
    private final Ledger ledger;
    private final Random random;
    private Connection connection;
    private DatabaseConfig connectedTo;
    private int sequence;

    Writer(
            int number,
            List<WriterTransaction> kinds,
            Workload.Pace pace,
            Ledger ledger,
            long seed) {
        this.number = number;
        this.kinds = kinds;
        this.pace = pace;
        this.ledger = ledger;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        DatabaseConfig database;
        while ((database = pace.next(number)) != null) {
            WriterTransaction kind = WriterTransaction.pick(kinds, random);
            if (connected(database, kind)) {
                transaction(kind);
            }
        }
        disconnect();
    }

    private void transaction(WriterTransaction kind) {
        int mine = ++sequence;
        boolean committing = false;
        try {
            if (!kind.body().run(connection, random)) {
                connection.rollback();
                ledger.rolledBack(kind.name());
                return;
            }
            receipt(mine, kind);
            committing = true;
            connection.commit();
            ledger.committed(number, mine, kind.name());
        } catch (SQLException e) {
            boolean lost = isLost(e);
            if (committing && lost) {
                ledger.unknown(number, mine);
            }
            failed(kind, e);
            if (lost) {
                disconnect();
            } else {
                rollBack();
            }
        }
    }

    private void receipt(int mine, WriterTransaction kind) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "INSERT INTO work.receipt (writer, seq, kind) VALUES (?, ?, ?)")) {
            statement.setInt(1, number);
            statement.setInt(2, mine);
            statement.setString(3, kind.name());
            statement.executeUpdate();
        }
    }

    private boolean connected(DatabaseConfig database, WriterTransaction kind) {
        if (connection != null && database.equals(connectedTo)) {
            return true;
        }
        disconnect();
        try {
            Properties properties = new Properties();
            properties.setProperty("user", database.user());
            properties.setProperty("password", database.password().reveal());
            properties.setProperty("ApplicationName", "writer " + number);
            // Writers step on each other's feet on purpose: don't let them stand there for 1 s.
            properties.setProperty("options", "-c deadlock_timeout=20ms");
            boolean mysql = database.kind().isOfMysqlFamily();
            if (mysql) {
                properties.remove("ApplicationName");
                properties.remove("options");
            }
            connection =
                    DriverManager.getConnection(
                            (mysql ? "jdbc:mysql://" : "jdbc:postgresql://")
                                    + database.host()
                                    + ":"
                                    + database.port()
                                    + "/"
                                    + java.net.URLEncoder.encode(
                                            database.database(),
                                            java.nio.charset.StandardCharsets.UTF_8),
                            properties);
            connection.setAutoCommit(false);
            connectedTo = database;
            return true;
        } catch (SQLException e) {
            failed(kind, e);
            disconnect();
            LockSupport.parkNanos(BACK_OFF_NANOS);
            return false;
        }
    }

    private void failed(WriterTransaction kind, SQLException e) {
        String sqlState = String.valueOf(e.getSQLState());
        ledger.failed(kind.name(), sqlState, e.getMessage());
        pace.refused(sqlState);
    }

    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            disconnect();
        }
    }

    private void disconnect() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // A broken connection is as good as a closed one.
            }
            connection = null;
        }
    }

    private static boolean isLost(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || state.startsWith("57P");
    }
}
