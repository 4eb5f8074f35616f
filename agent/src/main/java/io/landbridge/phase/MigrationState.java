package io.landbridge.phase;

import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.time.Instant;
import java.util.Optional;

/**
 * What must survive the agent: one document in the target, replaced as a whole at every transition.
 * Immutable.
 *
 * @param format the document's format; {@link #FORMAT} is what this version writes and reads
 * @param migration its name
 * @param strategy as the migration was begun; it can't be changed later
 * @param step what is under way, or to be repeated after a crash
 * @param since when the step began
 * @param startedAt when the migration began
 * @param streamStart P0: the slot's first position; empty before {@link Step#OPEN_STREAM}
 * @param convergeThrough C: up to here changes converge, after it they are applied strictly
 * @param caughtUp whether the stream has been close to the source once
 * @param paused whether an operator paused it
 * @param failure why it stands still, if it does
 * @param ended COMPLETE or ROLLED_BACK once there is nothing left to do
 * @param lastValidation the last comparison's outcome
 * @param wayBack where the way back begins in the target's log; empty without one
 */
public record MigrationState(
        int format,
        String migration,
        Strategy strategy,
        Step step,
        Instant since,
        Instant startedAt,
        Optional<SourcePosition> streamStart,
        Optional<SourcePosition> convergeThrough,
        boolean caughtUp,
        boolean paused,
        Optional<Failure> failure,
        Optional<Phase> ended,
        Optional<ValidationOutcome> lastValidation,
        Optional<SourcePosition> wayBack) {

    public static final int FORMAT = 1;

    /**
     * A fault that stopped the migration.
     *
     * @param hint what to do; may be empty
     */
    public record Failure(FaultCode code, String message, String hint, Instant at) {}

    /**
     * How a comparison ended.
     *
     * @param position the source position both sides were compared at
     * @param report the file it is written down in, on the agent that made it
     */
    public record ValidationOutcome(
            Instant at, boolean clean, Optional<SourcePosition> position, String report) {}

    static MigrationState begin(String migration, Strategy strategy, Instant now) {
        return new MigrationState(
                FORMAT,
                migration,
                strategy,
                Step.ASSESS,
                now,
                now,
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public Phase phase() {
        if (ended.isPresent()) {
            return ended.get();
        }
        return failure.isPresent() ? Phase.FAILED : step.phaseIn(strategy);
    }

    /**
     * The state with {@code next} under way; a failure is forgotten.
     *
     * @throws Fault ILLEGAL_TRANSITION
     */
    MigrationState enter(Step next, Instant now) {
        Phase from = phase();
        Phase to = next.phaseIn(strategy);
        if (from != to) {
            from.checkTransition(to, step.phaseIn(strategy));
        }
        return with(next, now, streamStart, convergeThrough, caughtUp, lastValidation);
    }

    MigrationState end(Phase end, Instant now) {
        phase().checkTransition(end, step.phaseIn(strategy));
        return new MigrationState(
                format,
                migration,
                strategy,
                step,
                now,
                startedAt,
                streamStart,
                convergeThrough,
                caughtUp,
                false,
                Optional.empty(),
                Optional.of(end),
                lastValidation,
                wayBack);
    }

    MigrationState failed(Fault fault, Instant now) {
        return new MigrationState(
                format,
                migration,
                strategy,
                step,
                since,
                startedAt,
                streamStart,
                convergeThrough,
                caughtUp,
                paused,
                Optional.of(new Failure(fault.code(), fault.getMessage(), fault.hint(), now)),
                ended,
                lastValidation,
                wayBack);
    }

    MigrationState paused(boolean nowPaused) {
        return new MigrationState(
                format,
                migration,
                strategy,
                step,
                since,
                startedAt,
                streamStart,
                convergeThrough,
                caughtUp,
                nowPaused,
                failure,
                ended,
                lastValidation,
                wayBack);
    }

    MigrationState startingAt(SourcePosition start) {
        return with(step, since, Optional.of(start), convergeThrough, caughtUp, lastValidation);
    }

    MigrationState convergingThrough(SourcePosition end) {
        return with(step, since, streamStart, Optional.of(end), caughtUp, lastValidation);
    }

    MigrationState closeToSource() {
        return with(step, since, streamStart, convergeThrough, true, lastValidation);
    }

    MigrationState validated(ValidationOutcome outcome) {
        return with(step, since, streamStart, convergeThrough, caughtUp, Optional.of(outcome));
    }

    private MigrationState with(
            Step newStep,
            Instant newSince,
            Optional<SourcePosition> newStart,
            Optional<SourcePosition> newConverge,
            boolean newCaughtUp,
            Optional<ValidationOutcome> newValidation) {
        return new MigrationState(
                format,
                migration,
                strategy,
                newStep,
                newSince,
                startedAt,
                newStart,
                newConverge,
                newCaughtUp,
                paused,
                Optional.empty(),
                ended,
                newValidation,
                wayBack);
    }

    /** The clients write to the target; what they write there flows back from {@code start} on. */
    MigrationState switched(Optional<SourcePosition> start) {
        return new MigrationState(
                format,
                migration,
                strategy,
                step,
                since,
                startedAt,
                streamStart,
                convergeThrough,
                caughtUp,
                paused,
                failure,
                ended,
                lastValidation,
                start);
    }
}
