package io.landbridge.phase;

import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

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
 * @param order what the comparison or repair under way was asked for; empty when it is the usual
 * @param rewindTo the moment that a rollback of the target under way means
 * @param rewound where the target was taken back to, while the migration is paused there
 * @param aborting whether removing what we made leaves the rows that were copied
 * @param transport what carries the stream's changes; empty before there is a stream
 * @param leftover a transport that carried them before, and may hold something of ours still
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
        Optional<SourcePosition> wayBack,
        Optional<ComparisonOrder> order,
        Optional<Instant> rewindTo,
        Optional<Rewound> rewound,
        boolean aborting,
        Optional<Mode> transport,
        Optional<Mode> leftover) {

    /** A document that an earlier version wrote lacks these. */
    public MigrationState {
        rewindTo = rewindTo == null ? Optional.empty() : rewindTo;
        rewound = rewound == null ? Optional.empty() : rewound;
        order = order == null ? Optional.empty() : order;
        transport = transport == null ? Optional.empty() : transport;
        leftover = leftover == null ? Optional.empty() : leftover;
    }

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

    /**
     * Where the target was taken back to.
     *
     * @param to the moment that was asked for
     * @param position the end of the last commit that counts
     * @param committedAt when that was made, by the source's clock
     */
    public record Rewound(Instant to, SourcePosition position, Instant committedAt) {}

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
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** Whether it has come as far as ASSESSED, LOADED or CAUGHT_UP. */
    boolean isPast(Until goal) {
        return switch (goal) {
            case ASSESSED -> step != Step.ASSESS;
            case LOADED -> step.compareTo(Step.BUILD_KEYS) > 0;
            case CAUGHT_UP -> caughtUp;
            case VALIDATED, COMPLETE, STOPPED -> throw new IllegalArgumentException(goal + "");
        };
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
        return with(
                draft -> {
                    draft.step = next;
                    draft.since = now;
                    draft.failure = Optional.empty();
                });
    }

    MigrationState end(Phase end, Instant now) {
        phase().checkTransition(end, step.phaseIn(strategy));
        return with(
                draft -> {
                    draft.since = now;
                    draft.paused = false;
                    draft.failure = Optional.empty();
                    draft.ended = Optional.of(end);
                });
    }

    MigrationState failed(Fault fault, Instant now) {
        Failure failed = new Failure(fault.code(), fault.getMessage(), fault.hint(), now);
        return with(draft -> draft.failure = Optional.of(failed));
    }

    MigrationState paused(boolean nowPaused) {
        return with(
                draft -> {
                    draft.paused = nowPaused;
                    draft.rewound = nowPaused ? draft.rewound : Optional.empty();
                });
    }

    /** The target is about to be taken back to {@code moment}. */
    MigrationState rewindingTo(Instant moment) {
        return with(draft -> draft.rewindTo = Optional.of(moment));
    }

    /** It can't be; the migration goes on as it was. */
    MigrationState rewindRefused() {
        return goingOn(draft -> draft.rewindTo = Optional.empty());
    }

    /** It is taken back, and nothing is applied until somebody resumes. */
    MigrationState rewound(Rewound where) {
        return goingOn(
                draft -> {
                    draft.paused = true;
                    draft.rewindTo = Optional.empty();
                    draft.rewound = Optional.of(where);
                });
    }

    MigrationState startingAt(SourcePosition start, Mode mode) {
        return goingOn(draft -> draft.streamStart = Optional.of(start)).carriedBy(mode);
    }

    /** What carries the stream's changes; streams begun by older versions knew one way only. */
    public Mode carriedBy() {
        return transport.orElse(Mode.CHRONICLE);
    }

    private MigrationState carriedBy(Mode mode) {
        return with(draft -> draft.transport = Optional.of(mode));
    }

    /** From here on {@code mode} carries the changes; what did before holds none that count. */
    MigrationState handedOver(Mode mode) {
        Optional<Mode> before = Optional.of(carriedBy());
        return carriedBy(mode).with(draft -> draft.leftover = before);
    }

    /** Nothing of ours is left in the transport that carried the changes before. */
    MigrationState clearedUp() {
        return with(draft -> draft.leftover = Optional.empty());
    }

    MigrationState convergingThrough(SourcePosition end) {
        return goingOn(draft -> draft.convergeThrough = Optional.of(end));
    }

    MigrationState closeToSource() {
        return goingOn(draft -> draft.caughtUp = true);
    }

    MigrationState validated(ValidationOutcome outcome) {
        return goingOn(
                draft -> {
                    draft.lastValidation = Optional.of(outcome);
                    draft.order = Optional.empty();
                });
    }

    /** A comparison or repair is about to begin. */
    MigrationState ordered(ComparisonOrder wanted) {
        return with(draft -> draft.order = Optional.of(wanted));
    }

    /** What was ordered is done, and says nothing of both sides as a whole. */
    MigrationState orderDone() {
        return goingOn(draft -> draft.order = Optional.empty());
    }

    /** What we made is about to be removed; an abort leaves the rows. */
    MigrationState removing(boolean abort) {
        return with(draft -> draft.aborting = abort);
    }

    /** The clients write to the target; what they write there flows back from {@code start} on. */
    MigrationState switched(Optional<SourcePosition> start) {
        return with(draft -> draft.wayBack = start);
    }

    /** What only work that goes well brings about: a failure is forgotten. */
    private MigrationState goingOn(Consumer<Draft> change) {
        return with(change.andThen(draft -> draft.failure = Optional.empty()));
    }

    private MigrationState with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new MigrationState(
                format,
                migration,
                strategy,
                draft.step,
                draft.since,
                startedAt,
                draft.streamStart,
                draft.convergeThrough,
                draft.caughtUp,
                draft.paused,
                draft.failure,
                draft.ended,
                draft.lastValidation,
                draft.wayBack,
                draft.order,
                draft.rewindTo,
                draft.rewound,
                draft.aborting,
                draft.transport,
                draft.leftover);
    }

    /** A state while it is being changed. */
    private static final class Draft {
        private Step step;
        private Instant since;
        private Optional<SourcePosition> streamStart;
        private Optional<SourcePosition> convergeThrough;
        private boolean caughtUp;
        private boolean paused;
        private Optional<Failure> failure;
        private Optional<Phase> ended;
        private Optional<ValidationOutcome> lastValidation;
        private Optional<SourcePosition> wayBack;
        private Optional<ComparisonOrder> order;
        private Optional<Instant> rewindTo;
        private Optional<Rewound> rewound;
        private boolean aborting;
        private Optional<Mode> transport;
        private Optional<Mode> leftover;

        Draft(MigrationState state) {
            step = state.step;
            since = state.since;
            streamStart = state.streamStart;
            convergeThrough = state.convergeThrough;
            caughtUp = state.caughtUp;
            paused = state.paused;
            failure = state.failure;
            ended = state.ended;
            lastValidation = state.lastValidation;
            wayBack = state.wayBack;
            order = state.order;
            rewindTo = state.rewindTo;
            rewound = state.rewound;
            aborting = state.aborting;
            transport = state.transport;
            leftover = state.leftover;
        }
    }
}
