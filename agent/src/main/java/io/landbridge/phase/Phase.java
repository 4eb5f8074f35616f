package io.landbridge.phase;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a migration stands, in an operator's words. These are the legal transitions, and the only
 * place that says so:
 *
 * <pre>
 * ASSESSMENT   -> FULL_LOAD                  no blocker was found
 *              -> CDC                        strategy cdc-only
 * FULL_LOAD    -> CDC                        every row is copied
 *              -> VALIDATION                 strategy full-load
 * CDC         <-> VALIDATION                 caught up; back whatever the result
 *              -> CUTOVER                    ready
 * VALIDATION   -> COMPLETE                   strategy full-load
 * CUTOVER      -> MONITORING                 the target takes the writes
 *              -> CDC                        undone before the switch
 * MONITORING   -> COMPLETE                   finished
 * any of the above before COMPLETE -> ROLLING_BACK -> ROLLED_BACK
 * ROLLING_BACK -> MONITORING                 undone before the traffic went back
 * any but an ended one -> FAILED -> back to where it failed
 * </pre>
 */
public enum Phase {
    ASSESSMENT,
    FULL_LOAD,
    CDC,
    VALIDATION,
    CUTOVER,
    MONITORING,
    COMPLETE,
    ROLLING_BACK,
    ROLLED_BACK,
    FAILED;

    /** True when nothing more happens by itself. */
    public boolean isEnd() {
        return this == COMPLETE || this == ROLLED_BACK;
    }

    /**
     * Checks the step from this phase to {@code next}.
     *
     * @param failedIn the phase that {@link #FAILED} was entered from; ignored in other phases
     * @throws Fault ILLEGAL_TRANSITION, naming both
     */
    void checkTransition(Phase next, Phase failedIn) {
        boolean legal =
                switch (this) {
                    case FAILED ->
                            next == failedIn
                                    || (next == ROLLING_BACK
                                            && failedIn.successors().contains(next));
                    default -> successors().contains(next);
                };
        if (!legal) {
            throw Fault.of(
                    FaultCode.ILLEGAL_TRANSITION,
                    "a migration in phase " + this + " can't go to " + next);
        }
    }

    private Set<Phase> successors() {
        return switch (this) {
            case ASSESSMENT -> EnumSet.of(FULL_LOAD, CDC, FAILED);
            case FULL_LOAD -> EnumSet.of(CDC, VALIDATION, ROLLING_BACK, FAILED);
            case CDC -> EnumSet.of(VALIDATION, CUTOVER, ROLLING_BACK, FAILED);
            case VALIDATION -> EnumSet.of(CDC, COMPLETE, ROLLING_BACK, FAILED);
            case CUTOVER -> EnumSet.of(CDC, MONITORING, ROLLING_BACK, FAILED);
            case MONITORING -> EnumSet.of(COMPLETE, ROLLING_BACK, FAILED);
            case ROLLING_BACK -> EnumSet.of(ROLLED_BACK, MONITORING, FAILED);
            case COMPLETE, ROLLED_BACK, FAILED -> EnumSet.noneOf(Phase.class);
        };
    }
}
