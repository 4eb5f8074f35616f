package io.landbridge.observe;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of requests that were refused: the first at once, then at most one line in a while,
 * so that somebody who tries tokens fills no disk. Used by every thread that serves.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanos;
    private long spokeAt;
    private long unsaid;
    private boolean spoke;

    /**
     * Begins with nothing refused.
     *
     * @param nanos as {@link System#nanoTime}
     */
    Refusals(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes note of one. */
    synchronized void add(Request request, int status) {
        long now = nanos.getAsLong();
        if (spoke && now - spokeAt < QUIET_NANOS) {
            unsaid++;
            return;
        }
        LOG.warn(
                "refused {} {} from {}: status {}{}",
                request.method(),
                request.path(),
                request.client(),
                status,
                unsaid == 0 ? "" : ", and " + unsaid + " more since the line before");
        spoke = true;
        spokeAt = now;
        unsaid = 0;
    }
}
