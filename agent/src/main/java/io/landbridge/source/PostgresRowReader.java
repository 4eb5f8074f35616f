package io.landbridge.source;

import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.TableLayout;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postgresql.PGStatement;

/** Reads single rows of the source as they are now, every value in its exact text form. */
public final class PostgresRowReader {

    private final Database source;

    public PostgresRowReader(Database source) {
        this.source = source;
    }

    /**
     * A row, and how far the log was when it had been read.
     *
     * @param row empty when there is none under the key
     * @param at every transaction that the reading saw ends at or before it
     */
    public record Reading(Optional<RowImage> row, SourcePosition at) {}

    /** The row under {@code key}, with the columns of {@code layout}. */
    public Reading read(TableLayout layout, RowKey key) {
        return source.with("reading a row of " + layout.table(), c -> read(c, layout, key));
    }

    private static Reading read(Connection connection, TableLayout layout, RowKey key)
            throws SQLException {
        Optional<RowImage> row = row(connection, layout, key);
        try (var statement = connection.createStatement();
                var at = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
            at.next();
            return new Reading(row, Lsn.parse(at.getString(1)));
        }
    }

    private static Optional<RowImage> row(Connection connection, TableLayout layout, RowKey key)
            throws SQLException {
        String sql =
                "SELECT "
                        + Sql.quoteAll(layout.columns())
                        + " FROM "
                        + Sql.quote(layout.table())
                        + " WHERE "
                        + layout.keyColumns().stream()
                                .map(column -> Sql.quote(column) + " = ?")
                                .collect(Collectors.joining(" AND "));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            // A statement that the server keeps may be answered in binary, which is not the text.
            select.unwrap(PGStatement.class).setPrepareThreshold(0);
            for (int i = 0; i < key.values().size(); i++) {
                select.setObject(i + 1, key.value(i), Types.OTHER);
            }
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                String[] values = new String[layout.columns().size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = rows.getString(i + 1);
                }
                return Optional.of(RowImage.of(values));
            }
        }
    }
}
