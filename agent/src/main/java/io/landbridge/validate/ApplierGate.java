package io.landbridge.validate;

import io.landbridge.apply.Applier;
import io.landbridge.offsets.SourcePosition;
import java.util.concurrent.CompletableFuture;

/** The gate of a running applier. */
public final class ApplierGate implements ApplyGate {

    private final Applier applier;
    private CompletableFuture<SourcePosition> asked;

    public ApplierGate(Applier applier) {
        this.applier = applier;
    }

    @Override
    public synchronized CompletableFuture<SourcePosition> holdAt(SourcePosition position) {
        boolean held = asked != null && asked.isDone() && !asked.isCompletedExceptionally();
        asked = applier.holdAt(position);
        if (held) {
            // The applier takes both in this order: it goes on to the place just asked for.
            applier.release();
        }
        return asked;
    }

    @Override
    public synchronized CompletableFuture<SourcePosition> hold() {
        asked = applier.hold();
        return asked;
    }

    @Override
    public synchronized void release() {
        if (asked != null) {
            asked.cancel(false);
            asked = null;
            applier.release();
        }
    }
}
