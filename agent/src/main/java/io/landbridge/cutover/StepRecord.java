package io.landbridge.cutover;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One step of a cutover as it is written down.
 *
 * @param facts what it found and did, for the report, in the order it happened
 * @param failure why it failed or could not be undone; empty when neither happened
 */
public record StepRecord(
        String name,
        StepState state,
        Optional<Instant> startedAt,
        Optional<Duration> took,
        Map<String, String> facts,
        Optional<String> failure) {

    public StepRecord {
        facts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    static StepRecord pending(String name) {
        return new StepRecord(
                name,
                StepState.PENDING,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }

    StepRecord running(Instant now) {
        return new StepRecord(
                name, StepState.RUNNING, Optional.of(now), Optional.empty(), facts, failure);
    }

    StepRecord done(Duration duration, Map<String, String> found) {
        return new StepRecord(
                name, StepState.DONE, startedAt, Optional.of(duration), found, Optional.empty());
    }

    StepRecord failed(Duration duration, String why) {
        return new StepRecord(
                name, StepState.FAILED, startedAt, Optional.of(duration), facts, Optional.of(why));
    }

    StepRecord undone() {
        return new StepRecord(name, StepState.UNDONE, startedAt, took, facts, failure);
    }

    StepRecord notUndone(String why) {
        return new StepRecord(name, state, startedAt, took, facts, Optional.of(why));
    }
}
