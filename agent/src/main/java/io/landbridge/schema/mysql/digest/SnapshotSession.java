package io.landbridge.schema.mysql.digest;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.MysqlDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One session of a snapshot, used by one thread at a time; only {@link #cancel} may come from
 * another. A reading transaction of MySQL keeps a table's metadata lock, which DDL of others waits
 * for, and everybody after them; so each question ends with a rollback to a savepoint, which gives
 * the lock back and keeps the snapshot.
 */
final class SnapshotSession {

    /** The table was truncated or altered since the snapshot: it can't be read there any more. */
    private static final int TABLE_DEFINITION_CHANGED = 1412;

    private static final int NO_SUCH_TABLE = 1146;

    private static final String UNLOCK = "ROLLBACK TO SAVEPOINT nothing_locked";

    private final MysqlDatabase database;
    private final Connection connection;
    private volatile Statement running;

    /** Takes over {@code connection}, which is in a transaction of the snapshot. */
    SnapshotSession(MysqlDatabase database, Connection connection) throws SQLException {
        this.database = database;
        this.connection = connection;
        execute("SAVEPOINT nothing_locked");
    }

    /** Makes something of a row. */
    interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** Rows as they come, one at a time; memory holds one of them. */
    interface Rows extends AutoCloseable {

        /** Goes on to the next row; false at the end, also at that of a changed table. */
        boolean next();

        ResultSet row();

        @Override
        void close();
    }

    /** All rows of a query, which must be few; none of a table that has changed. */
    <T> List<T> all(TableId table, String query, Reading<T> reading) {
        List<T> all = new ArrayList<>();
        try (Rows rows = stream(table, query)) {
            while (rows.next()) {
                all.add(reading.of(rows.row()));
            }
        } catch (SQLException e) {
            throw fault(table, e);
        }
        return all;
    }

    /** Asks; the answer must be read to its end and closed before the next question. */
    Rows stream(TableId table, String query) {
        try {
            Statement statement =
                    connection.createStatement(
                            ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
            running = statement;
            // The driver's word for: row by row, as they come.
            statement.setFetchSize(Integer.MIN_VALUE);
            return new Streamed(table, statement, query);
        } catch (SQLException e) {
            throw fault(table, e);
        }
    }

    private final class Streamed implements Rows {

        private final TableId table;
        private final Statement statement;
        private final ResultSet rows;
        private boolean ended;

        Streamed(TableId table, Statement statement, String query) throws SQLException {
            this.table = table;
            this.statement = statement;
            ResultSet opened = null;
            try {
                opened = statement.executeQuery(query);
            } catch (SQLException e) {
                ended = true;
                if (!isChanged(e)) {
                    statement.close();
                    throw e;
                }
            }
            this.rows = opened;
        }

        @Override
        public boolean next() {
            try {
                ended = ended || !rows.next();
            } catch (SQLException e) {
                ended = true;
                if (!isChanged(e)) {
                    throw fault(table, e);
                }
            }
            return !ended;
        }

        @Override
        public ResultSet row() {
            return rows;
        }

        /** What still streams would be read to its end. */
        @Override
        public void close() {
            try {
                if (!ended) {
                    cancel();
                }
                running = null;
                statement.close();
                execute(UNLOCK);
            } catch (SQLException e) {
                throw fault(table, e);
            }
        }
    }

    /** Whether the snapshot still shows the table as it was. */
    boolean isIntact(TableId table, String query) {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(query)) {
                row.next();
            }
            statement.execute(UNLOCK);
            return true;
        } catch (SQLException e) {
            if (isChanged(e)) {
                return false;
            }
            throw fault(table, e);
        }
    }

    private static boolean isChanged(SQLException e) {
        return e.getErrorCode() == TABLE_DEFINITION_CHANGED || e.getErrorCode() == NO_SUCH_TABLE;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
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
            } catch (SQLException | NullPointerException e) {
                // It has ended by itself, or its connection has, of which the driver takes no note:
                // there is nothing left to cancel.
                running = null;
            }
        }
    }

    void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw database.fault("the end of a snapshot", e);
        }
    }
}
