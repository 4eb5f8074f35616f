package io.landbridge.buffer;

import io.landbridge.fault.Fault;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;

/** Puts a reader to the first transaction that ends after a position. */
final class Seek {

    private final Segments segments;
    private final Written written;
    private final SourcePosition applied;

    Seek(Segments segments, Written written, SourcePosition applied) {
        this.segments = segments;
        this.written = written;
        this.applied = applied;
    }

    /**
     * @throws Fault BUFFER_GAP when transactions after {@code applied} are gone already
     */
    void place(ExcerptReader reader) {
        long end = written.sequence();
        if (segments.isEmpty()) {
            reader.goBefore(end + 1);
            return;
        }
        Optional<Segment> holder = segment(end);
        if (holder.isEmpty()) {
            reader.goBefore(end + 1);
            return;
        }
        Segment segment = holder.get();
        Segment next = segments.after(segment);
        long last = Math.min(end, next == null ? end : next.first() - 1);
        long from = lastAtOrBefore(reader, segment.first(), last);
        reader.goAfter(applied, from, segments.oldest().first(), end);
    }

    /**
     * The last one before which nothing ends after {@code applied}; empty when nothing is left in
     * it. A segment is there a moment before its first excerpt can be read.
     */
    private Optional<Segment> segment(long end) {
        boolean behind = false;
        Segment found = null;
        SourcePosition oldest = null;
        for (Segment segment : segments.all()) {
            if (segment.lastCommit() == null || applied.covers(segment.lastCommit())) {
                behind = true;
                found = segment.first() <= end ? segment : found;
            } else if (oldest == null) {
                oldest = segment.lastCommit();
            }
        }
        if (!behind) {
            throw Gap.between(segments.directory(), applied, oldest);
        }
        return Optional.ofNullable(found);
    }

    /** The last excerpt before which nothing ends after {@code applied}. */
    private long lastAtOrBefore(ExcerptReader reader, long first, long last) {
        long low = first;
        long high = last;
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            SourcePosition lastCommit = reader.goTo(middle).lastCommit();
            if (lastCommit == null || applied.covers(lastCommit)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
