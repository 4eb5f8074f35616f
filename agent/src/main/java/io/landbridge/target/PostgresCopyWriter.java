package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.SqlWork;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows in COPY's own format over a connection of its own, in transactions that the caller
 * commits together with the state that speaks of them.
 *
 * <p>Commits don't wait for the disk: rows and state are lost together, if at all. Whoever declares
 * something complete must commit once more, elsewhere and waiting; that covers all commits before.
 *
 * <p>Used by one thread, but {@link #abort} may come from any. After a fault it can only be closed.
 */
public final class PostgresCopyWriter implements AutoCloseable {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Database target;
    private final Connection connection;
    private final boolean triggersSilent;
    private CopyIn copy;
    private String doing = "";

    /**
     * @param purpose as in {@link Database#open}
     */
    public PostgresCopyWriter(Database target, String purpose) {
        this.target = target;
        this.connection = target.open(purpose);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = off");
            triggersSilent = silenceTriggers(statement);
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            Fault fault = target.fault("the settings of a writing session", e);
            close();
            throw fault;
        }
    }

    private static boolean silenceTriggers(Statement statement) throws SQLException {
        try {
            statement.execute("SET session_replication_role = replica");
            return true;
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** The statement that writes {@code columns} of a table. */
    public static String statement(TableId table, List<String> columns, boolean binary) {
        return "COPY "
                + Sql.quote(table)
                + (columns.isEmpty() ? "" : " (" + Sql.quoteAll(columns) + ")")
                + " FROM STDIN (FORMAT "
                + (binary ? "binary" : "text")
                + ")";
    }

    /** Whether triggers and foreign keys are silent here; else the role lacks the right. */
    public boolean triggersSilent() {
        return triggersSilent;
    }

    /**
     * Starts {@code statement}.
     *
     * @param what names it in faults
     */
    public void open(String statement, String what) {
        doing = what;
        try {
            copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
        } catch (SQLException e) {
            throw target.fault(doing, e);
        }
    }

    public void write(byte[] bytes, int length) {
        try {
            copy.writeToCopy(bytes, 0, length);
        } catch (SQLException e) {
            throw target.fault(doing, e);
        }
    }

    /**
     * Ends the data.
     *
     * @return how many rows the target took
     */
    public long finish() {
        try {
            long rows = copy.endCopy();
            copy = null;
            return rows;
        } catch (SQLException e) {
            throw target.fault(doing, e);
        }
    }

    /**
     * Does something in the transaction that is open, or in a new one.
     *
     * @param what names it in faults
     */
    public <T> T with(String what, SqlWork<T> work) {
        doing = what;
        try {
            return work.on(connection);
        } catch (SQLException e) {
            throw target.fault(doing, e);
        }
    }

    public void commit() {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw target.fault(doing, e);
        }
    }

    /** Breaks the connection at once; the server rolls back what was not committed. */
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            throw target.fault("the end of a connection", e);
        }
    }

    @Override
    public void close() {
        try {
            if (copy == null) {
                connection.close();
            } else {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            throw target.fault("the end of a connection", e);
        }
    }
}
