package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.offsets.SourcePosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the applier must remember beside its progress, in {@code landbridge.apply_note}: for each
 * table whether its rows are divided between workers, since batches that some workers have
 * committed must be divided in the same way again; and up to where rows that were read from the
 * source may be ahead of the stream.
 *
 * <p>Stateless; the caller owns connections and transactions. Any {@link Destination} understands
 * the statements; one agent at a time writes.
 */
public final class ApplyNotes {

    /** Beside the tables, whose names it can't be: they have a schema. */
    private static final String CONVERGENCE = "";

    private final String migration;
    private final String stream;

    public ApplyNotes(String migration, String stream) {
        this.migration = migration;
        this.stream = stream;
    }

    /** Makes PostgreSQL's table when it is absent; its schema {@code landbridge} must exist. */
    public static void createTable(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE IF NOT EXISTS landbridge.apply_note (
                      migration text NOT NULL,
                      stream text NOT NULL,
                      table_schema text NOT NULL,
                      table_name text NOT NULL,
                      note text NOT NULL,
                      PRIMARY KEY (migration, stream, table_schema, table_name)
                    )""");
        }
    }

    /** Tables that rows were dealt of, and whether those were divided between workers. */
    public Map<TableId, Boolean> divided(Connection connection) throws SQLException {
        Map<TableId, Boolean> divided = new HashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT table_schema, table_name, note FROM landbridge.apply_note"
                                + " WHERE migration = ? AND stream = ? AND table_schema <> ''")) {
            query.setString(1, migration);
            query.setString(2, stream);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    divided.put(
                            new TableId(row.getString(1), row.getString(2)),
                            Boolean.valueOf(row.getString(3)));
                }
            }
        }
        return divided;
    }

    public void noteDivided(Connection connection, TableId table, boolean divided)
            throws SQLException {
        note(connection, table.schema(), table.name(), Boolean.toString(divided));
    }

    /** Up to where changes converge because of rows read from the source; empty if none was. */
    public Optional<SourcePosition> convergeThrough(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT note FROM landbridge.apply_note"
                                + " WHERE migration = ? AND stream = ? AND table_schema = ?")) {
            query.setString(1, migration);
            query.setString(2, stream);
            query.setString(3, CONVERGENCE);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(SourcePosition.parse(row.getString(1)))
                        : Optional.empty();
            }
        }
    }

    public void noteConvergeThrough(Connection connection, SourcePosition position)
            throws SQLException {
        note(connection, CONVERGENCE, CONVERGENCE, position.text());
    }

    private void note(Connection connection, String schema, String name, String note)
            throws SQLException {
        if (write(
                        connection,
                        "UPDATE landbridge.apply_note SET note = ? WHERE migration = ?"
                                + " AND stream = ? AND table_schema = ? AND table_name = ?",
                        note,
                        schema,
                        name)
                == 0) {
            write(
                    connection,
                    "INSERT INTO landbridge.apply_note"
                            + " (note, migration, stream, table_schema, table_name)"
                            + " VALUES (?, ?, ?, ?, ?)",
                    note,
                    schema,
                    name);
        }
    }

    private int write(Connection connection, String sql, String note, String schema, String name)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, note);
            statement.setString(2, migration);
            statement.setString(3, stream);
            statement.setString(4, schema);
            statement.setString(5, name);
            return statement.executeUpdate();
        }
    }

    /** Forgets the stream. */
    public void delete(Connection connection) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM landbridge.apply_note WHERE migration = ? AND stream = ?")) {
            delete.setString(1, migration);
            delete.setString(2, stream);
            delete.executeUpdate();
        }
    }
}
