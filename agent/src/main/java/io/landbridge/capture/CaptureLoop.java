package io.landbridge.capture;

import io.landbridge.capture.CaptureStatus.State;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a source's log streaming: runs one session after the other on a thread of its own, with
 * growing pauses while they fail, until it is closed or one ends with a fault that doesn't pass.
 */
public final class CaptureLoop {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureLoop.class);
    private static final long SHORTEST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    /** A break that isn't the connection's may pass, but not when nothing comes through between. */
    private static final int FRUITLESS_SESSIONS = 10;

    /** What is run. Both may be called from different threads. */
    public interface Sessions {

        /** Runs one session to its end; null when it was closed. */
        Fault run();

        /** Ends the session that runs, if one does. */
        void end();
    }

    private final Sessions sessions;
    private final Supplier<Optional<SourcePosition>> captured;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final LongAdder restarts = new LongAdder();

    private volatile State state = State.STOPPED;
    private volatile Fault fault;
    private SourcePosition furthest;
    private int fruitless;

    /**
     * @param captured how far the log has been read: what shows that a session was not in vain
     */
    public CaptureLoop(Sessions sessions, Supplier<Optional<SourcePosition>> captured) {
        this.sessions = sessions;
        this.captured = captured;
        this.thread = new Thread(this::supervise, "landbridge capture");
    }

    /** Starts the thread; once only. */
    public synchronized void start() {
        if (state != State.STOPPED) {
            throw new IllegalStateException("a capture starts once");
        }
        state = State.STARTING;
        thread.start();
    }

    public State state() {
        return state;
    }

    public Optional<Fault> fault() {
        return Optional.ofNullable(fault);
    }

    public long restarts() {
        return restarts.sum();
    }

    public boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Says that something came through; whether that is new since the last start. */
    public boolean isStreaming() {
        if (state == State.STREAMING || isClosing()) {
            return false;
        }
        state = State.STREAMING;
        fault = null;
        return true;
    }

    /** Ends the session and the thread. */
    public void close() {
        closing.countDown();
        sessions.end();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join(100);
                sessions.end();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (state != State.FAILED) {
            state = State.STOPPED;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        long pause = SHORTEST_PAUSE_MILLIS;
        while (!isClosing()) {
            Fault ended = sessions.run();
            if (isClosing() || ended == null) {
                return;
            }
            if (hasComeFurther()) {
                pause = SHORTEST_PAUSE_MILLIS;
                fruitless = 0;
            } else {
                fruitless++;
            }
            fault = ended;
            if (!passes(ended)) {
                state = State.FAILED;
                LOG.error("Capture ends: {}", ended.describe(), ended);
                return;
            }
            state = State.RECOVERING;
            restarts.increment();
            LOG.warn("Capture starts again in {} ms: {}", pause, ended.describe());
            if (awaitClosing(pause)) {
                return;
            }
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        }
    }

    private boolean hasComeFurther() {
        Optional<SourcePosition> now = captured.get();
        boolean further = now.isPresent() && (furthest == null || now.get().isAfter(furthest));
        if (further) {
            furthest = now.get();
        }
        return further;
    }

    private boolean passes(Fault ended) {
        return ended.code().isPassing()
                && (ended.code() != FaultCode.CAPTURE_STOPPED || fruitless < FRUITLESS_SESSIONS);
    }

    private boolean awaitClosing(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
