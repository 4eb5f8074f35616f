package io.landbridge.validate;

import io.landbridge.change.TableId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a repair has still to mend of tables that follow the stream. One thread.
 *
 * <p>It is mended a few rows at a time, until it shows that rows of a table stand in one another's
 * way: such a table's rows are mended all at once.
 */
final class OpenRows {

    private final int atOnce;
    private final Map<TableId, Scope.Rows> open = new LinkedHashMap<>();
    private final Set<TableId> incomplete = new HashSet<>();
    private final Set<TableId> colliding = new HashSet<>();

    /**
     * @param atOnce rows to be mended at once, where that is for us to say
     */
    OpenRows(int atOnce) {
        this.atOnce = atOnce;
    }

    /** Rows to be mended in one transaction. */
    static final class Batch implements Mender.Collisions {

        private final Map<TableId, Scope.Rows> rows;
        private final Set<TableId> colliding;
        private final Set<TableId> collided = new HashSet<>();

        private Batch(Map<TableId, Scope.Rows> rows, Set<TableId> colliding) {
            this.rows = rows;
            this.colliding = Set.copyOf(colliding);
        }

        Map<TableId, Scope.Rows> rows() {
            return rows;
        }

        @Override
        public boolean met(TableId table) {
            boolean others = rows.containsKey(table) && !colliding.contains(table);
            if (others) {
                collided.add(table);
            }
            return others;
        }

        /** Tables of which more rows than these must be mended at once. */
        Set<TableId> collided() {
            return collided;
        }

        /** How many rows of which tables, for people. */
        @Override
        public String toString() {
            return rows.keySet().stream()
                    .map(table -> table + " " + size(rows.get(table)))
                    .collect(Collectors.joining(", "));
        }

        private static String size(Scope.Rows rows) {
            return rows.isAll() ? "(all rows)" : "(" + rows.keys().size() + " rows)";
        }
    }

    /** Takes note of what was seen of {@code tables}. */
    void seen(Set<TableId> tables, NotedRows noted) {
        noted.tables().forEach(table -> open.put(table, noted.rows(table)));
        incomplete.removeAll(tables);
        incomplete.addAll(noted.incomplete());
    }

    /** Whether not all that differs in {@code table} was noted. */
    boolean isIncomplete(TableId table) {
        return incomplete.contains(table);
    }

    /** Gives tables up. */
    void forget(Predicate<TableId> tables) {
        open.keySet().removeIf(tables);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Takes out as many rows as are mended in a moment. */
    Batch takeFew() {
        Map<TableId, Scope.Rows> few = new LinkedHashMap<>();
        int room = atOnce;
        for (TableId table : List.copyOf(open.keySet())) {
            Scope.Rows some = open.get(table);
            if (room <= 0) {
                break;
            }
            if (some.isAll() || some.keys().size() <= room || colliding.contains(table)) {
                open.remove(table);
                few.put(table, some);
                room -= some.isAll() ? atOnce : some.keys().size();
            } else {
                List<List<String>> keys = List.copyOf(some.keys());
                few.put(table, Scope.Rows.of(keys.subList(0, room)));
                open.put(table, Scope.Rows.of(keys.subList(room, keys.size())));
                room = 0;
            }
        }
        return new Batch(few, colliding);
    }

    /** {@code batch} is not mended after all. */
    void putBack(Batch batch) {
        add(open, batch.rows);
        colliding.addAll(batch.collided);
    }

    /** Adds {@code more} to {@code sum}. */
    static void add(Map<TableId, Scope.Rows> sum, Map<TableId, Scope.Rows> more) {
        more.forEach((table, some) -> sum.merge(table, some, OpenRows::both));
    }

    private static Scope.Rows both(Scope.Rows some, Scope.Rows others) {
        if (some.isAll() || others.isAll()) {
            return Scope.Rows.ALL;
        }
        List<List<String>> keys = new ArrayList<>(some.keys());
        keys.addAll(others.keys());
        return Scope.Rows.of(keys);
    }
}
