package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.fault.FaultCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which tables are loaded and which are stopped: rows of {@code landbridge.table_state} at the
 * target, written in the transaction of the rows that they speak of.
 *
 * <p>Stateless; the caller owns connections and transactions. Any {@link Destination} understands
 * {@link #read}, {@link #stop}, {@link #restart} and {@link #delete}; the load's are PostgreSQL's.
 */
public final class TableStates {

    private final String migration;

    public TableStates(String migration) {
        this.migration = migration;
    }

    /** Makes PostgreSQL's table when it is absent; its schema {@code landbridge} must exist. */
    public static void createTable(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE IF NOT EXISTS landbridge.table_state (
                      migration text NOT NULL,
                      table_schema text NOT NULL,
                      table_name text NOT NULL,
                      state text NOT NULL DEFAULT 'PENDING'
                        CHECK (state IN ('PENDING', 'LOADED')),
                      snapshot text,
                      rows bigint NOT NULL DEFAULT 0,
                      bytes bigint NOT NULL DEFAULT 0,
                      stopped_code text,
                      stopped_reason text,
                      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                      PRIMARY KEY (migration, table_schema, table_name),
                      CHECK ((stopped_code IS NULL) = (stopped_reason IS NULL))
                    )""");
        }
    }

    /** Every registered table, by name. */
    public Map<TableId, TableState> read(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        // MySQL keeps ROWS for itself, but not behind a full stop.
                        "SELECT s.table_schema, s.table_name, s.state, s.snapshot, s.rows,"
                                + " s.bytes, s.stopped_code, s.stopped_reason"
                                + " FROM landbridge.table_state s WHERE s.migration = ?")) {
            select.setString(1, migration);
            Map<TableId, TableState> states =
                    new TreeMap<>(
                            Comparator.comparing(TableId::schema).thenComparing(TableId::name));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    TableState state = state(rows);
                    states.put(state.table(), state);
                }
            }
            return states;
        }
    }

    private static TableState state(ResultSet row) throws SQLException {
        String code = row.getString(7);
        String reason = row.getString(8);
        return new TableState(
                new TableId(row.getString(1), row.getString(2)),
                TableState.Load.valueOf(row.getString(3)),
                Optional.ofNullable(row.getString(4)),
                row.getLong(5),
                row.getLong(6),
                code == null
                        ? Optional.empty()
                        : Optional.of(new TableState.Stop(FaultCode.valueOf(code), reason)));
    }

    /** Adds {@code tables} as pending; those that are known keep their state. */
    public void register(Connection connection, Collection<TableId> tables) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO landbridge.table_state (migration, table_schema, table_name)"
                                + " SELECT ?, * FROM unnest(?::text[], ?::text[])"
                                + " ON CONFLICT DO NOTHING")) {
            insert.setString(1, migration);
            insert.setArray(2, texts(connection, tables.stream().map(TableId::schema).toArray()));
            insert.setArray(3, texts(connection, tables.stream().map(TableId::name).toArray()));
            insert.executeUpdate();
        }
    }

    private static java.sql.Array texts(Connection connection, Object[] values)
            throws SQLException {
        return connection.createArrayOf("text", values);
    }

    /** As the longer form, with nothing counted: for rows that were there before us. */
    public void markLoaded(Connection connection, TableId table, String snapshotOrNull)
            throws SQLException {
        markLoaded(connection, table, snapshotOrNull, 0, 0);
    }

    /**
     * Says that all rows of {@code table} are there once the caller's transaction commits.
     *
     * @param snapshotOrNull what {@link TableState#snapshot} describes; null for a keyed table
     */
    public void markLoaded(
            Connection connection, TableId table, String snapshotOrNull, long rows, long bytes)
            throws SQLException {
        try (PreparedStatement upsert =
                connection.prepareStatement(
                        "INSERT INTO landbridge.table_state (migration, table_schema, table_name,"
                                + " state, snapshot, rows, bytes)"
                                + " VALUES (?, ?, ?, 'LOADED', ?, ?, ?)"
                                + " ON CONFLICT (migration, table_schema, table_name) DO UPDATE SET"
                                + " state = 'LOADED', snapshot = excluded.snapshot,"
                                + " rows = excluded.rows, bytes = excluded.bytes,"
                                + " updated_at = clock_timestamp()")) {
            name(upsert, 1, table);
            upsert.setString(4, snapshotOrNull);
            upsert.setLong(5, rows);
            upsert.setLong(6, bytes);
            upsert.executeUpdate();
        }
    }

    /** Stops {@code table}; the first reason stays when it is stopped already. */
    public void stop(Connection connection, TableId table, FaultCode code, String reason)
            throws SQLException {
        if (stop(
                        connection,
                        "UPDATE landbridge.table_state SET"
                                + " stopped_code = COALESCE(stopped_code, ?),"
                                + " stopped_reason = COALESCE(stopped_reason, ?),"
                                + " updated_at = CURRENT_TIMESTAMP"
                                + " WHERE migration = ? AND table_schema = ? AND table_name = ?",
                        table,
                        code,
                        reason)
                == 0) {
            stop(
                    connection,
                    "INSERT INTO landbridge.table_state (stopped_code, stopped_reason, migration,"
                            + " table_schema, table_name) VALUES (?, ?, ?, ?, ?)",
                    table,
                    code,
                    reason);
        }
    }

    private int stop(
            Connection connection, String sql, TableId table, FaultCode code, String reason)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, code.name());
            statement.setString(2, reason);
            name(statement, 3, table);
            return statement.executeUpdate();
        }
    }

    /** Takes the stop off {@code table}: it was repaired. */
    public void restart(Connection connection, TableId table) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE landbridge.table_state SET stopped_code = NULL,"
                                + " stopped_reason = NULL, updated_at = CURRENT_TIMESTAMP"
                                + " WHERE migration = ? AND table_schema = ?"
                                + " AND table_name = ?")) {
            name(update, 1, table);
            update.executeUpdate();
        }
    }

    /** Forgets the migration. */
    public void delete(Connection connection) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM landbridge.table_state WHERE migration = ?")) {
            delete.setString(1, migration);
            delete.executeUpdate();
        }
    }

    private void name(PreparedStatement statement, int parameter, TableId table)
            throws SQLException {
        statement.setString(parameter, migration);
        statement.setString(parameter + 1, table.schema());
        statement.setString(parameter + 2, table.name());
    }
}
