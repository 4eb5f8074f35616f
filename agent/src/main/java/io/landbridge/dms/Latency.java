package io.landbridge.dms;

import java.time.Duration;
import java.time.Instant;

/**
 * How far DMS says to be behind; CloudWatch has it by the minute.
 *
 * @param source between a commit and its arrival at the replication instance
 * @param target between a commit and its arrival at the target
 * @param at the minute of the older figure
 */
public record Latency(Duration source, Duration target, Instant at) {

    public Duration longest() {
        return source.compareTo(target) > 0 ? source : target;
    }

    /** For people. */
    public String describe() {
        return "CDCLatencySource "
                + source.toSeconds()
                + " s, CDCLatencyTarget "
                + target.toSeconds()
                + " s at "
                + at;
    }
}
