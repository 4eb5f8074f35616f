package io.landbridge.change;

import java.util.HashSet;
import java.util.List;

/**
 * The columns a change carries, in the order of its row images, and which of them are its key.
 *
 * <p>Immutable and shared by all changes of a table until its columns change at the source;
 * compared by value.
 *
 * @param table the table at the source
 * @param columns names as stored, without those the log never carries (stored generated columns);
 *     not empty
 * @param key positions in {@code columns} of the key's columns, in the key's order; empty for a
 *     table without a key
 */
public record TableLayout(TableId table, List<String> columns, List<Integer> key) {

    public TableLayout {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(table + " has no columns");
        }
        if (new HashSet<>(columns).size() != columns.size()) {
            throw new IllegalArgumentException(table + " names a column twice: " + columns);
        }
        for (int position : key) {
            if (position < 0 || position >= columns.size()) {
                throw new IllegalArgumentException(
                        table + ": no column at key position " + position);
            }
        }
    }

    public boolean hasKey() {
        return !key.isEmpty();
    }

    public List<String> keyColumns() {
        return key.stream().map(columns::get).toList();
    }

    /** The key that {@code image} carries. The table must have one, and the image its values. */
    public RowKey keyOf(RowImage image) {
        String[] values = new String[key.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = image.text(key.get(i));
        }
        return new RowKey(table, values);
    }
}
