package io.landbridge.apply;

import io.landbridge.offsets.SourcePosition;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Up to where the target may be ahead of the stream. Owned by the dispatch thread. */
final class Convergence {

    private SourcePosition through;
    private CompletableFuture<SourcePosition> reached = CompletableFuture.completedFuture(null);

    /** Changes up to {@code position} converge; {@code whenThere} completes at the hold there. */
    void through(SourcePosition position, CompletableFuture<SourcePosition> whenThere) {
        through = position;
        reached = whenThere;
    }

    /** A row was read from the source that may show changes up to {@code position}. */
    void extend(SourcePosition position) {
        if (through != null && position.isAfter(through)) {
            through = position;
        }
    }

    Optional<SourcePosition> through() {
        return Optional.ofNullable(through);
    }

    /** Whether a transaction that begins after {@code position} converges. */
    boolean covers(SourcePosition position) {
        return through != null && through.isAfter(position);
    }

    /** All that converges is applied. */
    void finish(SourcePosition applied) {
        through = null;
        reached.complete(applied);
    }

    void fail(RuntimeException why) {
        reached.completeExceptionally(why);
    }
}
