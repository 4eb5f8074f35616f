package io.landbridge.source;

import java.time.Duration;

/**
 * How taking locks is bounded.
 *
 * @param timeout how long those in flight are waited for, each try; those that come meanwhile wait
 *     behind us
 * @param tries at least 1; the pause between them grows
 */
public record LockPatience(Duration timeout, int tries) {

    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    public LockPatience {
        if (tries < 1) {
            throw new IllegalArgumentException("at least one try");
        }
    }

    Duration pauseAfter(int failedTries) {
        return Duration.ofMillis(
                Math.min(LONGEST_PAUSE_MILLIS, 50L << Math.min(10, failedTries - 1)));
    }

    LockPatience atMost(Duration otherTimeout) {
        return timeout.compareTo(otherTimeout) <= 0 ? this : new LockPatience(otherTimeout, tries);
    }
}
