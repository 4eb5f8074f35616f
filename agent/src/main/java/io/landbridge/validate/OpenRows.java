package io.landbridge.validate;

import io.landbridge.change.TableId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What a repair has still to mend of tables that follow the stream. One thread. */
final class OpenRows {

    private final int atOnce;
    private final Predicate<TableId> together;
    private final Map<TableId, Scope.Rows> open = new LinkedHashMap<>();
    private final Set<TableId> incomplete = new HashSet<>();

    /**
     * @param atOnce rows to be mended at once, where that is for us to say
     * @param together tables of which all open rows must be mended at once
     */
    OpenRows(int atOnce, Predicate<TableId> together) {
        this.atOnce = atOnce;
        this.together = together;
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
    Map<TableId, Scope.Rows> takeFew() {
        Map<TableId, Scope.Rows> few = new LinkedHashMap<>();
        int room = atOnce;
        for (TableId table : List.copyOf(open.keySet())) {
            Scope.Rows some = open.get(table);
            if (room <= 0) {
                break;
            }
            if (some.isAll() || some.keys().size() <= room || together.test(table)) {
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
        return few;
    }

    /** These are to be mended after all. */
    void putBack(Map<TableId, Scope.Rows> rows) {
        add(open, rows);
    }

    /** Adds {@code more} to {@code rows}. */
    static void add(Map<TableId, Scope.Rows> rows, Map<TableId, Scope.Rows> more) {
        more.forEach((table, some) -> rows.merge(table, some, OpenRows::both));
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
