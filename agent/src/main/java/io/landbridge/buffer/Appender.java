package io.landbridge.buffer;

import io.landbridge.change.SourceEvent;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.SourcePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing end: puts the packer's excerpts into segments. One thread at a time, by a lock; the
 * appending thread may change, as when capture starts again.
 */
final class Appender implements ExcerptPacker.Sink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Appender.class);

    private final BufferSettings settings;
    private final Segments segments;
    private final BufferState state;
    private final Layouts layouts;
    private final Written written;
    private final Room room;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition roomMade = lock.newCondition();
    private final ExcerptPacker packer;

    /** Segments that began inside the transaction that is open now. */
    private final List<Segment> spanned = new ArrayList<>();

    private SegmentWriter segment;
    private long segmentEndsAt;
    private boolean closed;
    private Fault failure;

    Appender(
            BufferSettings settings,
            Segments segments,
            BufferState state,
            Layouts layouts,
            Written written,
            ExcerptTail tail) {
        this.settings = settings;
        this.segments = segments;
        this.state = state;
        this.layouts = layouts;
        this.written = written;
        this.room = new Room(settings, segments);
        this.packer =
                new ExcerptPacker(
                        new ExcerptPacker.Sizes(settings.excerptBytes(), settings.pieceBytes()),
                        layouts::idOf,
                        this,
                        tail);
        written.advance(tail.last(), tail.events());
        segments.all().stream()
                .filter(each -> tail.openSince() != 0 && each.openSince() == tail.openSince())
                .forEach(spanned::add);
    }

    /** See {@link ChangeBuffer#append}. */
    void append(SourceEvent event) throws InterruptedException {
        lock.lock();
        try {
            checkUsable();
            packer.append(event);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void dropAfter(long sequence) {
        try {
            endSegment();
            segments.dropAfter(sequence);
        } catch (IOException e) {
            throw failed("cannot drop an event that was not appended", e);
        }
    }

    @Override
    public void ended(SourcePosition lastCommit) {
        spanned.forEach(each -> each.openEndedAt(lastCommit));
        spanned.clear();
    }

    @Override
    public void write(byte[] bytes, int size, boolean more, long sequence, long events) {
        try {
            segment.write(bytes, size);
        } catch (Exception | InternalError e) {
            throw failed("cannot write to the buffer", e);
        }
        if (!more) {
            written.advance(sequence, events);
        }
    }

    /** See {@link ChangeBuffer#flush}. */
    void flush() {
        lock.lock();
        try {
            checkUsable();
            packer.flush();
        } finally {
            lock.unlock();
        }
    }

    /** See {@link ChangeBuffer#force}. */
    Optional<SourcePosition> force() {
        lock.lock();
        try {
            checkUsable();
            packer.flush();
            if (segment != null) {
                segment.force();
            }
            if (state.forced() != written.sequence()) {
                state.forced(written.sequence(), layouts.size());
            }
            return last();
        } catch (IOException e) {
            throw failed("cannot force the buffer to disk", e);
        } finally {
            lock.unlock();
        }
    }

    /** See {@link ChangeBuffer#last}. */
    Optional<SourcePosition> last() {
        return Optional.ofNullable(packer.lastCommit());
    }

    long maxBytes() {
        return settings.maxBytes();
    }

    boolean isFull() {
        return room.isFull();
    }

    /** Wakes an append that waits. */
    void roomWasMade() {
        lock.lock();
        try {
            roomMade.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the current segment can take the pending excerpt and {@code more} bytes. */
    @Override
    public void awaitRoom(long more) throws InterruptedException {
        try {
            if (segment != null && endsBefore(more)) {
                packer.flush();
                endSegment();
            }
            while (segment == null) {
                awaitDisk();
                beginSegment();
            }
            while (!segment.hasRoomFor(packer.pendingBytes() + more)) {
                awaitDisk();
                if (room.take(segment::allocate)) {
                    segments.newest().bytes(segment.allocated());
                }
            }
        } catch (IOException e) {
            throw failed("cannot write to the buffer", e);
        }
    }

    private boolean endsBefore(long more) {
        return segment.used() + packer.pendingBytes() + more > settings.segmentBytes()
                || System.nanoTime() - segmentEndsAt >= 0;
    }

    private void awaitDisk() throws InterruptedException {
        if (room.isThere()) {
            return;
        }
        packer.flush();
        try {
            while (!room.isThere()) {
                roomMade.await(1, TimeUnit.SECONDS);
                checkUsable();
            }
        } finally {
            room.waitEnded();
        }
    }

    private void beginSegment() throws IOException {
        long first = packer.nextSequence();
        Segment next =
                new Segment(
                        Segment.directoryOf(segments.directory(), first),
                        first,
                        packer.lastCommit(),
                        packer.openSince());
        if (!room.take(() -> segment = SegmentWriter.create(next.directory()))) {
            return;
        }
        segmentEndsAt = System.nanoTime() + settings.segmentAge().toNanos();
        next.bytes(segment.allocated());
        segments.add(next);
        if (packer.openSince() != 0) {
            spanned.add(next);
        }
    }

    private void endSegment() throws IOException {
        if (segment != null) {
            segment.force();
            segment.close();
            segment = null;
        }
    }

    private void checkUsable() {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new IllegalStateException("the buffer is closed");
        }
    }

    /** After this nothing is appended any more: what stands on disk is only known after a start. */
    private Fault failed(String what, Throwable cause) {
        failure = ChronicleBuffer.io(what + " in " + segments.directory(), cause);
        LOG.error("{}", failure.describe());
        return failure;
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (failure == null) {
                packer.flush();
                endSegment();
                state.forced(written.sequence(), layouts.size());
            } else if (segment != null) {
                segment.close();
            }
        } finally {
            closed = true;
            roomMade.signalAll();
            lock.unlock();
        }
    }
}
