package io.landbridge.validate;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.load.Throttle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Compares tables where both sides met, with several workers that each have readers and a sink of
 * their own. One run at a time; {@link #cancel} and {@link #tablesDone} come from any thread.
 */
final class MeetingComparison {

    private final ConcurrentLinkedQueue<Readers> open = new ConcurrentLinkedQueue<>();
    private volatile PartQueue queue;
    private final Throttle throttle;
    private volatile boolean cancelled;
    private volatile Runnable beforeEachPart = () -> {};

    /**
     * A comparison.
     *
     * @param rowsPerSecond most rows that all workers together compare a second; 0: no limit
     */
    MeetingComparison(long rowsPerSecond) {
        this.throttle = new Throttle(rowsPerSecond, this::sleep);
    }

    /** Called by each worker before each part of a table, of about 200,000 rows; may wait. */
    void beforeEachPart(Runnable hook) {
        beforeEachPart = hook;
    }

    /** Tables whose comparison has ended, of the run that is or was last. */
    int tablesDone() {
        PartQueue now = queue;
        return now == null ? 0 : now.tablesDone();
    }

    /** Forgets an earlier {@link #cancel}. */
    void begin() {
        cancelled = false;
        queue = null;
    }

    /** Ends the run that is under way, and all until {@link #begin}. */
    void cancel() {
        cancelled = true;
        open.forEach(Readers::cancel);
        synchronized (this) {
            notifyAll();
        }
    }

    private synchronized boolean sleep(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        try {
            for (long left = time.toNanos();
                    left > 0 && !cancelled;
                    left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return !cancelled;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Compares what {@code parts} holds; what was found is in it afterwards.
     *
     * @param workers how many compare at a time, at most
     * @param sinks gives each worker its own, which is closed when it is done
     * @throws Fault VALIDATION_FAILED when it was cancelled, and the faults of either database
     */
    void compare(Meeting meeting, PartQueue parts, int workers, Supplier<RowSink> sinks) {
        queue = parts;
        int busy = (int) Math.min(workers, Math.max(1, parts.most()));
        ExecutorService threads =
                Executors.newFixedThreadPool(busy, task -> new Thread(task, "landbridge-validate"));
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int worker = 0; worker < busy; worker++) {
                running.add(threads.submit(() -> work(meeting, parts, sinks)));
            }
            Fault failure = null;
            for (Future<?> one : running) {
                failure = outcome(one, failure);
            }
            checkNotCancelled();
            if (failure != null) {
                throw failure;
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Throws VALIDATION_FAILED when {@link #cancel} was called. */
    void checkNotCancelled() {
        if (cancelled) {
            throw Fault.of(FaultCode.VALIDATION_FAILED, "the validation was cancelled");
        }
    }

    private Void work(Meeting meeting, PartQueue parts, Supplier<RowSink> sinks)
            throws InterruptedException {
        boolean done = false;
        try (Readers readers = new Readers(meeting);
                RowSink sink = sinks.get()) {
            open.add(readers);
            try {
                for (Optional<Part> part = parts.next(readers);
                        part.isPresent() && !cancelled;
                        part = parts.next(readers)) {
                    beforeEachPart.run();
                    long rows = part.get().compare(readers, sink);
                    sink.endOfPart();
                    part.get().done(parts, readers);
                    var unused = throttle.passed(rows);
                }
            } finally {
                open.remove(readers);
            }
            done = true;
        } finally {
            if (!done) {
                parts.stop();
            }
        }
        return null;
    }

    private static Fault outcome(Future<?> worker, Fault before) {
        Fault failure;
        try {
            worker.get();
            return before;
        } catch (ExecutionException e) {
            failure =
                    e.getCause() instanceof Fault fault
                            ? fault
                            : Fault.of(FaultCode.INTERNAL, "a comparison failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = Fault.of(FaultCode.VALIDATION_FAILED, "the validation was interrupted", e);
        }
        if (before == null) {
            return failure;
        }
        before.addSuppressed(failure);
        return before;
    }
}
