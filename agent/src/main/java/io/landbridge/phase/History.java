package io.landbridge.phase;

import io.landbridge.buffer.BufferStatus;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Which applied changes the buffer keeps, so that they can be undone. A buffer that runs full keeps
 * less: what is to come is worth more. Not thread-safe: its owner trims from one thread.
 */
final class History {

    /** What is kept is let go in steps of a thousandth, or of a second. */
    private static final int STEPS = 1_000;

    private final Duration kept;
    private final Duration step;
    private final Deque<Place> places = new ArrayDeque<>();

    private record Place(Instant committedAt, SourcePosition position) {}

    /**
     * @param kept how far back, by the source's clock; zero: nothing
     */
    History(Duration kept) {
        this.kept = kept;
        Duration part = kept.dividedBy(STEPS);
        this.step = part.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : part;
    }

    /** Up to where the buffer may let go; empty when all is to be kept. */
    Optional<SourcePosition> trimmable(
            SourcePosition applied, Optional<Instant> committedAt, BufferStatus buffer) {
        if (kept.isZero()) {
            return Optional.of(applied);
        }
        committedAt.ifPresent(at -> note(at, applied));
        Optional<SourcePosition> old = Optional.empty();
        while (!places.isEmpty() && isOld(places.getFirst())) {
            old = Optional.of(places.removeFirst().position());
        }
        if (isTight(buffer)) {
            for (int less = places.size() / 2; less >= 0 && !places.isEmpty(); less--) {
                old = Optional.of(places.removeFirst().position());
            }
            old = places.isEmpty() ? Optional.of(applied) : old;
        }
        return old;
    }

    private void note(Instant at, SourcePosition applied) {
        if (places.isEmpty() || !places.getLast().committedAt().plus(step).isAfter(at)) {
            places.addLast(new Place(at, applied));
        }
    }

    private boolean isOld(Place place) {
        return !place.committedAt().plus(kept).isAfter(places.getLast().committedAt());
    }

    private static boolean isTight(BufferStatus buffer) {
        return buffer.full() || buffer.bytes() > buffer.maxBytes() / 8 * 7;
    }
}
