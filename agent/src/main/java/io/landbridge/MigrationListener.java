package io.landbridge;

import io.landbridge.fault.Fault;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import io.landbridge.phase.Phase;
import java.time.Duration;
import java.util.Optional;

/**
 * Is told how a {@link Migration} goes. One thread of the migration's own calls all methods, one
 * after the other: a slow listener is told later and keeps nothing from going on. What a method
 * throws is logged and has no other effect. A method may ask {@link Migration#control} for
 * something; it must not wait for the migration.
 */
public interface MigrationListener {

    /** Every change of the phase, in order, none left out; not the phase that it begins in. */
    default void phaseChanged(Phase from, Phase to) {}

    /** The newest status, every {@link #interval}, and once more at the end. */
    default void progressed(MigrationStatus status) {}

    /** Something is wrong now that was not when last looked, an {@link #interval} ago. */
    default void faultRaised(ActiveFault fault) {}

    /** A validation has ended; {@link ValidationResult#outcome} says how. */
    default void validated(ValidationResult result) {}

    /** A cutover, a dry run of one or a rollback has ended: its attempt is DONE or UNDONE. */
    default void cutoverEnded(CutoverState result) {}

    /**
     * The migration runs no more: {@link Migration#stop} was called, or {@code why}. Told only of
     * one that {@link Migration#start} began.
     */
    default void ended(Optional<Fault> why) {}

    /** How long to wait between two looks; one second unless overridden. Asked once. */
    default Duration interval() {
        return Duration.ofSeconds(1);
    }
}
