package io.landbridge.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits on a condition with a deadline; a test never sleeps for a time it hopes is enough. */
public final class Await {

    private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

    private Await() {}

    /**
     * Returns as soon as {@code condition} holds. What it throws counts as "not yet" and becomes
     * the cause of the failure if the deadline passes; an {@link Error} ends the wait at once.
     *
     * @param what completes the sentence "waited in vain until ..."
     */
    public static void until(String what, Duration deadline, Callable<Boolean> condition) {
        long end = System.nanoTime() + deadline.toNanos();
        Exception last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting until " + what, e);
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(POLL_NANOS);
        } while (System.nanoTime() < end);
        throw new AssertionError("waited " + deadline + " in vain until " + what, last);
    }
}
