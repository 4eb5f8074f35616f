package io.landbridge.change;

import java.util.Arrays;
import java.util.List;

/** Which row of which table: the texts of its key's columns, in the key's order. Immutable. */
public final class RowKey {

    private final TableId table;
    private final String[] values;
    private final int hash;

    /** Takes {@code values} over without copying; none may be null. */
    public RowKey(TableId table, String... values) {
        this.table = table;
        this.values = values;
        this.hash = 31 * table.hashCode() + Arrays.hashCode(values);
    }

    public TableId table() {
        return table;
    }

    public List<String> values() {
        return List.of(values);
    }

    public String value(int i) {
        return values[i];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowKey key
                && hash == key.hash
                && table.equals(key.table)
                && Arrays.equals(values, key.values);
    }

    /**
     * The same in every run and on every JVM: the hash of {@code String} and {@code Arrays} is
     * specified. Progress depends on it, since it decides which worker a key belongs to.
     */
    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return table + " " + Arrays.toString(values);
    }
}
