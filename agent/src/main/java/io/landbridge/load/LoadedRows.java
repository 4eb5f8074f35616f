package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Relations;
import io.landbridge.schema.Sql;
import io.landbridge.schema.TableRows;
import io.landbridge.target.TableStates;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes the rows out again that a load brought into tables which stood at the target before it.
 *
 * <p>Only tables that are planned or loaded are touched: the plan refuses tables that hold rows, so
 * these were empty when it was made, and whatever is in them came by the migration.
 */
public final class LoadedRows {

    private static final int LOT = 100;

    private LoadedRows() {}

    /**
     * Empties the tables and forgets the load's plan; may be repeated.
     *
     * @param others tables that go as a whole anyway: they are left as they are
     * @return the tables that were emptied
     */
    public static Set<TableId> remove(
            Database target, String migration, Collection<TableId> others) {
        Set<TableId> loaded =
                target.with("reading what was loaded", connection -> loaded(connection, migration));
        loaded.removeAll(Set.copyOf(others));
        List<TableId> tables = target.with("looking for tables to empty", c -> existing(c, loaded));
        for (int from = 0; from < tables.size(); from += LOT) {
            List<TableId> lot = tables.subList(from, Math.min(tables.size(), from + LOT));
            // No row that stays can refer to one that came later.
            target.inTransaction(
                    "emptying tables that were loaded",
                    connection -> {
                        TableRows.empty(connection, lot);
                        return null;
                    });
        }
        target.inTransaction("forgetting the load's plan", c -> forget(c, migration));
        return new TreeSet<>(tables);
    }

    private static Set<TableId> loaded(Connection connection, String migration)
            throws SQLException {
        Set<TableId> loaded = new TreeSet<>();
        if (Relations.exists(connection, "landbridge.chunk")) {
            loaded.addAll(new ChunkStore(migration).totals(connection).keySet());
        }
        if (Relations.exists(connection, "landbridge.table_state")) {
            new TableStates(migration)
                    .read(connection).values().stream()
                            .filter(state -> state.isLoaded())
                            .forEach(state -> loaded.add(state.table()));
        }
        return loaded;
    }

    private static List<TableId> existing(Connection connection, Set<TableId> tables)
            throws SQLException {
        List<TableId> all = List.copyOf(tables);
        List<TableId> existing = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT n FROM unnest(?::text[]) WITH ORDINALITY AS t (name, n)"
                                + " WHERE to_regclass(name) IS NOT NULL ORDER BY n")) {
            query.setArray(
                    1, connection.createArrayOf("text", all.stream().map(Sql::quote).toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    existing.add(all.get(row.getInt(1) - 1));
                }
            }
        }
        return existing;
    }

    private static Void forget(Connection connection, String migration) throws SQLException {
        if (Relations.exists(connection, "landbridge.chunk")) {
            try (PreparedStatement delete =
                    connection.prepareStatement(
                            "DELETE FROM landbridge.chunk WHERE migration = ?")) {
                delete.setString(1, migration);
                delete.executeUpdate();
            }
        }
        return null;
    }
}
