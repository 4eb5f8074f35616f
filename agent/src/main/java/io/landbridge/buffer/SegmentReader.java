package io.landbridge.buffer;

import io.landbridge.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Reads excerpts of one segment by their sequence. Has its own queue object, so that nothing is
 * ever closed under another thread; a file that is deleted meanwhile stays readable.
 *
 * <p>On damaged files Chronicle throws what it likes, checked exceptions undeclared.
 */
final class SegmentReader implements AutoCloseable {

    private final Path directory;
    private final long first;
    private final SingleChronicleQueue queue;
    private final ExcerptTailer tailer;
    private long next;

    /**
     * @throws Fault BUFFER_GAP when the segment's file is not there or no queue
     */
    SegmentReader(Path directory, long first) {
        this.directory = directory;
        this.first = first;
        this.next = first;
        if (!Files.isRegularFile(directory.resolve(Segment.QUEUE_FILE))) {
            throw Gap.missing(directory, first, first);
        }
        SingleChronicleQueue opened = null;
        try {
            opened = Segment.open(directory);
            tailer = opened.createTailer();
            tailer.singleThreadedCheckDisabled(true);
        } catch (Exception | InternalError | AssertionError e) {
            if (opened != null) {
                opened.close();
            }
            throw Gap.excerpt(directory, first, "is in no readable queue", e);
        }
        queue = opened;
    }

    long first() {
        return first;
    }

    /**
     * Reads an excerpt that must be there.
     *
     * @throws Fault BUFFER_GAP when it is missing or damaged
     */
    void read(long sequence, Excerpt into) {
        String why;
        try {
            why = tryRead(sequence, into);
        } catch (Exception | InternalError | AssertionError e) {
            throw Gap.excerpt(directory, sequence, "can't be read", e);
        }
        if (why != null) {
            throw Gap.excerpt(directory, sequence, why, null);
        }
    }

    /** True when the excerpt is there, whole; for the end of a segment, which may be torn. */
    boolean isReadable(long sequence, Excerpt into) {
        try {
            return tryRead(sequence, into) == null;
        } catch (Exception | InternalError | AssertionError e) {
            return false;
        }
    }

    private String tryRead(long sequence, Excerpt into) {
        if (sequence != next) {
            next = 0;
            if (!tailer.moveToIndex(Segment.CYCLE.toIndex(0, sequence - first))) {
                return "is missing";
            }
        }
        next = 0;
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent()) {
                return "is missing";
            }
            Bytes<?> bytes = document.wire().bytes();
            long size = bytes.readRemaining();
            if (size > Excerpt.MAX_BYTES) {
                return "is damaged: " + size + " bytes";
            }
            bytes.read(into.room((int) size), 0, (int) size);
            String why = into.accept((int) size, sequence);
            if (why == null) {
                next = sequence + 1;
            }
            return why;
        }
    }

    @Override
    public void close() {
        queue.close();
    }
}
