package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.stream.Collectors;

/** The rows of whole tables. */
public final class TableRows {

    private TableRows() {}

    /**
     * Takes all rows out of {@code tables}, in the caller's transaction, for whose rest triggers
     * and foreign keys may be silent. Where tables that stay refer to these, rows are deleted,
     * without the foreign keys' actions: the caller knows that no row which stays refers to one
     * that does not come back.
     */
    public static void empty(Connection connection, Collection<TableId> tables)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (isReferredTo(connection, tables)) {
                statement.execute("SET LOCAL session_replication_role = replica");
                for (TableId table : tables) {
                    statement.addBatch("DELETE FROM " + Sql.quote(table));
                }
                statement.executeBatch();
            } else {
                statement.execute(
                        "TRUNCATE "
                                + tables.stream()
                                        .map(Sql::quote)
                                        .collect(Collectors.joining(", ")));
            }
        }
    }

    private static boolean isReferredTo(Connection connection, Collection<TableId> tables)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "WITH lot AS (SELECT t::regclass AS oid FROM unnest(?::text[]) AS t)"
                                + " SELECT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f'"
                                + " AND confrelid IN (SELECT oid FROM lot)"
                                + " AND conrelid NOT IN (SELECT oid FROM lot))")) {
            query.setArray(
                    1, connection.createArrayOf("text", tables.stream().map(Sql::quote).toArray()));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
