package io.landbridge.buffer;

import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;

/**
 * What lies between capture and apply: source events on disk, in the source's order, without a gap.
 *
 * <p>One thread appends; any number of readers read, each on its own thread. Faults: {@code
 * BUFFER_GAP} when files are missing or torn, {@code BUFFER_IO} when the disk refuses.
 */
public interface ChangeBuffer extends Changes, AutoCloseable {

    /**
     * Appends one event. Waits while the buffer is full; readers see the event at the latest after
     * the next {@link #flush} or {@link #force}. Transactions that {@link #last} covers already are
     * the caller's to drop. A Begin inside a transaction, or anything after a restart in the midst
     * of one, is preceded by {@link SourceEvent.Abandoned} by itself; an Abandoned outside of one
     * is dropped.
     *
     * @throws InterruptedException when interrupted while full; the event is then not appended
     */
    void append(SourceEvent event) throws InterruptedException;

    /** Makes everything appended visible to readers, without waiting for the disk. */
    void flush();

    /**
     * Forces everything appended to disk.
     *
     * @return the end of the last complete transaction that now survives a power failure
     */
    Optional<SourcePosition> force();

    /** The end of the last complete transaction in the buffer; empty when there is none. */
    Optional<SourcePosition> last();

    /**
     * What {@link #last} is for whoever begins to append: called before the first event, and again
     * after a passing fault of {@link #append}, {@link #flush} or {@link #force}. What was appended
     * after the position that it gives may be lost with that fault and is to be appended again.
     * Belongs to the appending thread.
     *
     * @throws io.landbridge.fault.Fault a passing one while what keeps the buffer can't be reached
     */
    default Optional<SourcePosition> resume() {
        return last();
    }

    /**
     * A reader of all that is still held, applied or not, oldest first: its first events may belong
     * to a transaction whose begin is gone. Empty when no transaction is complete.
     */
    default Optional<EventReader> readHeld() {
        return Optional.empty();
    }

    /** Lets go of files that hold only transactions at or before {@code applied}. */
    void trimTo(SourcePosition applied);

    BufferStatus status();

    @Override
    void close();
}
