package io.landbridge.schema.digest;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Asks one PostgreSQL within a transaction of a snapshot. Each question gives its locks back when
 * it ends; the snapshot stays. One thread, but for {@link #cancel}.
 */
final class SnapshotQueries implements AutoCloseable {

    private static final String SAVEPOINT = "SAVEPOINT nothing_locked";

    /** Subtransactions that are rolled back give their locks up; the snapshot stays. */
    private static final String UNLOCK = "ROLLBACK TO SAVEPOINT nothing_locked";

    private final Database database;
    private final Connection connection;
    private boolean savepoint;
    private volatile Statement running;

    /** Takes over {@code connection}, which is in a transaction of the snapshot. */
    SnapshotQueries(Database database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    /** What is done with a statement. */
    interface Work<T> {
        T on(PreparedStatement query) throws SQLException;
    }

    /**
     * Runs {@code work} on {@code statement}.
     *
     * @throws Fault naming {@code table}
     */
    <T> T run(TableId table, String statement, Work<T> work) {
        try (PreparedStatement query = prepare(statement)) {
            T result = work.on(query);
            unlock();
            return result;
        } catch (SQLException e) {
            throw fault(table, e);
        } finally {
            running = null;
        }
    }

    /** As {@link #run}; empty when the server refuses it, after which it can be asked on. */
    <T> Optional<T> tryToRun(TableId table, String statement, Work<T> work) {
        try (PreparedStatement query = prepare(statement)) {
            T result;
            try {
                result = work.on(query);
            } catch (SQLException e) {
                unlockAfter(e);
                return Optional.empty();
            }
            unlock();
            return Optional.of(result);
        } catch (SQLException e) {
            throw fault(table, e);
        } finally {
            running = null;
        }
    }

    private void unlockAfter(SQLException refused) throws SQLException {
        try {
            unlock();
        } catch (SQLException e) {
            refused.addSuppressed(e);
            throw refused;
        }
    }

    /** A statement that the caller closes, and calls {@link #unlock} then. */
    PreparedStatement prepare(String statement) throws SQLException {
        if (!savepoint) {
            execute(SAVEPOINT);
            savepoint = true;
        }
        PreparedStatement query = connection.prepareStatement(statement);
        running = query;
        return query;
    }

    void unlock() throws SQLException {
        execute(UNLOCK);
    }

    private void execute(String statement) throws SQLException {
        try (Statement plain = connection.createStatement()) {
            plain.execute(statement);
        }
    }

    /** The first column of the only row. */
    static String text(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    Fault fault(TableId table, SQLException error) {
        return database.fault("comparing rows", error).in(table);
    }

    /** Ends the statement that runs now with an error; thread-safe. */
    void cancel() {
        Statement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                // It has ended by itself, or its connection has: there is nothing left to cancel.
                running = null;
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw database.fault("closing a reader", e);
        }
    }
}
