package io.landbridge.load;

import java.time.Duration;

/**
 * Spreads bytes over time, all workers together: whoever has read some waits until the rate allows
 * them. Unused time is kept for a quarter of a second at most, so that a pause isn't followed by a
 * burst. Thread-safe.
 */
final class Throttle {

    private static final long SHORTEST_NANOS = 1_000_000;
    private static final long KEPT_NANOS = 250_000_000;

    private final long bytesPerSecond;
    private final LoadControl control;
    private long freeAt = System.nanoTime();

    /**
     * @param bytesPerSecond 0: no limit
     */
    Throttle(long bytesPerSecond, LoadControl control) {
        this.bytesPerSecond = bytesPerSecond;
        this.control = control;
    }

    /**
     * Accounts for {@code bytes} and waits as long as they should have taken.
     *
     * @return false when the load is stopped
     */
    boolean passed(long bytes) {
        if (bytesPerSecond <= 0) {
            return true;
        }
        long wait = reserve(bytes, System.nanoTime());
        return wait < SHORTEST_NANOS || control.sleep(Duration.ofNanos(wait));
    }

    /** Nanoseconds from {@code now} until {@code bytes} have had their time. */
    synchronized long reserve(long bytes, long now) {
        if (now - freeAt > KEPT_NANOS) {
            freeAt = now - KEPT_NANOS;
        }
        freeAt += (long) (bytes * 1e9 / bytesPerSecond);
        return Math.max(0, freeAt - now);
    }
}
