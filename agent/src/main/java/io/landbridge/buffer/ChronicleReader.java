package io.landbridge.buffer;

import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.SourcePosition;
import java.util.function.Consumer;

/**
 * Reads excerpt after excerpt by its sequence, so that a hole can't be overlooked, and checks that
 * each transaction follows the one before it.
 */
final class ChronicleReader implements EventReader {

    /** The place of an event. */
    private record Place(long sequence, int offset, SourcePosition covered, long events)
            implements Mark {}

    private final Segments segments;
    private final Written written;
    private final Consumer<ChronicleReader> onClose;
    private final EventDecoder decoder;
    private final Excerpt excerpt = new Excerpt();

    private SegmentReader segment;
    private long nextSequence;
    private SourcePosition covered;
    private volatile long neededFrom;
    private volatile long events;

    /**
     * @param covered where the reader's consumer stands: the first transaction must follow it
     * @param from the first excerpt to read
     */
    ChronicleReader(
            Segments segments,
            Layouts layouts,
            Written written,
            SourcePosition covered,
            long from,
            Consumer<ChronicleReader> onClose) {
        this.segments = segments;
        this.written = written;
        this.covered = covered;
        this.onClose = onClose;
        this.decoder = new EventDecoder(layouts, this::loadContinuation);
        this.nextSequence = from;
        this.neededFrom = from;
    }

    @Override
    public SourceEvent poll() {
        SourceEvent event = next();
        if (event instanceof SourceEvent.Begin begin) {
            if (begin.previous() != null && begin.previous().isAfter(covered)) {
                throw Gap.between(segments.directory(), covered, begin.previous());
            }
        } else if (event instanceof SourceEvent.Commit commit
                && commit.position().isAfter(covered)) {
            covered = commit.position();
        }
        return event;
    }

    /** As {@link #poll}, without looking at the chain of positions. */
    SourceEvent next() {
        while (!decoder.hasMore()) {
            if (nextSequence > written.sequence()) {
                return null;
            }
            load();
        }
        SourceEvent event = decoder.decode();
        long read = events;
        events = read + 1;
        return event;
    }

    private void load() {
        long sequence = nextSequence;
        neededFrom = sequence;
        Segment holder = segments.holding(sequence);
        if (holder == null) {
            throw Gap.missing(segments.directory(), sequence, sequence);
        }
        if (segment == null || segment.first() != holder.first()) {
            closeSegment();
            segment = new SegmentReader(holder.directory(), holder.first());
        }
        segment.read(sequence, excerpt);
        nextSequence = sequence + 1;
        events = excerpt.eventsBefore();
        decoder.over(excerpt.bytes(), excerpt.payload(), excerpt.length());
    }

    private void loadContinuation() {
        if (nextSequence > written.sequence()) {
            throw Gap.excerpt(segments.directory(), nextSequence, "is missing", null);
        }
        long before = events;
        load();
        events = before;
        if (!excerpt.continues()) {
            throw Gap.excerpt(
                    segments.directory(),
                    excerpt.sequence(),
                    "does not go on with its event",
                    null);
        }
    }

    /** The header of excerpt {@code sequence}; what comes next is then its first event. */
    Excerpt goTo(long sequence) {
        nextSequence = sequence;
        load();
        return excerpt;
    }

    /** Goes to the end of excerpts, or to excerpt {@code sequence} when that comes to be. */
    void goBefore(long sequence) {
        nextSequence = sequence;
        neededFrom = sequence;
        events = written.events();
        decoder.over(excerpt.bytes(), 0, 0);
    }

    @Override
    public Mark mark() {
        return decoder.hasMore()
                ? new Place(excerpt.sequence(), decoder.offset(), covered, events)
                : new Place(nextSequence, 0, covered, events);
    }

    @Override
    public void rewind(Mark mark) {
        Place place = (Place) mark;
        covered = place.covered();
        if (place.sequence() != excerpt.sequence() || nextSequence != place.sequence() + 1) {
            if (place.sequence() > written.sequence()) {
                goBefore(place.sequence());
                return;
            }
            goTo(place.sequence());
        }
        int offset = place.offset() == 0 ? excerpt.payload() : place.offset();
        decoder.over(excerpt.bytes(), offset, excerpt.length());
        events = place.events();
    }

    /** Excerpts before this one are not needed any more. */
    long neededFrom() {
        return neededFrom;
    }

    /** Events that are behind the reader. */
    long events() {
        return events;
    }

    private void closeSegment() {
        if (segment != null) {
            segment.close();
            segment = null;
        }
    }

    @Override
    public void close() {
        closeSegment();
        onClose.accept(this);
    }
}
