package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.offsets.SourcePosition;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Makes a database's migrated tables read-only for everybody but us. Every method can be repeated.
 * Not for several threads at once.
 */
public interface Fence {

    /** Does ahead of time what can be done while everybody writes. */
    void arm(Collection<TableId> tables, LockPatience patience);

    /**
     * Shuts {@code tables}: when this returns, every write of others is committed or rolled back,
     * and no other can begin.
     *
     * @param marker put into the log behind the last write
     * @throws io.landbridge.fault.Fault SOURCE_LOCK_TIMEOUT, naming the writers that did not end,
     *     after the last try; nothing is shut then
     */
    void raise(Collection<TableId> tables, String marker, LockPatience patience);

    /** Where in the log it was raised last by this object; empty where that is not known. */
    default Optional<SourcePosition> raisedAt() {
        return Optional.empty();
    }

    /** Whether writes are refused now. */
    boolean isRaised();

    /** Lets everybody write again, at once. */
    void lower();

    /** Removes everything of the fence. */
    void lift();

    /**
     * Shows that we can write through the fence once we are {@link #admitUs admitted}.
     *
     * @throws io.landbridge.fault.Fault SOURCE_RIGHTS with what is to be granted
     */
    default void checkPass() {
        // It lets us pass by what our own sessions say.
    }

    /** Lets us write through the raised fence, for as long as it is raised: for the way back. */
    default void admitUs() {
        // We always may.
    }

    /** Takes {@link #admitUs} back. */
    default void admitNobody() {
        // It keeps nobody else out by this.
    }

    /** Who beside us could write while we are admitted; empty is what one wants. */
    default List<String> admittedToo() {
        return List.of();
    }

    /** Who holds {@code tables} as a writer does now, for people: the fence would wait for them. */
    List<String> writers(Collection<TableId> tables);

    /** Who could write past the fence; empty is what one wants. */
    List<String> bypasses();
}
