package io.landbridge.phase;

import io.landbridge.cutover.Drain;
import io.landbridge.cutover.Evidence;
import io.landbridge.cutover.Proof;
import io.landbridge.load.LoadStatus;
import io.landbridge.phase.MigrationStatus.ApplyState;
import io.landbridge.phase.MigrationStatus.CaptureState;
import io.landbridge.validate.EqualParts;
import io.landbridge.validate.ValidationReport;
import java.util.List;
import java.util.Optional;

/**
 * Who carries rows from the source to the target until the traffic has moved: a load and a stream
 * of ours, or somebody else. The steps ask it, and don't ask which it is. Each method may be called
 * again after a crash, and finds what it has done already.
 *
 * <p>Owned by the controller's thread; {@link #evidence}, {@link #isClose} and what the status
 * tells come from any.
 */
interface WayForth extends AutoCloseable {

    /** Looks whether it can be gone, and changes nothing. */
    void check();

    /** From here on no change of the source can be missed. */
    void open() throws InterruptedException;

    /** Copies every row. */
    void copy() throws InterruptedException;

    /**
     * Brings the target to what the source was at one moment after the copy; nothing is written to
     * it afterwards until {@link #follow}.
     */
    void converge() throws InterruptedException;

    /**
     * Goes on, or holds while the migration is paused.
     *
     * @return whether it has been close to the source, now or before
     */
    boolean follow() throws InterruptedException;

    /** Called over and over while it follows and nothing else is asked for; waits a moment. */
    void idle() throws InterruptedException;

    /** Whether the lag is no more than a cutover may begin with. */
    boolean isClose();

    /** What is known of the lag, and of tables that are not carried. */
    List<Evidence> evidence();

    /**
     * Refuses {@code step} where it can't be done.
     *
     * @throws io.landbridge.fault.Fault USAGE
     */
    void checkCan(Step step);

    /**
     * Compares both sides while writes go on.
     *
     * @param known what is done already; told what is done
     */
    ValidationReport compare(ComparisonOrder order, EqualParts known);

    /** Puts a marker behind everything that was written to the source. */
    void emitMarker(String content);

    /** Brings the target to a marker, and stands there; nothing is opened before it is asked to. */
    Drain drain();

    /** Ends the drain's wait, from any thread. */
    void breakOff();

    /**
     * Shows that both sides are equal.
     *
     * @param last what is done once they are shown to be
     */
    Proof proof(Runnable last);

    /** Ends it for good: the traffic has moved. */
    void end() throws InterruptedException;

    /** Takes away all that is ours of it, before the traffic has moved or after it came back. */
    void remove() throws InterruptedException;

    /** Lets go what is open in this process; the next call opens it anew. */
    void letGo();

    @Override
    default void close() {
        letGo();
    }

    /** How far a copy is that is not a load of ours. */
    default Optional<LoadStatus> load() {
        return Optional.empty();
    }

    /** What reads the source's log, where it is not a capture of ours. */
    default CaptureState capture() {
        return CaptureState.OFF;
    }

    /** What writes to the target, where it is not an applier of ours. */
    default ApplyState apply() {
        return ApplyState.OFF;
    }
}
