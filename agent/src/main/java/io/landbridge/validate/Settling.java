package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.schema.digest.ComparedTable;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells rows that differ from rows that are on their way, where nobody can stop what writes to the
 * target. Rows that differed in a look are looked at again, once everything that was committed
 * before that look has arrived. One that is equal then is done with. One whose source side is still
 * what it was must have arrived, so that it differs: that is believed after {@link #SURE} looks in
 * a row, since a row may have been changed and changed back. One that is another each time is in
 * motion, and nothing can be said of it.
 *
 * <p>Rows are noted from any thread; the rest belongs to the thread that looks.
 */
final class Settling {

    /**
     * Looks with the same row at the source, each behind all that was committed before the last.
     */
    static final int SURE = 3;

    private final int most;
    private final Map<TableId, Map<String, Doubt>> doubts = new LinkedHashMap<>();
    private final Map<TableId, ComparedTable.Pair> pairs = new LinkedHashMap<>();
    private final Set<TableId> tooMany = new HashSet<>();
    private Map<TableId, Map<String, DifferingRow>> seen = new LinkedHashMap<>();
    private int count;

    /**
     * @param most rows that are noted; 0: none, for who believes the first look
     */
    Settling(int most) {
        this.most = most;
    }

    private record Doubt(DifferingRow row, int looks) {

        boolean isSure() {
            return looks >= SURE;
        }

        Doubt again(DifferingRow now) {
            return new Doubt(now, hasSameSource(now) ? looks + 1 : 1);
        }

        private boolean hasSameSource(DifferingRow now) {
            if (row.source() == null || now.source() == null) {
                return row.source() == null && now.source() == null;
            }
            return row.source().rowHash().equals(now.source().rowHash());
        }
    }

    /** A worker's sink for the look that is under way. */
    RowSink sink() {
        return most == 0 ? RowSink.NONE : this::differs;
    }

    private synchronized void differs(ComparedTable.Pair table, DifferingRow row) {
        TableId id = table.source().id();
        pairs.put(id, table);
        if (count >= most) {
            tooMany.add(id);
            return;
        }
        count++;
        seen.computeIfAbsent(id, none -> new LinkedHashMap<>()).put(row.row().keyHash(), row);
    }

    /** What was seen of {@code tables} counts for nothing: they are looked at as a whole again. */
    synchronized void forget(Set<TableId> tables) {
        tables.forEach(
                table -> {
                    Map<String, DifferingRow> rows = seen.remove(table);
                    count -= rows == null ? 0 : rows.size();
                });
    }

    /** The first look, at everything, is over. */
    synchronized void begun() {
        seen.forEach(
                (table, rows) -> {
                    Map<String, Doubt> ofTable = new LinkedHashMap<>();
                    rows.forEach((key, row) -> ofTable.put(key, new Doubt(row, 1)));
                    doubts.put(table, ofTable);
                });
        endLook();
    }

    /**
     * A look at {@link #scope} is over.
     *
     * @param intact tables of which it has seen everything
     */
    synchronized void looked(Set<TableId> intact) {
        Set<TableId> looked = new HashSet<>(open().keySet());
        looked.retainAll(intact);
        for (TableId table : looked) {
            Map<String, DifferingRow> now = seen.getOrDefault(table, Map.of());
            Map<String, Doubt> ofTable = doubts.get(table);
            boolean whole = !pairs.get(table).source().hasKey();
            ofTable.entrySet()
                    .removeIf(
                            one ->
                                    (whole || !one.getValue().isSure())
                                            && !now.containsKey(one.getKey()));
            ofTable.replaceAll(
                    (key, doubt) -> now.containsKey(key) ? doubt.again(now.get(key)) : doubt);
        }
        endLook();
    }

    private void endLook() {
        seen = new LinkedHashMap<>();
        count = 0;
    }

    /** Whether something is neither equal nor sure to differ. */
    synchronized boolean isOpen() {
        return !open().isEmpty();
    }

    /** What is to be looked at again. */
    synchronized Scope scope() {
        return Scope.of(open());
    }

    private Map<TableId, Scope.Rows> open() {
        return rows(false);
    }

    /** Rows with a key that differ for sure. */
    synchronized Scope sure() {
        Map<TableId, Scope.Rows> sure = rows(true);
        sure.keySet().removeIf(table -> !pairs.get(table).source().hasKey());
        return Scope.of(sure);
    }

    private Map<TableId, Scope.Rows> rows(boolean sure) {
        Map<TableId, Scope.Rows> rows = new LinkedHashMap<>();
        doubts.forEach(
                (table, ofTable) -> {
                    List<List<String>> keys =
                            ofTable.values().stream()
                                    .filter(doubt -> doubt.isSure() == sure)
                                    .map(doubt -> doubt.row().row().key())
                                    .toList();
                    if (!keys.isEmpty() && !tooMany.contains(table)) {
                        boolean keyed = pairs.get(table).source().hasKey();
                        rows.put(table, keyed ? Scope.Rows.of(keys) : Scope.Rows.ALL);
                    }
                });
        return rows;
    }

    /** The tables of a scope of ours. */
    synchronized List<ComparedTable.Pair> pairs(Scope scope) {
        return scope.rows().orElseThrow().keySet().stream().map(pairs::get).toList();
    }

    /**
     * What the first look's {@code result} comes to.
     *
     * @param listed what a look at those that are sure has found, where there was one
     */
    synchronized TableResult settled(TableResult result, Optional<TableResult> listed) {
        if (result.outcome() != TableResult.Outcome.DIFFERENT) {
            return result;
        }
        if (tooMany.contains(result.table())) {
            return result.because(
                    "more rows differ than can be looked at again, of which some may be on their way");
        }
        if (result.found() == 0) {
            return TableResult.notValidated(
                    result.table(),
                    "the numbers of rows differ while it is written to: compare it in mode full");
        }
        List<Doubt> left = List.copyOf(doubts.getOrDefault(result.table(), Map.of()).values());
        List<DifferingRow> sure = left.stream().filter(Doubt::isSure).map(Doubt::row).toList();
        if (listed.isPresent() && listed.get().found() > 0) {
            return result.differing(
                    listed.get().missing(),
                    listed.get().extra(),
                    listed.get().different(),
                    listed.get().differences());
        }
        if (listed.isEmpty() && !sure.isEmpty()) {
            return result.differing(
                    sure.stream()
                            .filter(DifferingRow::isMissing)
                            .mapToLong(DifferingRow::rows)
                            .sum(),
                    sure.stream().filter(DifferingRow::isExtra).mapToLong(DifferingRow::rows).sum(),
                    0,
                    List.of());
        }
        int moving = left.size() - sure.size();
        return result.equal(
                moving == 0 ? "" : moving + " rows were another each time they were looked at");
    }
}
