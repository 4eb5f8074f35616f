package io.landbridge.buffer;

import io.landbridge.fault.Fault;
import io.landbridge.offsets.SourcePosition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes stock of a buffer's directory at start: every segment that must be there is there, they
 * follow each other without a hole, and everything that was on disk can be read. What stands after
 * the last whole event is void: it was written, but never forced, when the machine went down.
 */
final class Recovery {

    private final Path directory;
    private final BufferState state;
    private final Layouts layouts;
    private final Excerpt excerpt = new Excerpt();

    Recovery(Path directory, BufferState state, Layouts layouts) {
        this.directory = directory;
        this.state = state;
        this.layouts = layouts;
    }

    /**
     * Fills {@code segments} with what is there.
     *
     * @throws Fault BUFFER_GAP when something that must be there is not
     */
    ExcerptTail recover(Segments segments) throws IOException {
        List<Long> firsts = new ArrayList<>(Segment.list(directory));
        if (state.isNew()) {
            if (!firsts.isEmpty()) {
                throw Gap.state(directory.resolve(ChronicleBuffer.STATE_FILE));
            }
            state.oldest(1);
        }
        while (!firsts.isEmpty() && firsts.get(0) < state.oldest()) {
            Segment.delete(Segment.directoryOf(directory, firsts.remove(0)));
        }
        if (!firsts.isEmpty() && firsts.get(0) != state.oldest()) {
            throw Gap.missing(directory, state.oldest(), firsts.get(0) - 1);
        }
        ExcerptTail tail = tail(firsts);
        if (tail.last() < state.forced()) {
            throw Gap.lostTail(directory, state.forced(), tail.last());
        }
        if (!firsts.isEmpty()) {
            fill(segments, firsts, tail);
            forceNewest(segments);
        }
        return tail;
    }

    /** Finds the last whole event; segments without any are deleted if nothing forced is lost. */
    private ExcerptTail tail(List<Long> firsts) throws IOException {
        while (!firsts.isEmpty()) {
            long first = firsts.get(firsts.size() - 1);
            Path segment = Segment.directoryOf(directory, first);
            long last = lastWhole(segment, first);
            if (last >= first) {
                return at(segment, first, last);
            }
            if (state.forced() >= first) {
                throw Gap.lostTail(directory, state.forced(), first - 1);
            }
            Segment.delete(segment);
            firsts.remove(firsts.size() - 1);
        }
        return ExcerptTail.empty(state.oldest() - 1);
    }

    private long lastWhole(Path segment, long first) {
        if (!Files.exists(segment.resolve(Segment.QUEUE_FILE))) {
            return first - 1;
        }
        long last = first - 1;
        try (SegmentReader reader = new SegmentReader(segment, first)) {
            for (long sequence = first; reader.isReadable(sequence, excerpt); sequence++) {
                if (!excerpt.more()) {
                    last = sequence;
                }
            }
        }
        return last;
    }

    private ExcerptTail at(Path segment, long first, long last) {
        try (SegmentReader reader = new SegmentReader(segment, first)) {
            reader.read(last, excerpt);
        }
        return ExcerptTail.after(excerpt, layouts::byId);
    }

    private void fill(Segments segments, List<Long> firsts, ExcerptTail tail) throws IOException {
        Segment next = null;
        for (int i = firsts.size() - 1; i >= 0; i--) {
            long first = firsts.get(i);
            Path path = Segment.directoryOf(directory, first);
            Segment segment;
            try (SegmentReader reader = new SegmentReader(path, first)) {
                if (next != null && !reader.isReadable(next.first() - 1, excerpt)) {
                    throw Gap.missing(path, first, next.first() - 1);
                }
                reader.read(first, excerpt);
                segment = new Segment(path, first, excerpt.lastCommit(), excerpt.openSince());
            }
            segment.bytes(Files.size(path.resolve(Segment.QUEUE_FILE)));
            if (segment.openSince() != 0) {
                segment.openEndedAt(endOfOpen(segment, next, tail));
            }
            segments.add(segment);
            next = segment;
        }
    }

    /** A position at or after the end of the transaction open at the segment's start, or null. */
    private static SourcePosition endOfOpen(Segment segment, Segment next, ExcerptTail tail) {
        if (next == null) {
            return tail.openSince() == segment.openSince() ? null : tail.lastCommit();
        }
        return next.openSince() == segment.openSince() ? next.openEnd() : next.lastCommit();
    }

    /** A process that was killed may have left its last excerpts in the page cache only. */
    private void forceNewest(Segments segments) throws IOException {
        try (FileChannel file =
                FileChannel.open(
                        segments.newest().directory().resolve(Segment.QUEUE_FILE),
                        StandardOpenOption.WRITE)) {
            file.force(true);
        }
    }
}
