package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.schema.Table;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Finds what each table's rows are read from, and how much that is, in one query for all tables.
 *
 * <p>A partitioned table with a key is read leaf by leaf: leaves have statistics and pages of their
 * own, and a row only changes its leaf by changing its key. When it must be read as one, or the
 * leaves may not be read, it is read by its root.
 */
final class PostgresParts {

    private static final int PAGE_BYTES = 8192;

    /** Assumed of tables that were never analysed. */
    private static final int UNKNOWN_ROW_BYTES = 128;

    private static final String QUERY =
            """
            SELECT wanted.number, n.nspname, c.relname, c.relkind, c.reltuples, c.relpages,
                   pg_relation_size(c.oid), pg_table_size(c.oid),
                   has_table_privilege(c.oid, 'SELECT')
              FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS wanted(s, t, number)
              JOIN pg_namespace rn ON rn.nspname = wanted.s
              JOIN pg_class root ON root.relnamespace = rn.oid AND root.relname = wanted.t
              JOIN LATERAL (SELECT root.oid AS relid WHERE root.relkind <> 'p'
                            UNION ALL
                            SELECT p.relid FROM pg_partition_tree(root.oid) p
                             WHERE root.relkind = 'p' AND p.isleaf) part ON true
              JOIN pg_class c ON c.oid = part.relid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             ORDER BY wanted.number, n.nspname, c.relname""";

    private PostgresParts() {}

    /**
     * The parts of each table, in the order given. A table that holds no leaf has none.
     *
     * @param whole tables that must be read as one
     */
    static Map<TableId, List<TablePart>> read(
            Connection connection, List<Table> tables, Predicate<Table> whole) throws SQLException {
        Map<TableId, List<TablePart>> parts = new LinkedHashMap<>();
        tables.forEach(table -> parts.put(table.id(), new ArrayList<>()));
        List<TableId> unreadable = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(QUERY)) {
            select.setArray(1, texts(connection, tables.stream().map(t -> t.id().schema())));
            select.setArray(2, texts(connection, tables.stream().map(t -> t.id().name())));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    TableId table = tables.get(rows.getInt(1) - 1).id();
                    parts.get(table).add(part(table, rows));
                    if (!rows.getBoolean(9)) {
                        unreadable.add(table);
                    }
                }
            }
        }
        for (Table table : tables) {
            if (table.partitioned() && (whole.test(table) || unreadable.contains(table.id()))) {
                parts.computeIfPresent(table.id(), (id, leaves) -> List.of(root(id, leaves)));
            }
        }
        return parts;
    }

    private static TablePart part(TableId table, ResultSet row) throws SQLException {
        double tuples = row.getDouble(5);
        long analysedPages = row.getLong(6);
        long heap = row.getLong(7);
        long pages = heap / PAGE_BYTES;
        long rows =
                tuples > 0 && analysedPages > 0
                        ? Math.round(tuples / analysedPages * pages)
                        : heap / UNKNOWN_ROW_BYTES;
        return new TablePart(
                table,
                new TableId(row.getString(2), row.getString(3)),
                true,
                row.getString(4).equals("r"),
                rows,
                pages,
                row.getLong(8));
    }

    private static TablePart root(TableId table, List<TablePart> leaves) {
        return new TablePart(
                table,
                table,
                false,
                leaves.stream().allMatch(TablePart::samplable),
                leaves.stream().mapToLong(TablePart::rows).sum(),
                leaves.stream().mapToLong(TablePart::pages).sum(),
                leaves.stream().mapToLong(TablePart::bytes).sum());
    }

    private static Array texts(Connection connection, java.util.stream.Stream<String> values)
            throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }
}
