package io.landbridge.buffer;

import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.SourcePosition;
import java.util.function.Consumer;

/**
 * Reads excerpt after excerpt by its sequence, so that a hole can't be overlooked, and checks that
 * each transaction follows the one before it.
 */
public final class ExcerptReader implements EventReader {

    /** The place of an event. */
    private record Place(long sequence, int offset, SourcePosition covered, long events)
            implements Mark {}

    private final ExcerptSource source;
    private final Consumer<ExcerptReader> onClose;
    private final EventDecoder decoder;
    private final Excerpt excerpt = new Excerpt();

    private long nextSequence;

    /** Up to here excerpts are known to be there while a place is being looked for. */
    private long known;

    private SourcePosition covered;
    private volatile long neededFrom;
    private volatile long events;

    /**
     * @param source closed with the reader
     * @param covered where the reader's consumer stands: the first transaction must follow it
     * @param from the first excerpt to read
     * @param onClose told of the reader's end
     */
    public ExcerptReader(
            ExcerptSource source,
            SourcePosition covered,
            long from,
            Consumer<ExcerptReader> onClose) {
        this.source = source;
        this.covered = covered;
        this.onClose = onClose;
        this.decoder = new EventDecoder(source::layout, this::loadContinuation);
        this.nextSequence = from;
        this.neededFrom = from;
    }

    @Override
    public SourceEvent poll() {
        SourceEvent event = next();
        if (event instanceof SourceEvent.Begin begin) {
            if (begin.previous() != null && begin.previous().isAfter(covered)) {
                throw source.gap(hole(covered, begin.previous())).at(covered);
            }
        } else if (event instanceof SourceEvent.Commit commit
                && commit.position().isAfter(covered)) {
            covered = commit.position();
        }
        return event;
    }

    /** What to say when transactions between two positions are not there. */
    static String hole(SourcePosition applied, SourcePosition available) {
        return "goes on after "
                + available.text()
                + ", but what follows "
                + applied.text()
                + " was expected";
    }

    /** As {@link #poll}, without looking at the chain of positions. */
    SourceEvent next() {
        while (!decoder.hasMore()) {
            if (!load()) {
                return null;
            }
        }
        SourceEvent event = decoder.decode();
        long read = events;
        events = read + 1;
        return event;
    }

    private boolean load() {
        if (nextSequence <= known) {
            loadPresent();
            return true;
        }
        neededFrom = nextSequence;
        boolean there = source.read(nextSequence, excerpt);
        if (there) {
            loaded();
        }
        return there;
    }

    private void loadPresent() {
        neededFrom = nextSequence;
        source.readPresent(nextSequence, excerpt);
        loaded();
    }

    private void loaded() {
        nextSequence = excerpt.sequence() + 1;
        events = excerpt.eventsBefore();
        decoder.over(excerpt.bytes(), excerpt.payload(), excerpt.length());
    }

    private void loadContinuation() {
        long before = events;
        loadPresent();
        events = before;
        if (!excerpt.continues()) {
            throw source.gap("lacks the rest of the event before excerpt " + excerpt.sequence());
        }
    }

    /** The header of excerpt {@code sequence}; what comes next is then its first event. */
    Excerpt goTo(long sequence) {
        nextSequence = sequence;
        loadPresent();
        return excerpt;
    }

    /** Goes to the end of excerpts, or to excerpt {@code sequence} when that comes to be. */
    public void goBefore(long sequence) {
        nextSequence = sequence;
        neededFrom = sequence;
        events = source.events();
        decoder.over(excerpt.bytes(), 0, 0);
    }

    /**
     * Goes to the first event that begins in what is still there, be it in the midst of a
     * transaction.
     *
     * @param oldest the first excerpt that is still there
     * @param end the last one
     */
    public void goToOldest(long oldest, long end) {
        if (end < oldest) {
            goBefore(end + 1);
            return;
        }
        known = end;
        try {
            Excerpt first = goTo(oldest);
            while (first.continues() && first.sequence() < end) {
                first = goTo(first.sequence() + 1);
            }
            if (first.continues()) {
                goBefore(end + 1);
            }
        } finally {
            known = 0;
        }
    }

    /**
     * Goes to the begin of the first transaction that ends after {@code applied}.
     *
     * @param from an excerpt before which nothing ends after {@code applied}
     * @param oldest the first excerpt that is still there
     * @param end the last one
     * @throws io.landbridge.fault.Fault BUFFER_GAP when that transaction's begin is gone already
     */
    public void goAfter(SourcePosition applied, long from, long oldest, long end) {
        known = end;
        try {
            goToTransactionAfter(applied, from, oldest, end);
        } finally {
            known = 0;
        }
    }

    private void goToTransactionAfter(SourcePosition applied, long from, long oldest, long end) {
        Excerpt first = goTo(from);
        if (first.openSince() != 0 && first.openSince() >= oldest) {
            first = goTo(first.openSince());
        }
        while (first.continues() && first.sequence() < end) {
            first = goTo(first.sequence() + 1);
        }
        if (first.continues()) {
            goBefore(end + 1);
        } else {
            goToBegin(applied);
        }
    }

    /**
     * Reads on to the begin. A transaction that follows {@code applied} by its own word needs no
     * look at its end, which may be millions of changes away, or not there yet.
     */
    private void goToBegin(SourcePosition applied) {
        Mark begin = null;
        while (true) {
            Mark here = mark();
            SourceEvent event = next();
            if (event == null) {
                break;
            }
            if (event instanceof SourceEvent.Begin opened) {
                begin = here;
                if (opened.previous() != null && opened.previous().covers(applied)) {
                    break;
                }
            } else if (event instanceof SourceEvent.Abandoned) {
                begin = null;
            } else if (event instanceof SourceEvent.Commit commit) {
                if (commit.position().isAfter(applied)) {
                    if (begin == null) {
                        throw source.gap(hole(applied, commit.position())).at(applied);
                    }
                    break;
                }
                begin = null;
            }
        }
        if (begin != null) {
            rewind(begin);
            poll();
            rewind(begin);
        }
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
            nextSequence = place.sequence();
            if (place.offset() != 0) {
                loadPresent();
            } else if (!load()) {
                goBefore(place.sequence());
                return;
            }
        }
        int offset = place.offset() == 0 ? excerpt.payload() : place.offset();
        decoder.over(excerpt.bytes(), offset, excerpt.length());
        events = place.events();
    }

    /** Excerpts before this one are not needed any more; from any thread. */
    public long neededFrom() {
        return neededFrom;
    }

    /** Events that are behind the reader; from any thread. */
    public long events() {
        return events;
    }

    @Override
    public void close() {
        source.close();
        onClose.accept(this);
    }
}
