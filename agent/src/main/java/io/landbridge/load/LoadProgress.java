package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.load.ChunkStore.Totals;
import io.landbridge.load.LoadStatus.TableLoad;
import io.landbridge.schema.Table;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long SAMPLE_NANOS = Duration.ofMillis(250).toNanos();

    /** What everything had come to at a moment. */
    private record Sample(long nanos, long rows, long bytes) {}

    private static final class Counter {
        private Totals planned;
        private final AtomicLong rows = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
    }

    private final Map<TableId, Counter> counters = new TreeMap<>();
    private final Map<TableId, Long> guesses = new TreeMap<>();
    private final Map<Thread, String> waiting = new java.util.concurrent.ConcurrentHashMap<>();
    private final AtomicLong retries = new AtomicLong();
    private final Deque<Sample> samples = new ArrayDeque<>();
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
        samples.clear();
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
        Sample now = sample();
        Sample then = samples.getFirst();
        double seconds = (now.nanos() - then.nanos()) / 1e9;
        double rows = seconds > 0 ? (now.rows() - then.rows()) / seconds : 0;
        double bytes = seconds > 0 ? (now.bytes() - then.bytes()) / seconds : 0;
        List<TableLoad> tables = new ArrayList<>();
        long left = 0;
        for (Map.Entry<TableId, Counter> entry : counters.entrySet()) {
            TableLoad table = table(entry.getKey(), entry.getValue());
            tables.add(table);
            left += table.bytesEstimated() - table.bytes();
        }
        return new LoadStatus(
                paused,
                tables,
                Math.max(0, rows),
                Math.max(0, bytes),
                settled && bytes > 0
                        ? Optional.of(Duration.ofSeconds((long) Math.ceil(left / bytes)))
                        : Optional.empty(),
                retries.get(),
                waiting.values().stream().findAny());
    }

    private TableLoad table(TableId table, Counter counter) {
        long rows = counter.rows.get();
        long bytes = counter.bytes.get();
        Totals plan = counter.planned;
        if (plan == null) {
            return new TableLoad(
                    table, settled, 0, 0, rows, settled ? 0 : guesses.get(table), bytes, 0);
        }
        boolean loaded = plan.done() == plan.chunks();
        double copyBytesPerDiskByte =
                plan.donePlanBytes() > 0 ? (double) bytes / plan.donePlanBytes() : 1;
        return new TableLoad(
                table,
                loaded,
                plan.chunks(),
                plan.done(),
                rows,
                loaded ? rows : Math.max(rows, plan.planRows()),
                bytes,
                loaded
                        ? bytes
                        : Math.max(bytes, Math.round(plan.planBytes() * copyBytesPerDiskByte)));
    }

    private Sample sample() {
        Sample now =
                new Sample(
                        System.nanoTime(),
                        counters.values().stream().mapToLong(c -> c.rows.get()).sum(),
                        counters.values().stream().mapToLong(c -> c.bytes.get()).sum());
        if (samples.isEmpty() || now.nanos() - samples.getLast().nanos() > SAMPLE_NANOS) {
            samples.addLast(now);
        }
        while (samples.size() > 2 && now.nanos() - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        return now;
    }
}
