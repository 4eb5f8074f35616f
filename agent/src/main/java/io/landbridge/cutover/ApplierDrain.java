package io.landbridge.cutover;

import io.landbridge.apply.Applier;
import io.landbridge.offsets.SourcePosition;
import java.util.concurrent.CompletableFuture;

/** The drain of a running applier. */
public record ApplierDrain(Applier applier) implements Drain {

    @Override
    public CompletableFuture<SourcePosition> awaitMarker(String content) {
        return applier.awaitMarker(content);
    }

    @Override
    public void release() {
        applier.release();
    }
}
