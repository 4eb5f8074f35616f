package io.landbridge.cutover;

import io.landbridge.offsets.SourcePosition;
import java.util.concurrent.CompletableFuture;

/** The stream's end, as the cutover sees it. */
public interface Drain {

    /**
     * Completes, with the position, once the transaction that contains the marker is applied; the
     * stream then stands there. To be asked before the marker is written.
     */
    CompletableFuture<SourcePosition> awaitMarker(String content);

    /** Lets the stream go on. */
    void release();
}
