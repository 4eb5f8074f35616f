package io.landbridge.buffer;

import io.landbridge.offsets.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The segments that the buffer holds, by their first excerpt. Written by the appending thread and
 * by trimming, each of which changes its own end; read by all.
 */
final class Segments {

    private final Path directory;
    private final BufferState state;
    private final ConcurrentSkipListMap<Long, Segment> held = new ConcurrentSkipListMap<>();

    Segments(Path directory, BufferState state) {
        this.directory = directory;
        this.state = state;
    }

    Path directory() {
        return directory;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    void add(Segment segment) {
        held.put(segment.first(), segment);
    }

    /** Where excerpt {@code sequence} must be, or null when all segments begin after it. */
    Segment holding(long sequence) {
        Map.Entry<Long, Segment> entry = held.floorEntry(sequence);
        return entry == null ? null : entry.getValue();
    }

    /** The segment after {@code segment}, or null. */
    Segment after(Segment segment) {
        Map.Entry<Long, Segment> entry = held.higherEntry(segment.first());
        return entry == null ? null : entry.getValue();
    }

    Segment oldest() {
        return held.firstEntry().getValue();
    }

    Segment newest() {
        return held.lastEntry().getValue();
    }

    List<Segment> all() {
        return new ArrayList<>(held.values());
    }

    long bytes() {
        long sum = 0;
        for (Segment segment : held.values()) {
            sum += segment.bytes();
        }
        return sum;
    }

    /**
     * True when applying what is in the buffer can free a segment. False when the oldest one holds
     * the beginning of a transaction that is not complete yet: waiting for room would wait forever.
     */
    boolean canShrink() {
        if (held.isEmpty()) {
            return false;
        }
        for (Segment segment : held.tailMap(held.firstKey(), false).values()) {
            if (segment.isResolved()) {
                return true;
            }
        }
        return false;
    }

    /** Deletes segments that hold nothing up to {@code last}. */
    void dropAfter(long last) throws IOException {
        for (Segment segment : List.copyOf(held.tailMap(last, false).values())) {
            held.remove(segment.first());
            Segment.delete(segment.directory());
        }
    }

    /**
     * Deletes segments that hold only transactions at or before {@code applied}, and that no reader
     * still needs.
     *
     * @param neededFrom the excerpt from which on readers read
     * @return whether anything went
     */
    boolean trim(SourcePosition applied, long neededFrom) throws IOException {
        Segment keepFrom = null;
        for (Segment segment : held.values()) {
            if (segment.first() <= neededFrom && segment.isBehind(applied)) {
                keepFrom = segment;
            }
        }
        if (keepFrom == null || held.firstKey() >= keepFrom.first()) {
            return false;
        }
        state.oldest(keepFrom.first());
        for (Segment segment : List.copyOf(held.headMap(keepFrom.first(), false).values())) {
            held.remove(segment.first());
            Segment.delete(segment.directory());
        }
        return true;
    }
}
