package io.landbridge.buffer;

import io.landbridge.offsets.SourcePosition;

/** The changes of a stream, to be read from any transaction's end on. */
public interface Changes {

    /**
     * A reader whose first event is the {@link io.landbridge.change.SourceEvent.Begin} of the first
     * transaction that ends after {@code applied}.
     *
     * @throws io.landbridge.fault.Fault BUFFER_GAP when later transactions are there but there is a
     *     hole between {@code applied} and them
     */
    EventReader readAfter(SourcePosition applied);
}
