package io.landbridge.buffer;

import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;

/**
 * Excerpts by their number, wherever they are kept. Belongs to the reader that it was opened for,
 * and to its thread.
 */
public interface ExcerptSource extends AutoCloseable {

    /**
     * Reads one excerpt.
     *
     * @param into filled with it; untouched when it is not there
     * @return false when no excerpt has that number yet, or when it can't be had at the moment
     * @throws Fault BUFFER_GAP when it is gone, or damaged
     */
    boolean read(long sequence, Excerpt into);

    /**
     * Reads one excerpt that is known to be there; waits for it, within reason.
     *
     * @throws Fault BUFFER_GAP when it is gone, or damaged; a passing one when it can't be had
     */
    default void readPresent(long sequence, Excerpt into) {
        if (!read(sequence, into)) {
            throw gap("lacks excerpt " + sequence);
        }
    }

    /** The table layout that a change of the excerpt read last names by {@code id}. */
    TableLayout layout(int id);

    /** Events that were appended up to now. */
    long events();

    /**
     * A fault BUFFER_GAP of this buffer.
     *
     * @param what goes on after the buffer's name: {@code "lacks ..."}
     */
    Fault gap(String what);

    @Override
    void close();
}
