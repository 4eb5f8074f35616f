package io.landbridge.buffer;

import io.landbridge.change.SourceEvent;

/** Reads the buffer from one place on; owned by one thread. */
public interface EventReader extends AutoCloseable {

    /** The next event, or null when there is none yet. */
    SourceEvent poll();

    /** The place of the event that {@link #poll} gives next. */
    Mark mark();

    /** Goes back to {@code mark}, which must not have been trimmed away. */
    void rewind(Mark mark);

    @Override
    void close();

    /** A place in the buffer; only the reader that gave it out understands it. */
    interface Mark {}
}
