package io.landbridge.apply;

import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.offsets.SourcePosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjLongConsumer;

/**
 * Whole source transactions that become one transaction at the target. Built by the dispatch
 * thread.
 */
final class Batch {

    private final Stream.Place start;
    private final boolean converging;
    private final BitSet participants;
    private final Optional<SourcePosition> bound;
    private final List<String> markers = new ArrayList<>();
    private final Map<TableId, Count> byTable = new HashMap<>();
    private Count last;
    private int transactions;
    private long changes;
    private SourcePosition end;
    private Instant committedAt;

    /** Changes of one table; counted for every change, so that nothing is made for one. */
    private static final class Count {
        private final TableId table;
        private long changes;

        Count(TableId table) {
            this.table = table;
        }
    }

    /**
     * @param start where its first transaction begins
     * @param converging whether the target may be ahead of what it says
     * @param participants workers that lack it; all but right after a crash between two commits
     * @param bound where it has to end at the latest, if anywhere
     */
    Batch(
            Stream.Place start,
            boolean converging,
            BitSet participants,
            Optional<SourcePosition> bound) {
        this.start = start;
        this.converging = converging;
        this.participants = participants;
        this.bound = bound;
    }

    /** A batch without transactions that begins where this one does. */
    Batch again() {
        return new Batch(start, converging, participants, bound);
    }

    Stream.Place start() {
        return start;
    }

    boolean converging() {
        return converging;
    }

    BitSet participants() {
        return participants;
    }

    /** Whether no transaction may be added any more. */
    boolean isBound() {
        return bound.filter(position -> end.covers(position)).isPresent();
    }

    /** Counts a change of {@code table}. */
    void count(TableId table) {
        if (last == null || !last.table.equals(table)) {
            last = byTable.computeIfAbsent(table, Count::new);
        }
        last.changes++;
    }

    /** Gives {@code to} how many changes of each table were counted. */
    void forEachTable(ObjLongConsumer<TableId> to) {
        byTable.values().forEach(count -> to.accept(count.table, count.changes));
    }

    /** Adds a transaction's end. */
    void add(SourceEvent.Commit commit, long changes) {
        transactions++;
        this.changes += changes;
        end = commit.position();
        committedAt = commit.committedAt();
    }

    void addMarker(String content) {
        markers.add(content);
    }

    int transactions() {
        return transactions;
    }

    /** Source changes in it. */
    long changes() {
        return changes;
    }

    /** Where it ends; null while its only transaction is not read to its end. */
    SourcePosition end() {
        return end;
    }

    /** The source's clock when its last transaction committed; null as {@link #end}. */
    Instant committedAt() {
        return committedAt;
    }

    List<String> markers() {
        return markers;
    }
}
