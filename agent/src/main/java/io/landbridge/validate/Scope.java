package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.schema.digest.ComparedTable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which rows are compared: all, or those that somebody has reason to look at.
 *
 * @param rows by table; a table that is not in it is not compared. Empty: everything is
 */
public record Scope(Optional<Map<TableId, Rows>> rows) {

    public static final Scope EVERYTHING = new Scope(Optional.empty());

    /**
     * Rows of one table.
     *
     * @param wanted texts of their keys' columns, in the key's order; empty: every row
     */
    public record Rows(Optional<Collection<List<String>>> wanted) {

        public static final Rows ALL = new Rows(Optional.empty());

        /** Single rows; the collection is taken over. */
        public static Rows of(Collection<List<String>> keys) {
            return new Rows(Optional.of(keys));
        }

        boolean isAll() {
            return wanted.isEmpty();
        }

        Collection<List<String>> keys() {
            return wanted.orElseThrow();
        }

        /** Single rows can't be looked up where both sides share no key: then it is all rows. */
        Rows fit(ComparedTable table) {
            return table.hasKey() ? this : ALL;
        }
    }

    /** Only these rows of these tables. */
    public static Scope of(Map<TableId, Rows> rows) {
        return new Scope(Optional.of(Map.copyOf(rows)));
    }

    boolean includes(TableId table) {
        return rows.isEmpty() || rows.get().containsKey(table);
    }

    Rows of(TableId table) {
        return rows.map(some -> some.get(table)).orElse(Rows.ALL);
    }

    /** Whether there is nothing to compare. */
    public boolean isEmpty() {
        return rows.isPresent() && rows.get().isEmpty();
    }
}
