package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.validate.ApplyGate;
import java.util.concurrent.CompletableFuture;

/** The validation's hand on the applier; releases it only where the operator has not paused it. */
final class StreamGate implements ApplyGate {

    private final Stream stream;

    StreamGate(Stream stream) {
        this.stream = stream;
    }

    @Override
    public CompletableFuture<SourcePosition> holdAt(SourcePosition position) {
        Applier applier = stream.applier().orElseThrow();
        CompletableFuture<SourcePosition> reached = applier.holdAt(position);
        // An applier that stands still already would never get there.
        applier.release();
        return reached;
    }

    @Override
    public CompletableFuture<SourcePosition> hold() {
        return stream.applier().orElseThrow().hold();
    }

    @Override
    public void release() {
        stream.applier().orElseThrow().release();
    }
}
