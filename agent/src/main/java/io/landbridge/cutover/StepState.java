package io.landbridge.cutover;

/** Where a step of a cutover stands. */
public enum StepState {
    PENDING,
    RUNNING,
    DONE,
    FAILED,
    UNDONE;

    /** Whether it may have had an effect that is still there. */
    boolean hasBegun() {
        return this == RUNNING || this == DONE || this == FAILED;
    }
}
