package io.landbridge.apply;

import io.landbridge.offsets.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Up to where the target may be ahead of the stream. Owned by the dispatch thread. */
final class Convergence {

    private final List<CompletableFuture<SourcePosition>> waiting = new ArrayList<>();
    private SourcePosition through;
    private SourcePosition ahead;

    /** Changes up to {@code position} converge; {@code reached} completes at the hold there. */
    void through(SourcePosition position, CompletableFuture<SourcePosition> reached) {
        SourcePosition end = endOf(position);
        if (through == null || end.isAfter(through)) {
            through = end;
        }
        waiting.add(reached);
    }

    /** Where convergence through {@code position} really ends: rows may have been read later. */
    SourcePosition endOf(SourcePosition position) {
        return ahead != null && ahead.isAfter(position) ? ahead : position;
    }

    /** A row was read from the source that may show changes up to {@code position}. */
    void extend(SourcePosition position) {
        ahead = endOf(position);
        if (through != null) {
            through = endOf(through);
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
        waiting.forEach(reached -> reached.complete(applied));
        waiting.clear();
    }

    void fail(RuntimeException why) {
        waiting.forEach(reached -> reached.completeExceptionally(why));
        waiting.clear();
    }
}
