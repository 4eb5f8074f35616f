package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.load.ChunkStore.Totals;
import io.landbridge.load.LoadStatus.TableLoad;
import io.landbridge.schema.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what is copied, for people. The target's chunk rows are the truth; {@link #settle} takes
 * it over whenever it was read. Thread-safe.
 */
final class LoadProgress {

    private static final class Counter {
        private Totals planned;
        private final AtomicLong rows = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final Pace pace = new Pace();

        /** Whether there is anything to tell of its pace: it has begun and not ended. */
        private boolean moves() {
            return planned != null && rows.get() > 0 && planned.done() < planned.chunks();
        }
    }

    private final Map<TableId, Counter> counters = new TreeMap<>();
    private final Map<TableId, Long> guesses = new TreeMap<>();
    private final Map<Thread, String> waiting = new java.util.concurrent.ConcurrentHashMap<>();
    private final AtomicLong retries = new AtomicLong();
    private final Pace pace = new Pace();
    private boolean settled;

    LoadProgress(List<Table> tables) {
        for (Table table : tables) {
            counters.put(table.id(), new Counter());
            guesses.put(table.id(), table.estimatedRows());
        }
    }

    /** Starts from what the target says; nothing may be in flight. */
    synchronized void settle(Map<TableId, Totals> totals) {
        settled = true;
        counters.forEach(
                (table, counter) -> {
                    counter.planned = totals.get(table);
                    counter.rows.set(counter.planned == null ? 0 : counter.planned.rows());
                    counter.bytes.set(counter.planned == null ? 0 : counter.planned.bytes());
                });
        pace.clear();
        counters.values().forEach(counter -> counter.pace.clear());
        sample();
    }

    /** Counts what goes by; negative when it is rolled back. */
    void add(TableId table, long rows, long bytes) {
        Counter counter = counters.get(table);
        counter.rows.addAndGet(rows);
        counter.bytes.addAndGet(bytes);
    }

    /** A chunk is committed; its rows and bytes have been added already. */
    synchronized void done(CopiedChunk copied) {
        Chunk chunk = copied.chunk();
        Counter counter = counters.get(chunk.table());
        Totals was = counter.planned;
        counter.planned =
                new Totals(
                        was.chunks(),
                        was.done() + 1,
                        was.planRows(),
                        was.planBytes(),
                        was.donePlanBytes() + chunk.bytes(),
                        was.rows(),
                        was.bytes());
        sample();
    }

    void retries() {
        retries.incrementAndGet();
    }

    /** The calling thread can't go on for {@code reason}. */
    void waits(String reason) {
        waiting.put(Thread.currentThread(), reason);
    }

    /** The calling thread goes on. */
    void goesOn() {
        waiting.remove(Thread.currentThread());
    }

    synchronized LoadStatus status(boolean paused) {
        sample();
        long now = System.nanoTime();
        List<TableLoad> tables = new ArrayList<>();
        for (Map.Entry<TableId, Counter> entry : counters.entrySet()) {
            tables.add(table(entry.getKey(), entry.getValue(), now));
        }
        long left = tables.stream().mapToLong(t -> t.bytesEstimated() - t.bytes()).sum();
        double rows = pace.rowsPerSecond(now, tables.stream().mapToLong(TableLoad::rows).sum());
        double bytes = pace.bytesPerSecond(now, tables.stream().mapToLong(TableLoad::bytes).sum());
        return new LoadStatus(
                paused,
                tables,
                rows,
                bytes,
                settled ? timeLeft(left, bytes) : Optional.empty(),
                retries.get(),
                waiting.values().stream().findAny());
    }

    private TableLoad table(TableId table, Counter counter, long now) {
        long rows = counter.rows.get();
        long bytes = counter.bytes.get();
        Totals plan = counter.planned;
        if (plan == null) {
            return new TableLoad(
                    table,
                    settled,
                    0,
                    0,
                    rows,
                    settled ? 0 : guesses.get(table),
                    bytes,
                    0,
                    0,
                    Optional.empty());
        }
        boolean loaded = plan.done() == plan.chunks();
        if (loaded) {
            return TableLoad.standing(table, true, plan.chunks(), rows, bytes);
        }
        double copyBytesPerDiskByte =
                plan.donePlanBytes() > 0 ? (double) bytes / plan.donePlanBytes() : 1;
        long estimated = Math.max(bytes, Math.round(plan.planBytes() * copyBytesPerDiskByte));
        double bytesPerSecond = counter.pace.bytesPerSecond(now, bytes);
        return new TableLoad(
                table,
                false,
                plan.chunks(),
                plan.done(),
                rows,
                Math.max(rows, plan.planRows()),
                bytes,
                estimated,
                counter.pace.rowsPerSecond(now, rows),
                timeLeft(estimated - bytes, bytesPerSecond));
    }

    private static Optional<Duration> timeLeft(long bytes, double bytesPerSecond) {
        return bytesPerSecond > 0
                ? Optional.of(Duration.ofSeconds((long) Math.ceil(bytes / bytesPerSecond)))
                : Optional.empty();
    }

    /** Only of tables that move: thousands of others cost nothing. */
    private void sample() {
        long now = System.nanoTime();
        long rows = 0;
        long bytes = 0;
        for (Counter counter : counters.values()) {
            rows += counter.rows.get();
            bytes += counter.bytes.get();
            if (counter.moves()) {
                counter.pace.sample(now, counter.rows.get(), counter.bytes.get());
            } else {
                counter.pace.clear();
            }
        }
        pace.sample(now, rows, bytes);
    }
}
