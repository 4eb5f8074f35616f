package io.landbridge.apply;

import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.SourcePosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

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
    private int transactions;
    private long changes;
    private SourcePosition end;
    private Instant committedAt;

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
