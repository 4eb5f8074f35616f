package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Relations;
import io.landbridge.schema.digest.KeyRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a validation is: rows of {@code landbridge.compared_part} at the target. Stateless; the
 * caller owns connections and transactions.
 */
final class PartStore {

    private static final String UPSERT =
            "INSERT INTO landbridge.compared_part AS p (migration, asked, table_schema, table_name,"
                    + " part, shape, lower_bound, upper_bound, position, rows, compared_rows, hash,"
                    + " compared_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                    + " CASE WHEN ? THEN clock_timestamp() END)"
                    + " ON CONFLICT (migration, table_schema, table_name, part) DO UPDATE SET"
                    + " asked = excluded.asked, shape = excluded.shape,"
                    + " lower_bound = excluded.lower_bound, upper_bound = excluded.upper_bound,"
                    + " position = excluded.position, rows = excluded.rows,"
                    + " compared_rows = excluded.compared_rows, hash = excluded.hash,"
                    + " compared_at = excluded.compared_at";

    private final String migration;

    PartStore(String migration) {
        this.migration = migration;
    }

    /**
     * The parts of one table.
     *
     * @param asked what the validation was asked for: another one does not go on with it
     * @param shape tells whether the table is made of the same columns still
     */
    record Cut(String asked, int shape, List<EqualPart> parts) {}

    /** Makes the table when it is absent, and its schema. */
    static void createTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS landbridge");
            statement.execute(
                    """
                    CREATE TABLE IF NOT EXISTS landbridge.compared_part (
                      migration text NOT NULL,
                      asked text NOT NULL,
                      table_schema text NOT NULL,
                      table_name text NOT NULL,
                      part integer NOT NULL,
                      shape integer NOT NULL,
                      lower_bound text,
                      upper_bound text,
                      position text,
                      rows bigint,
                      compared_rows bigint,
                      hash text,
                      compared_at timestamptz,
                      PRIMARY KEY (migration, table_schema, table_name, part)
                    ) WITH (fillfactor = 70)""");
        }
    }

    /** All that is known; parts found equal longer ago than {@code age} count as not compared. */
    Map<TableId, Cut> read(Connection connection, Duration age) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT asked, table_schema, table_name, part, shape, lower_bound,"
                                + " upper_bound, position, rows, compared_rows, hash,"
                                + " compared_at > clock_timestamp() - ? * interval '1 second'"
                                + " FROM landbridge.compared_part WHERE migration = ?"
                                + " ORDER BY table_schema, table_name, part")) {
            select.setLong(1, age.toSeconds());
            select.setString(2, migration);
            Map<TableId, Cut> cuts = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String asked = row.getString(1);
                    int shape = row.getInt(5);
                    cuts.computeIfAbsent(
                                    new TableId(row.getString(2), row.getString(3)),
                                    table -> new Cut(asked, shape, new ArrayList<>()))
                            .parts()
                            .add(part(row));
                }
            }
            return cuts;
        }
    }

    private static EqualPart part(ResultSet row) throws SQLException {
        Optional<EqualPart.Found> found =
                row.getBoolean(12)
                        ? Optional.of(
                                new EqualPart.Found(
                                        row.getString(8),
                                        row.getLong(9),
                                        row.getLong(10),
                                        row.getString(11)))
                        : Optional.empty();
        return new EqualPart(
                row.getInt(4),
                new KeyRange(
                        Optional.ofNullable(row.getString(6)),
                        Optional.ofNullable(row.getString(7))),
                found);
    }

    /** Writes these parts over what is known of them. */
    void write(Connection connection, Map<TableId, Cut> cuts) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (var cut : cuts.entrySet()) {
                for (EqualPart part : cut.getValue().parts()) {
                    set(upsert, cut.getKey(), cut.getValue(), part);
                    upsert.addBatch();
                }
            }
            upsert.executeBatch();
        }
    }

    private void set(PreparedStatement upsert, TableId table, Cut cut, EqualPart part)
            throws SQLException {
        Optional<EqualPart.Found> found = part.found();
        upsert.setString(1, migration);
        upsert.setString(2, cut.asked());
        upsert.setString(3, table.schema());
        upsert.setString(4, table.name());
        upsert.setInt(5, part.number());
        upsert.setInt(6, cut.shape());
        upsert.setString(7, part.range().from().orElse(null));
        upsert.setString(8, part.range().to().orElse(null));
        upsert.setString(9, found.map(EqualPart.Found::position).orElse(null));
        upsert.setObject(10, found.map(EqualPart.Found::rows).orElse(null), Types.BIGINT);
        upsert.setObject(11, found.map(EqualPart.Found::comparedRows).orElse(null), Types.BIGINT);
        upsert.setString(12, found.map(EqualPart.Found::hash).orElse(null));
        upsert.setBoolean(13, found.isPresent());
    }

    /** Forgets one table. */
    void delete(Connection connection, TableId table) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM landbridge.compared_part"
                                + " WHERE migration = ? AND table_schema = ? AND table_name = ?")) {
            delete.setString(1, migration);
            delete.setString(2, table.schema());
            delete.setString(3, table.name());
            delete.executeUpdate();
        }
    }

    /** Forgets the migration; does nothing without a table. */
    static void delete(Connection connection, String migration) throws SQLException {
        if (!Relations.exists(connection, "landbridge.compared_part")) {
            return;
        }
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM landbridge.compared_part WHERE migration = ?")) {
            delete.setString(1, migration);
            delete.executeUpdate();
        }
    }
}
