package io.landbridge.phase;

import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.MigrationStatus.Attempt;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.phase.MigrationStatus.RepairResult;
import io.landbridge.phase.MigrationStatus.Rewound;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of a request, told by the status just before it and the newest one; for whoever waits
 * at a terminal or in a program. Empty while it is under way. Throws what made the migration fail,
 * or the refusal that came of the request.
 */
public final class Outcome {

    private Outcome() {}

    /** Whether all that came in during the load is applied: from then on orders are taken. */
    public static boolean hasConverged(MigrationStatus now) {
        return Step.valueOf(now.stage().step()).compareTo(Step.FOLLOW) >= 0;
    }

    /** The validation that has ended since, whatever it found. */
    public static Optional<ValidationResult> ofValidation(
            MigrationStatus before, MigrationStatus now) {
        checkNotFailed(now);
        Optional<Instant> known = before.validation().flatMap(Outcome::ended);
        return now.validation()
                .filter(result -> !isIn(now, Step.VALIDATE))
                .filter(result -> ended(result).isPresent() && !ended(result).equals(known));
    }

    private static Optional<Instant> ended(ValidationResult result) {
        return result.endedAt().map(at -> result.startedAt());
    }

    /** The repair that has ended since, whatever came of it. */
    public static Optional<RepairResult> ofRepair(MigrationStatus before, MigrationStatus now) {
        checkNotFailed(now);
        Optional<Instant> known = before.repair().flatMap(Outcome::ended);
        return now.repair()
                .filter(result -> !isIn(now, Step.REPAIR))
                .filter(result -> ended(result).isPresent() && !ended(result).equals(known));
    }

    private static Optional<Instant> ended(RepairResult result) {
        return result.endedAt().map(at -> result.startedAt());
    }

    /**
     * What the dry run of a cutover has found.
     *
     * @throws Fault CUTOVER_REFUSED when a cutover would not go through
     */
    public static Optional<CutoverState> ofRehearsal(MigrationStatus before, MigrationStatus now) {
        checkNotFailed(now);
        Optional<Attempt> ended = endedAttempt(before, now);
        ended.filter(attempt -> attempt.outcome().equals("UNDONE"))
                .ifPresent(
                        attempt -> {
                            throw Fault.of(
                                            FaultCode.CUTOVER_REFUSED,
                                            "a cutover would not go through: " + reason(attempt))
                                    .hint(
                                            "see to the cause; the dry run has taken back what it"
                                                    + " made");
                        });
        return ended.map(attempt -> now.cutover());
    }

    /**
     * The cutover, once the target takes the writes.
     *
     * @throws Fault CUTOVER_REFUSED when it was undone
     */
    public static Optional<CutoverState> ofCutover(MigrationStatus before, MigrationStatus now) {
        if (isIn(now, Phase.MONITORING) || isIn(now, Phase.COMPLETE)) {
            return Optional.of(now.cutover());
        }
        checkNotFailed(now);
        if (isIn(now, Phase.CDC) && !now.stage().since().equals(before.stage().since())) {
            refuse(now, FaultCode.CUTOVER_REFUSED);
        }
        return Optional.empty();
    }

    /**
     * The end of a rollback.
     *
     * @throws Fault CUTOVER_REFUSED when it was undone and writers go on at the target
     */
    public static Optional<MigrationStatus> ofRollback(
            MigrationStatus before, MigrationStatus now) {
        checkNotFailed(now);
        if (isIn(now, Phase.MONITORING) && !now.stage().since().equals(before.stage().since())) {
            refuse(now, FaultCode.CUTOVER_REFUSED);
        }
        return Optional.of(now).filter(status -> isIn(status, Phase.ROLLED_BACK));
    }

    /**
     * Where a rollback to {@code moment} has led.
     *
     * @throws Fault REWIND_REFUSED when it can't be done
     */
    public static Optional<Rewound> ofRewind(Instant moment, MigrationStatus now) {
        checkNotFailed(now);
        if (isIn(now, Step.REWIND)) {
            return Optional.empty();
        }
        refuse(now, FaultCode.REWIND_REFUSED);
        return now.stage().rewound().filter(where -> where.to().equals(moment));
    }

    /**
     * The status once {@code mode} carries the changes.
     *
     * @throws Fault TRANSPORT_SWITCH when it can't: the transport so far goes on
     */
    public static Optional<MigrationStatus> ofTransport(Mode mode, MigrationStatus now) {
        checkNotFailed(now);
        refuse(now, FaultCode.TRANSPORT_SWITCH);
        String spelling = mode.name().toLowerCase(Locale.ROOT);
        return Optional.of(now)
                .filter(status -> status.transport().mode().equals(spelling))
                .filter(status -> status.capture().state().equals("STREAMING"));
    }

    /** The end of the observation. */
    public static Optional<MigrationStatus> ofFinish(MigrationStatus now) {
        checkNotFailed(now);
        return Optional.of(now).filter(status -> isIn(status, Phase.COMPLETE));
    }

    /** The end of a migration that is given up. */
    public static Optional<MigrationStatus> ofAbort(MigrationStatus now) {
        return Optional.of(now).filter(status -> Phase.valueOf(status.stage().phase()).isEnd());
    }

    private static Optional<Attempt> endedAttempt(MigrationStatus before, MigrationStatus now) {
        return now.cutover()
                .attempt()
                .filter(attempt -> !isIn(now, Step.REHEARSE))
                .filter(attempt -> !before.cutover().attempt().equals(Optional.of(attempt)))
                .filter(Outcome::isOver);
    }

    /** Whether nothing more comes of it: it is DONE or UNDONE. */
    public static boolean isOver(Attempt attempt) {
        return attempt.outcome().equals("DONE") || attempt.outcome().equals("UNDONE");
    }

    private static String reason(Attempt attempt) {
        return attempt.failure().orElse("no reason is known");
    }

    private static void refuse(MigrationStatus now, FaultCode code) {
        now.faults().stream()
                .filter(fault -> fault.code().equals(code.name()))
                .findFirst()
                .ifPresent(
                        fault -> {
                            throw Fault.of(code, fault.message()).hint(fault.hint());
                        });
    }

    /** What has ended but for a last word still keeps the next request away. */
    private static boolean isIn(MigrationStatus status, Step step) {
        return status.stage().step().equals(step.name());
    }

    private static boolean isIn(MigrationStatus status, Phase phase) {
        return status.stage().phase().equals(phase.name());
    }

    /**
     * Throws what made the migration fail, when it has.
     *
     * @throws Fault with the code of what stands first among {@link MigrationStatus#faults}
     */
    public static void checkNotFailed(MigrationStatus status) {
        if (!isIn(status, Phase.FAILED)) {
            return;
        }
        ActiveFault fault =
                status.faults().stream()
                        .findFirst()
                        .orElseThrow(() -> Fault.of(FaultCode.INTERNAL, "the migration failed"));
        throw Fault.of(code(fault.code()), fault.message()).hint(fault.hint());
    }

    /** An agent of another version may know codes that this one doesn't. */
    private static FaultCode code(String name) {
        try {
            return FaultCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            return FaultCode.INTERNAL;
        }
    }
}
