package io.landbridge.phase;

import io.landbridge.config.MigrationConfig.Strategy;

/**
 * What is done next within a phase. Every step may be done again from its start: after a crash the
 * persisted step is simply repeated, and finds what it has done already.
 */
public enum Step {
    /** Look before anything is touched. */
    ASSESS,
    /** Make or check the target's tables. */
    PREPARE_TARGET,
    /** Publication and slot at the source: from here on no change can be missed. */
    OPEN_STREAM,
    /** Copy every row, while the stream collects in the buffer. */
    COPY,
    /** Build the keys that the applier finds rows by. */
    BUILD_KEYS,
    /** Replay what was written during the copy. */
    CONVERGE,
    /** Build the other indexes, the foreign keys, the triggers. */
    BUILD_REST,
    /** Follow the source. */
    FOLLOW,
    /** Compare both sides. */
    VALIDATE,
    /** Make rows that differ equal again. */
    REPAIR,
    /** Take the target back to what the source was at a moment. */
    REWIND,
    /** Try what a cutover would do, without moving anybody. */
    REHEARSE,
    /** Move the writes to the target. */
    CUT_OVER,
    /** The target takes the writes; the way back is open. */
    MONITOR,
    /** Move the writes back to the source. */
    SWITCH_BACK,
    /** Remove what we made. */
    ROLL_BACK;

    /** The phase an operator sees during this step. */
    public Phase phaseIn(Strategy strategy) {
        return switch (this) {
            case ASSESS -> Phase.ASSESSMENT;
            case PREPARE_TARGET, OPEN_STREAM ->
                    strategy == Strategy.CDC_ONLY ? Phase.CDC : Phase.FULL_LOAD;
            case COPY, BUILD_KEYS -> Phase.FULL_LOAD;
            case BUILD_REST -> strategy == Strategy.FULL_LOAD ? Phase.FULL_LOAD : Phase.CDC;
            case CONVERGE, FOLLOW, REWIND -> Phase.CDC;
            case VALIDATE, REPAIR, REHEARSE -> Phase.VALIDATION;
            case CUT_OVER -> Phase.CUTOVER;
            case MONITOR -> Phase.MONITORING;
            case SWITCH_BACK, ROLL_BACK -> Phase.ROLLING_BACK;
        };
    }

    /** Whether rows are on their way from the source to the target, or are there already. */
    boolean leadsForth() {
        return compareTo(COPY) >= 0 && compareTo(CUT_OVER) <= 0;
    }

    /**
     * The step that follows when this one is done and nobody asked for another.
     *
     * @throws IllegalStateException for steps that only end on somebody's word
     */
    Step next(Strategy strategy) {
        return switch (this) {
            case ASSESS -> PREPARE_TARGET;
            case PREPARE_TARGET -> strategy == Strategy.FULL_LOAD ? COPY : OPEN_STREAM;
            case OPEN_STREAM ->
                    switch (strategy) {
                        case CDC_ONLY -> FOLLOW;
                        // DMS looks rows up from the first change on, and begins without a word.
                        case AWS_DMS -> BUILD_KEYS;
                        case FULL_LOAD_CDC, FULL_LOAD -> COPY;
                    };
            case COPY -> strategy == Strategy.AWS_DMS ? CONVERGE : BUILD_KEYS;
            case BUILD_KEYS ->
                    switch (strategy) {
                        case FULL_LOAD -> BUILD_REST;
                        case AWS_DMS -> COPY;
                        case FULL_LOAD_CDC, CDC_ONLY -> CONVERGE;
                    };
            case CONVERGE -> BUILD_REST;
            case BUILD_REST -> strategy == Strategy.FULL_LOAD ? VALIDATE : FOLLOW;
            case VALIDATE, REPAIR, REWIND, REHEARSE -> FOLLOW;
            case CUT_OVER -> MONITOR;
            case FOLLOW, MONITOR, SWITCH_BACK, ROLL_BACK ->
                    throw new IllegalStateException(this + " has no step after it");
        };
    }
}
