package io.landbridge.offsets;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a stream is applied: rows of {@code landbridge.progress} in the database that is written
 * to, one for each worker, each committed in the transaction of the rows that it stands for. After
 * a crash they, and nothing else, say where to go on.
 *
 * <p>Stateless; the caller owns connections and transactions. PostgreSQL and MySQL understand the
 * statements; in MySQL {@code landbridge} is a database.
 */
public final class ProgressStore {

    private final String migration;
    private final String stream;

    /**
     * @param migration the migration's name
     * @param stream {@code forward}, or {@code reverse} for the way back
     */
    public ProgressStore(String migration, String stream) {
        this.migration = migration;
        this.stream = stream;
    }

    /** Makes PostgreSQL's table when it is absent; its schema {@code landbridge} must exist. */
    public static void createTable(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE IF NOT EXISTS landbridge.progress (
                      migration text NOT NULL,
                      stream text NOT NULL,
                      worker integer NOT NULL,
                      workers integer NOT NULL,
                      position text NOT NULL,
                      committed_at timestamptz,
                      transactions bigint NOT NULL,
                      changes bigint NOT NULL,
                      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                      PRIMARY KEY (migration, stream, worker)
                    ) WITH (fillfactor = 50)""");
        }
    }

    public String migration() {
        return migration;
    }

    public String stream() {
        return stream;
    }

    /** Every worker's progress, in the order of their numbers; empty before the first. */
    public List<WorkerProgress> read(Connection connection) throws SQLException {
        return read(connection, "");
    }

    /**
     * As {@link #read}, once every transaction that moves it has ended: a COMMIT that an earlier
     * connection sent may still be on its way. Holds the rows until the transaction ends.
     */
    public List<WorkerProgress> readSettled(Connection connection) throws SQLException {
        return read(connection, " FOR UPDATE");
    }

    private List<WorkerProgress> read(Connection connection, String locking) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT worker, workers, position, transactions, changes"
                                + " FROM landbridge.progress WHERE migration = ? AND stream = ?"
                                + " ORDER BY worker"
                                + locking)) {
            select.setString(1, migration);
            select.setString(2, stream);
            List<WorkerProgress> all = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(
                            new WorkerProgress(
                                    rows.getInt(1),
                                    rows.getInt(2),
                                    SourcePosition.parse(rows.getString(3)),
                                    rows.getLong(4),
                                    rows.getLong(5)));
                }
            }
            return all;
        }
    }

    /**
     * Sets all workers to {@code position}, for a stream's start or a changed number of workers.
     * Counters are kept by worker 0.
     */
    public void reset(
            Connection connection,
            int workers,
            SourcePosition position,
            long transactions,
            long changes)
            throws SQLException {
        delete(connection);
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO landbridge.progress (migration, stream, worker, workers,"
                                + " position, transactions, changes)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            for (int worker = 0; worker < workers; worker++) {
                insert.setString(1, migration);
                insert.setString(2, stream);
                insert.setInt(3, worker);
                insert.setInt(4, workers);
                insert.setString(5, position.text());
                insert.setLong(6, worker == 0 ? transactions : 0);
                insert.setLong(7, worker == 0 ? changes : 0);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * Moves one worker's row forward, inside the transaction of the rows it stands for.
     *
     * @param from where it stands, by what this agent knows
     * @param transactions source transactions that end at or before {@code position}, added
     * @param changes changes written, added
     * @throws SQLException also, with SQLSTATE 02000, when the row is not there or stands
     *     elsewhere: somebody else took the stream over
     */
    public void advance(
            Connection connection,
            int worker,
            SourcePosition from,
            SourcePosition position,
            long transactions,
            long changes)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE landbridge.progress SET position = ?, transactions = transactions"
                                + " + ?, changes = changes + ?, updated_at = CURRENT_TIMESTAMP"
                                + " WHERE migration = ? AND stream = ? AND worker = ?"
                                + " AND position = ?")) {
            update.setString(1, position.text());
            update.setLong(2, transactions);
            update.setLong(3, changes);
            update.setString(4, migration);
            update.setString(5, stream);
            update.setInt(6, worker);
            update.setString(7, from.text());
            if (update.executeUpdate() != 1) {
                throw new SQLException(
                        "progress of worker " + worker + " of " + stream + " was moved by another",
                        "02000");
            }
        }
    }

    /**
     * Moves all workers' rows forward in one transaction; worker 0's counts.
     *
     * @param from where all of them stand, by what this agent knows
     * @throws SQLException also, with SQLSTATE 02000, when not as many rows as {@code workers}
     *     stand there: somebody else took the stream over
     */
    public void advanceAll(
            Connection connection,
            int workers,
            SourcePosition from,
            SourcePosition position,
            long transactions,
            long changes)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE landbridge.progress SET position = ?, transactions = transactions"
                                + " + CASE worker WHEN 0 THEN ? ELSE 0 END, changes = changes +"
                                + " CASE worker WHEN 0 THEN ? ELSE 0 END, updated_at ="
                                + " CURRENT_TIMESTAMP WHERE migration = ? AND stream = ?"
                                + " AND position = ?")) {
            update.setString(1, position.text());
            update.setLong(2, transactions);
            update.setLong(3, changes);
            update.setString(4, migration);
            update.setString(5, stream);
            update.setString(6, from.text());
            if (update.executeUpdate() != workers) {
                throw new SQLException("progress of " + stream + " was moved by another", "02000");
            }
        }
    }

    /** Forgets the stream. */
    public void delete(Connection connection) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM landbridge.progress WHERE migration = ? AND stream = ?")) {
            delete.setString(1, migration);
            delete.setString(2, stream);
            delete.executeUpdate();
        }
    }
}
