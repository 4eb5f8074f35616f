package io.landbridge.validate;

import io.landbridge.buffer.EventReader;
import io.landbridge.change.Change;
import io.landbridge.change.RowKey;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Which rows the stream has touched and nobody has compared since: all that can differ where both
 * sides were found equal before. It reads the buffer by itself, beside the applier, so that an
 * applier that forgets a row does not decide what is looked at.
 *
 * <p>Memory is bounded: when more rows are touched than {@code mostRows}, the table with the most
 * of them counts as touched whole. So does a table that is truncated, or that has no key.
 *
 * <p>A thread of its own reads; everything else comes from any thread.
 */
public final class TouchedRows implements AutoCloseable {

    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Enough for the heartbeats and markers behind a place where the applier stands still. */
    private static final int RECENT = 1024;

    private final EventReader reader;
    private final int mostRows;
    private final Predicate<TableId> wanted;
    private final Thread thread;
    private final Map<RowKey, SourcePosition> rows = new HashMap<>();
    private final Map<TableId, SourcePosition> tables = new HashMap<>();

    /** What the transaction being read touches; its end isn't known yet. The reader's own. */
    private final Set<RowKey> open = new HashSet<>();

    private final Set<TableId> openTables = new HashSet<>();
    private long openChanges;
    private Ledger ledger;

    /** The books after each of the last transactions, the newest last. */
    private final Deque<Ledger> recent = new ArrayDeque<>();

    private SourcePosition through;
    private RuntimeException failure;
    private volatile boolean closed;

    /**
     * What passed through the buffer.
     *
     * @param since where the count began
     * @param transactions those that are complete
     * @param changes in them, as they were read from the buffer
     * @param captured changes in them, as capture counted them
     */
    public record Ledger(
            SourcePosition since,
            SourcePosition through,
            long transactions,
            long changes,
            long captured) {}

    /**
     * Begins with nothing touched.
     *
     * @param reader of everything after {@code since}; closed with this
     * @param mostRows kept by their keys, at most
     */
    public TouchedRows(EventReader reader, SourcePosition since, int mostRows) {
        this(reader, since, mostRows, table -> true);
    }

    /** As the other; only rows of tables that are {@code wanted} are remembered. */
    public TouchedRows(
            EventReader reader, SourcePosition since, int mostRows, Predicate<TableId> wanted) {
        this.reader = reader;
        this.mostRows = mostRows;
        this.wanted = wanted;
        this.through = since;
        this.ledger = new Ledger(since, since, 0, 0, 0);
        this.recent.add(ledger);
        this.thread = new Thread(this::follow, "landbridge touched");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    private void follow() {
        try (reader) {
            while (!closed) {
                SourceEvent event = reader.poll();
                if (event == null) {
                    LockSupport.parkNanos(IDLE_NANOS);
                } else {
                    take(event);
                }
            }
        } catch (RuntimeException e) {
            failed(e);
        } catch (Error e) {
            failed(Fault.of(FaultCode.INTERNAL, "following what changed failed: " + e, e));
        }
    }

    private synchronized void failed(RuntimeException e) {
        failure = e;
        notifyAll();
    }

    private void take(SourceEvent event) {
        if (event instanceof Change change) {
            openChanges++;
            touch(change);
        } else if (event instanceof SourceEvent.Commit commit) {
            commit(commit);
        } else if (event instanceof SourceEvent.Abandoned) {
            forgetOpen();
        }
    }

    private void touch(Change change) {
        TableId table = change.table();
        if (openTables.contains(table) || !wanted.test(table)) {
            return;
        }
        if (!change.layout().hasKey() || (change.before() == null && change.after() == null)) {
            touchWhole(table);
            return;
        }
        if (change.before() != null) {
            open.add(change.layout().keyOf(change.before()));
        }
        if (change.after() != null) {
            open.add(change.layout().keyOf(change.after()));
        }
        if (open.size() > mostRows) {
            touchWhole(table);
        }
    }

    private void touchWhole(TableId table) {
        openTables.add(table);
        open.removeIf(key -> key.table().equals(table));
    }

    private void forgetOpen() {
        open.clear();
        openTables.clear();
        openChanges = 0;
    }

    private synchronized void commit(SourceEvent.Commit commit) {
        SourcePosition position = commit.position();
        openTables.forEach(table -> whole(table, position));
        for (RowKey key : open) {
            if (tables.replace(key.table(), position) == null) {
                rows.put(key, position);
            }
        }
        while (rows.size() > mostRows) {
            whole(busiest(), position);
        }
        through = position;
        ledger =
                new Ledger(
                        ledger.since,
                        position,
                        ledger.transactions + 1,
                        ledger.changes + openChanges,
                        ledger.captured + commit.changes());
        recent.add(ledger);
        if (recent.size() > RECENT) {
            recent.remove();
        }
        forgetOpen();
        notifyAll();
    }

    private void whole(TableId table, SourcePosition position) {
        tables.put(table, position);
        rows.keySet().removeIf(key -> key.table().equals(table));
    }

    private TableId busiest() {
        Map<TableId, Integer> counts = new HashMap<>();
        rows.keySet().forEach(key -> counts.merge(key.table(), 1, Integer::sum));
        return counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }

    /** Up to here everything that was touched is known. */
    public synchronized SourcePosition through() {
        return through;
    }

    /**
     * Waits until everything up to {@code position} is known.
     *
     * @return false when it isn't by then
     */
    public synchronized boolean awaitThrough(SourcePosition position, long millis)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!through.covers(position) && failure == null && !closed) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        if (failure != null) {
            throw failure;
        }
        return through.covers(position);
    }

    /** Where the following began: what was touched before is not known. */
    public synchronized SourcePosition since() {
        return ledger.since();
    }

    /** Any row of {@code table} may have been touched: it counts as touched whole. */
    public synchronized void touchedWhole(TableId table) {
        whole(table, through);
    }

    /** Rows that are touched now, beside the whole tables. */
    public synchronized int rows() {
        return rows.size();
    }

    /** Tables that count as touched whole. */
    public synchronized Set<TableId> wholeTables() {
        return Set.copyOf(tables.keySet());
    }

    /**
     * What passed through the buffer since this began, up to a transaction's end that lies not far
     * back: heartbeats come in behind a place where the applier stands still. Empty when nothing
     * that was read lately ends there.
     */
    public synchronized Optional<Ledger> ledgerAt(SourcePosition position) {
        return recent.stream().filter(entry -> entry.through().equals(position)).findAny();
    }

    /**
     * What was known to be touched at one moment.
     *
     * @param through everything that was touched up to here, and not proven since, is in it
     */
    public record Known(Scope scope, SourcePosition through) {}

    /** What is touched, as far as it is known now. */
    public synchronized Known known() {
        return new Known(scope(), through);
    }

    private Scope scope() {
        Map<TableId, Collection<List<String>>> keys = new HashMap<>();
        rows.keySet()
                .forEach(
                        key ->
                                keys.computeIfAbsent(key.table(), table -> new ArrayList<>())
                                        .add(key.values()));
        Map<TableId, Scope.Rows> scope = new HashMap<>();
        keys.forEach((table, some) -> scope.put(table, Scope.Rows.of(some)));
        tables.keySet().forEach(table -> scope.put(table, Scope.Rows.ALL));
        return Scope.of(scope);
    }

    /**
     * What was {@code known} was found equal at {@code position}. Rows that were touched after it
     * was known, be it before {@code position}, have not been looked at.
     */
    public void proven(Known known, SourcePosition position) {
        provenAt(position.covers(known.through()) ? known.through() : position);
    }

    /** All rows were found equal at {@code position}: what was touched before is proven. */
    public synchronized void provenAt(SourcePosition position) {
        rows.values().removeIf(position::covers);
        tables.values().removeIf(position::covers);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
