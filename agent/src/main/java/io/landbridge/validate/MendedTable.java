package io.landbridge.validate;

import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.RowPlace;
import io.landbridge.schema.digest.WholeRows;
import io.landbridge.target.PostgresRowWriter;
import io.landbridge.target.TargetCatalogue;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes rows of one target table what they are in the source's snapshot. Leaves commit and rollback
 * to the caller; throws what the target refuses.
 */
final class MendedTable {

    private final ComparedTable.Pair table;
    private final TableLayout layout;
    private final WholeRows source;
    private final WholeRows target;
    private final PostgresRowWriter writer;

    /**
     * @param source and {@code target}: read within the snapshots that the rows were compared in
     */
    MendedTable(ComparedTable.Pair table, WholeRows source, WholeRows target, Connection connection)
            throws SQLException {
        this.table = table;
        this.source = source;
        this.target = target;
        List<String> columns = table.source().columns();
        this.layout =
                new TableLayout(
                        table.source().id(),
                        columns,
                        table.source().key().stream().map(columns::indexOf).toList());
        this.writer =
                new PostgresRowWriter(
                        connection,
                        TargetCatalogue.read(connection, table.target().id())
                                .orElseThrow(() -> gone(table)),
                        layout);
    }

    private static Fault gone(ComparedTable.Pair table) {
        return Fault.of(FaultCode.TARGET_SQL, "the table is gone from the target")
                .in(table.source().id())
                .hint("create it there, then repair it");
    }

    /**
     * Mends rows of a table with a key. Columns that only the target has keep their values in rows
     * that merely differ.
     *
     * @return false when a key stands twice at the target: {@link #delete} and {@link #insert} them
     */
    boolean mend(List<DifferingRow> rows) throws SQLException {
        Map<List<String>, Boolean> replaced = new LinkedHashMap<>();
        rows.forEach(
                row -> replaced.merge(row.row().key(), !row.isDifferent(), Boolean::logicalOr));
        List<List<String>> whole = keys(replaced, true);
        List<List<String>> changed = keys(replaced, false);
        delete(whole);
        Collection<RowImage> images = images(changed);
        if (!images.isEmpty() && writer.update(List.copyOf(images)) != changed.size()) {
            return false;
        }
        insert(whole);
        return true;
    }

    private static List<List<String>> keys(Map<List<String>, Boolean> keys, boolean wanted) {
        return keys.entrySet().stream()
                .filter(key -> key.getValue() == wanted)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Deletes whatever rows the target has under these keys, whatever their spelling. */
    void delete(List<List<String>> keys) throws SQLException {
        writer.delete(
                keys.stream()
                        .map(key -> new RowKey(layout.table(), key.toArray(String[]::new)))
                        .toList());
    }

    /** Inserts those rows under these keys that the source has. */
    void insert(List<List<String>> keys) throws SQLException {
        writer.insert(List.copyOf(images(keys)));
    }

    /** One row may be found under two spellings of its key. */
    private Collection<RowImage> images(List<List<String>> keys) {
        Map<RowKey, RowImage> images = new LinkedHashMap<>();
        if (!keys.isEmpty()) {
            source.byKey(table.source(), keys)
                    .forEach(image -> images.put(layout.keyOf(image), image));
        }
        return images.values();
    }

    /**
     * Mends rows of a table without a key: takes away as many of the extra ones, and adds as many
     * of the missing ones, as there are too many or too few.
     *
     * @return false when an extra row was changed by somebody else meanwhile
     */
    boolean mendMultiset(List<DifferingRow> rows) throws SQLException {
        Map<String, Long> missing = times(rows, true);
        Map<String, Long> extra = times(rows, false);
        List<RowPlace> doomed = new ArrayList<>();
        if (!extra.isEmpty()) {
            target.places(table.target(), extra.keySet())
                    .forEach(
                            (hash, places) ->
                                    doomed.addAll(
                                            places.subList(0, Math.toIntExact(extra.get(hash)))));
        }
        if (writer.deleteAt(doomed) != doomed.size()) {
            return false;
        }
        if (!missing.isEmpty()) {
            Map<String, RowImage> images = source.byHash(table.source(), missing.keySet());
            List<RowImage> added = new ArrayList<>();
            missing.forEach(
                    (hash, times) -> {
                        for (long i = 0; i < times; i++) {
                            added.add(images.get(hash));
                        }
                    });
            writer.insert(added);
        }
        return true;
    }

    private static Map<String, Long> times(List<DifferingRow> rows, boolean atSource) {
        Map<String, Long> times = new HashMap<>();
        for (DifferingRow row : rows) {
            var side = atSource ? row.source() : row.target();
            if (side != null) {
                times.merge(side.rowHash(), row.rows(), Long::sum);
            }
        }
        return times;
    }
}
