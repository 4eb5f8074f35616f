package io.landbridge.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** One transaction on a connection that is in auto-commit before and after. */
final class Transactions {

    private Transactions() {}

    /** Commits when {@code work} returns. */
    static <T> T run(Connection connection, SqlWork<T> work) throws SQLException {
        connection.setAutoCommit(false);
        T result;
        try {
            result = work.on(connection);
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            rollback(connection, e);
            throw e;
        }
        connection.setAutoCommit(true);
        return result;
    }

    /**
     * Leaves {@code cause} the error that is seen: the pool may have closed the connection because
     * of it already.
     */
    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
