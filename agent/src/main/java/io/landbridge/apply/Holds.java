package io.landbridge.apply;

import io.landbridge.offsets.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where others asked the applier to stop, and whether it stands still. Owned by the dispatch
 * thread. A request whose future is cancelled is forgotten.
 */
final class Holds {

    private record At(SourcePosition position, CompletableFuture<SourcePosition> reached) {}

    private record Marked(String content, CompletableFuture<SourcePosition> reached) {}

    private final List<CompletableFuture<SourcePosition>> now = new ArrayList<>();
    private final List<At> positions = new ArrayList<>();
    private final List<Marked> markers = new ArrayList<>();
    private boolean held;

    boolean isHeld() {
        return held;
    }

    void release() {
        held = false;
    }

    void addNow(CompletableFuture<SourcePosition> reached) {
        now.add(reached);
    }

    void addPosition(SourcePosition position, CompletableFuture<SourcePosition> reached) {
        positions.add(new At(position, reached));
    }

    void addMarker(String content, CompletableFuture<SourcePosition> reached) {
        markers.add(new Marked(content, reached));
    }

    /** The nearest position that nothing after must be applied. */
    Optional<SourcePosition> boundary() {
        positions.removeIf(at -> at.reached().isDone());
        return positions.stream().map(At::position).min(SourcePosition::compareTo);
    }

    /** Whether to stop as soon as nothing is in flight. */
    boolean wantsNow() {
        now.removeIf(CompletableFuture::isDone);
        return !now.isEmpty();
    }

    /** Stands still from here on, {@code applied} being reached and nothing left before it. */
    void hold(SourcePosition applied) {
        held = true;
        now.forEach(reached -> reached.complete(applied));
        now.clear();
    }

    /** Stands still at {@code boundary}. */
    void reached(SourcePosition boundary, SourcePosition applied) {
        hold(applied);
        List<At> there = positions.stream().filter(at -> boundary.covers(at.position())).toList();
        there.forEach(at -> at.reached().complete(applied));
        positions.removeAll(there);
    }

    /** Stands still if one of {@code contents}, just applied, was waited for; false if not. */
    boolean passed(List<String> contents, SourcePosition applied) {
        List<Marked> seen =
                markers.stream()
                        .filter(marked -> contents.contains(marked.content()))
                        .filter(marked -> !marked.reached().isDone())
                        .toList();
        if (!seen.isEmpty()) {
            hold(applied);
        }
        seen.forEach(marked -> marked.reached().complete(applied));
        markers.removeIf(marked -> marked.reached().isDone());
        return !seen.isEmpty();
    }

    /** Ends every wait. */
    void fail(RuntimeException why) {
        now.forEach(reached -> reached.completeExceptionally(why));
        positions.forEach(at -> at.reached().completeExceptionally(why));
        markers.forEach(marked -> marked.reached().completeExceptionally(why));
        now.clear();
        positions.clear();
        markers.clear();
    }
}
