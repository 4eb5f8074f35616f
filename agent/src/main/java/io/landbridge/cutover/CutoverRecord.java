package io.landbridge.cutover;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One attempt to move the traffic, as it is persisted before and after each step. Immutable; names
 * are part of its JSON form: add, never rename.
 *
 * @param format {@link #FORMAT} is what this version writes and reads
 * @param attempt names it: part of the markers it puts into the log
 * @param kind {@code cutover}, or {@code rollback} for the way back
 * @param failure why it was undone, or why it stands still; empty while all is well
 */
public record CutoverRecord(
        int format,
        String attempt,
        String kind,
        Status status,
        Instant startedAt,
        Optional<Instant> endedAt,
        List<StepRecord> steps,
        Optional<String> failure) {

    public static final int FORMAT = 1;

    /** How far an attempt is. */
    public enum Status {
        /** Under way, or cut off by a crash: {@link Cutover#resume} goes on. */
        RUNNING,
        /** Being taken back; after a crash {@link Cutover#resume} goes on with that. */
        UNDOING,
        /** The traffic has moved. */
        DONE,
        /** Everything is as it was before. */
        UNDONE;

        public boolean isOver() {
            return this == DONE || this == UNDONE;
        }
    }

    public CutoverRecord {
        steps = List.copyOf(steps);
    }

    static CutoverRecord begin(String attempt, String kind, Instant now, List<String> steps) {
        return new CutoverRecord(
                FORMAT,
                attempt,
                kind,
                Status.RUNNING,
                now,
                Optional.empty(),
                steps.stream().map(StepRecord::pending).toList(),
                Optional.empty());
    }

    public StepRecord step(String name) {
        return steps.stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no step " + name));
    }

    CutoverRecord with(String step, UnaryOperator<StepRecord> change) {
        List<StepRecord> changed = new ArrayList<>(steps);
        changed.replaceAll(one -> one.name().equals(step) ? change.apply(one) : one);
        return new CutoverRecord(
                format, attempt, kind, status, startedAt, endedAt, changed, failure);
    }

    CutoverRecord undoing(String why) {
        return new CutoverRecord(
                format,
                attempt,
                kind,
                Status.UNDOING,
                startedAt,
                endedAt,
                steps,
                failure.isPresent() ? failure : Optional.of(why));
    }

    CutoverRecord standing(String why) {
        return new CutoverRecord(
                format, attempt, kind, status, startedAt, endedAt, steps, Optional.of(why));
    }

    CutoverRecord ended(Status how, Instant now) {
        return new CutoverRecord(
                format,
                attempt,
                kind,
                how,
                startedAt,
                Optional.of(now),
                steps,
                how == Status.DONE ? Optional.empty() : failure);
    }
}
