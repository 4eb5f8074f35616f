package io.landbridge.load;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Spreads work over time, bytes or rows, all workers together: whoever has read some waits until
 * the rate allows them. Unused time is kept for a quarter of a second at most, so that a pause
 * isn't followed by a burst. Thread-safe.
 */
public final class Throttle {

    private static final long SHORTEST_NANOS = 1_000_000;
    private static final long KEPT_NANOS = 250_000_000;

    private final long perSecond;
    private final Predicate<Duration> sleep;
    private long freeAt = System.nanoTime();

    /**
     * A throttle.
     *
     * @param perSecond 0: no limit
     * @param sleep waits so long; false when the work is stopped meanwhile
     */
    public Throttle(long perSecond, Predicate<Duration> sleep) {
        this.perSecond = perSecond;
        this.sleep = sleep;
    }

    /**
     * Accounts for {@code amount} and waits as long as it should have taken.
     *
     * @return false when the work is stopped
     */
    public boolean passed(long amount) {
        if (perSecond <= 0) {
            return true;
        }
        long wait = reserve(amount, System.nanoTime());
        return wait < SHORTEST_NANOS || sleep.test(Duration.ofNanos(wait));
    }

    /** Nanoseconds from {@code now} until {@code amount} has had its time. */
    synchronized long reserve(long amount, long now) {
        if (now - freeAt > KEPT_NANOS) {
            freeAt = now - KEPT_NANOS;
        }
        freeAt += (long) (amount * 1e9 / perSecond);
        return Math.max(0, freeAt - now);
    }
}
