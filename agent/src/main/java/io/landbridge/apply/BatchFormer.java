package io.landbridge.apply;

import io.landbridge.change.Change;
import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.SourcePosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the stream and packs whole transactions into batches of net changes. A transaction that is
 * larger than a batch comes out in pieces before its end is known. Owned by the dispatch thread.
 *
 * <p>A batch ends when it is full, at the boundary where the applier must hold, where a worker's
 * recorded position lies, after a marker, and before what can't be folded with it.
 */
final class BatchFormer {

    private static final int EVENTS_AT_ONCE = 4096;
    private static final String OURS = "landbridge";

    private final Stream stream;
    private final TablePlans plans;
    private final Limits limits;
    private final Function<Stream.Place, Batch> begin;

    private SourcePosition boundary;
    private boolean blocked;

    private Stream.Place place;
    private String transaction;
    private final List<Change> changes = new ArrayList<>();
    private long weight;
    private String marker;

    private Batch batch;
    private Fold fold = new Fold();
    private long openSince;
    private boolean streaming;
    private long streamed;
    private final Deque<Round> ready = new ArrayDeque<>();
    private long events;

    /**
     * When a batch is full.
     *
     * @param changes most source changes, give or take the last transaction
     * @param bytes most memory, give or take the last transaction
     */
    record Limits(int changes, long bytes) {}

    /**
     * @param begin makes a batch without transactions
     */
    BatchFormer(
            Stream stream, TablePlans plans, Limits limits, Function<Stream.Place, Batch> begin) {
        this.stream = stream;
        this.plans = plans;
        this.limits = limits;
        this.begin = begin;
    }

    /** Reads no transaction that ends after {@code position} from here on; null lifts it. */
    void bound(SourcePosition position) {
        boundary = position;
        blocked = false;
        if (position != null && stream.after().isAfter(position)) {
            discard();
        }
    }

    Optional<SourcePosition> boundary() {
        return Optional.ofNullable(boundary);
    }

    boolean isBoundedBy(SourcePosition position) {
        return Objects.equals(boundary, position);
    }

    /** Whether nothing is left to read before the boundary, and nothing is open. */
    boolean isAtBoundary() {
        return boundary != null
                && batch == null
                && transaction == null
                && (blocked || stream.after().covers(boundary));
    }

    /** Goes back to the begin of what was read and not given out yet. */
    void discard() {
        if (batch != null) {
            stream.rewind(batch.start());
        } else if (transaction != null) {
            stream.rewind(place);
        }
        forget();
    }

    /** As {@link #discard}, but the stream was moved already. */
    void forget() {
        batch = null;
        fold = new Fold();
        streaming = false;
        ready.clear();
        clearTransaction();
        blocked = false;
    }

    /** Stops before the next transaction, which ends after the boundary; the stream is there. */
    void block() {
        forget();
        blocked = true;
    }

    /** Events read since the start: whether they are there to be read. */
    long eventsRead() {
        return events;
    }

    /** When the open batch got its first transaction, by System.nanoTime. */
    long openSince() {
        return openSince;
    }

    /** Whether complete transactions wait for {@link #close}. */
    boolean hasOpen() {
        return batch != null && !streaming;
    }

    /** Gives out what is complete. Call only if {@link #hasOpen}. */
    Round close() {
        Round round = new Round(batch, fold, Round.Form.WHOLE);
        batch = null;
        fold = new Fold();
        return round;
    }

    /**
     * Reads what is there, up to a bound.
     *
     * @return what is full or can't wait; null when more can be read, now or later
     */
    Round read() {
        for (int i = 0; i < EVENTS_AT_ONCE && ready.isEmpty(); i++) {
            if (transaction == null) {
                if (boundary != null && (blocked || stream.after().covers(boundary))) {
                    return hasOpen() ? close() : null;
                }
                place = stream.place();
            }
            SourceEvent event = stream.poll();
            if (event == null) {
                return null;
            }
            events++;
            read(event);
        }
        return ready.poll();
    }

    private void read(SourceEvent event) {
        if (event instanceof Change change) {
            if (streaming) {
                stream(change);
            } else {
                collect(change);
            }
        } else if (event instanceof SourceEvent.Begin begin) {
            transaction = begin.transactionId();
        } else if (event instanceof SourceEvent.Marker said) {
            if (isOurs(said)) {
                marker = said.content();
            }
        } else if (event instanceof SourceEvent.TableEnd end) {
            plans.stop(end);
        } else if (event instanceof SourceEvent.Commit commit) {
            commit(commit);
        } else {
            voidTransaction();
        }
    }

    /** Whether somebody may wait for it: heartbeats have no content. */
    static boolean isOurs(SourceEvent.Marker marker) {
        return marker.prefix().equals(OURS) && !marker.content().isEmpty();
    }

    private void collect(Change change) {
        changes.add(change);
        weight += Fold.weight(change);
        if (changes.size() <= limits.changes() && weight <= limits.bytes()) {
            return;
        }
        if (batch != null) {
            closeBefore();
            return;
        }
        List<Change> first = List.copyOf(changes);
        changes.clear();
        batch = begin.apply(place);
        streaming = true;
        streamed = 0;
        for (Change one : first) {
            if (streaming) {
                stream(one);
            }
        }
    }

    /** Adds to the piece of the large transaction; gives it out when it is full. */
    private void stream(Change change) {
        streamed++;
        batch.count(change.layout().table());
        Optional<TablePlan> plan = planned(change);
        if (plan.isEmpty()) {
            return;
        }
        if (Fold.isOrdered(change)) {
            giveOrdered();
            return;
        }
        if (!fold.takes(plan.get())) {
            giveFold(Round.Form.PIECE, streamed - 1);
        }
        if (!fold.add(plan.get(), change)) {
            giveOrdered();
        } else if (isFull()) {
            giveFold(Round.Form.PIECE, streamed);
        }
    }

    private void commit(SourceEvent.Commit commit) {
        if (boundary != null && commit.position().isAfter(boundary)) {
            if (hasOpen()) {
                ready.add(close());
            }
            voidTransaction();
            stream.rewind(place);
            blocked = true;
        } else if (streaming) {
            batch.add(commit, streamed);
            noteMarker();
            giveFold(Round.Form.LAST_PIECE, streamed);
            batch = null;
            streaming = false;
            clearTransaction();
        } else if (batch != null && (isOrdered() || !isTaken())) {
            closeBefore();
        } else {
            add(commit);
        }
    }

    /** Adds the collected transaction to the batch, and gives this out if it must not grow. */
    private void add(SourceEvent.Commit commit) {
        if (batch == null) {
            batch = begin.apply(place);
            openSince = System.nanoTime();
        }
        boolean ordered = isOrdered() || !foldTransaction();
        changes.forEach(change -> batch.count(change.layout().table()));
        batch.add(commit, changes.size());
        boolean marked = noteMarker();
        clearTransaction();
        if (ordered) {
            giveOrdered();
        } else if (marked || isFull() || batch.isBound()) {
            ready.add(close());
        }
    }

    /** Forgets the transaction that is being read; pieces of it that went out are void. */
    private void voidTransaction() {
        if (streaming) {
            ready.add(new Round(batch, new Fold(), Round.Form.VOID));
            batch = null;
            fold = new Fold();
            streaming = false;
        }
        clearTransaction();
    }

    /** Gives out the batch without the transaction that is being read. */
    private void closeBefore() {
        ready.add(close());
        stream.rewind(place);
        clearTransaction();
    }

    private void giveFold(Round.Form form, long through) {
        ready.add(new Round(batch, fold, form, through));
        fold = new Fold();
    }

    /** Gives out the batch as it stands, to be read again in the source's order. */
    private void giveOrdered() {
        ready.add(new Round(batch, new Fold(), Round.Form.ORDERED));
        batch = null;
        fold = new Fold();
        streaming = false;
        clearTransaction();
    }

    private boolean isFull() {
        return fold.changes() >= limits.changes() || fold.weight() >= limits.bytes();
    }

    private boolean isOrdered() {
        return changes.stream().anyMatch(Fold::isOrdered);
    }

    /** Whether the collected transaction's tables look as they do in the batch. */
    private boolean isTaken() {
        for (Change change : changes) {
            if (planned(change).filter(plan -> !fold.takes(plan)).isPresent()) {
                return false;
            }
        }
        return true;
    }

    private boolean foldTransaction() {
        for (Change change : changes) {
            Optional<TablePlan> plan = planned(change);
            if (plan.isPresent() && !fold.add(plan.get(), change)) {
                return false;
            }
        }
        return true;
    }

    /** The plan to apply a change by; empty when the change is dropped. */
    private Optional<TablePlan> planned(Change change) {
        return plans.plan(change.layout()).filter(plan -> !plan.copiedAlready(transaction));
    }

    private boolean noteMarker() {
        if (marker != null) {
            batch.addMarker(marker);
        }
        return marker != null;
    }

    private void clearTransaction() {
        transaction = null;
        changes.clear();
        weight = 0;
        marker = null;
    }
}
