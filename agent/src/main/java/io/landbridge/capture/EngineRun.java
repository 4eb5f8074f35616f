package io.landbridge.capture;

import io.debezium.engine.DebeziumEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One run of Debezium's engine, which another thread can end whatever the engine is doing.
 *
 * <p>Debezium 3.6.1 alone does not promise that. Its engine refuses to be closed while its tasks
 * start. Closed between their start and their first poll, it throws away the polls that {@code run}
 * then waits for, and never returns.
 */
public final class EngineRun {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final DebeziumEngine<?> engine;
    private final long patienceNanos;

    /** In the engine; null before and after. Guarded by this. */
    private Thread running;

    /** Whether {@link #running} was interrupted by us. Guarded by this. */
    private boolean interrupted;

    private volatile boolean ended;

    public EngineRun(DebeziumEngine<?> engine) {
        this(engine, Duration.ofSeconds(2));
    }

    /**
     * As the other form.
     *
     * @param patience how long an engine that is closed may take to return before it is interrupted
     */
    EngineRun(DebeziumEngine<?> engine, Duration patience) {
        this.engine = engine;
        this.patienceNanos = patience.toNanos();
    }

    /** Runs the engine on this thread until it ends by itself or is closed. */
    public void run() {
        enter();
        try {
            engine.run();
        } finally {
            leave();
        }
    }

    private synchronized void enter() {
        running = Thread.currentThread();
    }

    /** From here on {@link #close} interrupts nobody; what it meant for the engine ends here. */
    private synchronized void leave() {
        running = null;
        ended = true;
        if (interrupted) {
            var unused = Thread.interrupted();
        }
    }

    /** Says that {@link #run} will not be called, so that {@link #close} does not wait for it. */
    public void skip() {
        ended = true;
    }

    /** Ends the run from another thread and returns when it has ended. */
    public void close() {
        while (!ended && !closes()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        long closed = System.nanoTime();
        while (!ended) {
            LockSupport.parkNanos(LOOK_NANOS);
            if (System.nanoTime() - closed > patienceNanos) {
                interrupt();
            }
        }
    }

    /** False while the engine starts its tasks, and when somebody else closes it. */
    private boolean closes() {
        try {
            engine.close();
            return true;
        } catch (IllegalStateException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing is running any more that the engine could wait for. */
    private synchronized void interrupt() {
        if (running != null) {
            interrupted = true;
            running.interrupt();
        }
    }
}
