package io.landbridge.validate;

import io.landbridge.offsets.SourcePosition;
import java.util.concurrent.CompletableFuture;

/**
 * Stops and releases what writes to the target, at a place in the source's log. Thread-safe.
 *
 * <p>Whatever became of a hold, {@link #release} ends it; releasing what isn't held does nothing.
 */
public interface ApplyGate {

    /** For a target that nothing is applied to: it stands wherever it is asked to. */
    ApplyGate STANDING =
            new ApplyGate() {
                @Override
                public CompletableFuture<SourcePosition> holdAt(SourcePosition position) {
                    return CompletableFuture.completedFuture(position);
                }

                @Override
                public CompletableFuture<SourcePosition> hold() {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public void release() {
                    // Nothing was held.
                }
            };

    /**
     * Applies every transaction that ends at or before {@code position} and none after it, then
     * waits. A hold that is in force moves on to {@code position}.
     *
     * @return completes once the target shows exactly that; exceptionally when a later transaction
     *     is applied already, or the stream ended with a fault
     */
    CompletableFuture<SourcePosition> holdAt(SourcePosition position);

    /** Stops at the next boundary of a batch, wherever that is. */
    CompletableFuture<SourcePosition> hold();

    void release();
}
