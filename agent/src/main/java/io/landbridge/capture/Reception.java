package io.landbridge.capture;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thing after the other through to a session, on whatever thread it comes, until {@link
 * #end}: after that nothing is received any more. A client's reading thread outlives what it reads
 * for, may wait for room in the buffer just then, and must not meet the next session.
 */
public final class Reception {

    private static final long PATIENCE_MILLIS = 100;

    private final ReentrantLock receiving = new ReentrantLock();
    private volatile Thread reading;
    private volatile boolean ended;
    private volatile long heardAt = System.nanoTime();

    /** Begins to receive; {@link #leave} has to follow. False, without it, when this has ended. */
    public boolean enter() {
        receiving.lock();
        if (ended) {
            receiving.unlock();
            return false;
        }
        reading = Thread.currentThread();
        return true;
    }

    public void leave() {
        heardAt = System.nanoTime();
        receiving.unlock();
    }

    /** Whoever receives was interrupted: what comes now finds nobody. */
    public void abandon() {
        ended = true;
    }

    /** Counts {@link #silence} from now on: the connection is only being made. */
    public void begin() {
        heardAt = System.nanoTime();
    }

    /** How long nothing has come; none while something is being received. */
    public Duration silence() {
        return receiving.isLocked() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - heardAt);
    }

    /** Returns when nothing is being received, and nothing will be; interrupts who still does. */
    public void end() {
        boolean interrupted = false;
        while (!ended) {
            try {
                if (receiving.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                    ended = true;
                    receiving.unlock();
                } else {
                    reading.interrupt();
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
