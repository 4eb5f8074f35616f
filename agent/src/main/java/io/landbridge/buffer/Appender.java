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
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing end: packs events into excerpts, excerpts into segments. One thread at a time, by a
 * lock; the appending thread may change, as when capture starts again.
 *
 * <p>Room for an event is found before it is put into the pending excerpt, so that writing that
 * excerpt out never waits.
 */
final class Appender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Appender.class);

    private final BufferSettings settings;
    private final Segments segments;
    private final BufferState state;
    private final Layouts layouts;
    private final Written written;
    private final Room room;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition roomMade = lock.newCondition();
    private final CRC32C crc = new CRC32C();
    private final ByteSink pending = new ByteSink(128 << 10);
    private final EventEncoder encoder;

    /** Segments that began inside the transaction that is open now. */
    private final List<Segment> spanned = new ArrayList<>();

    private SegmentWriter segment;
    private long segmentEndsAt;
    private long nextSequence;
    private long events;
    private long openSince;
    private boolean leftOpen;
    private boolean cutting;
    private boolean closed;
    private Fault failure;
    private volatile SourcePosition lastCommit;

    Appender(
            BufferSettings settings,
            Segments segments,
            BufferState state,
            Layouts layouts,
            Written written,
            Recovery.Tail tail) {
        this.settings = settings;
        this.segments = segments;
        this.state = state;
        this.layouts = layouts;
        this.written = written;
        this.room = new Room(settings, segments);
        this.encoder = new EventEncoder(pending, layouts, this::cutPiece);
        nextSequence = tail.last() + 1;
        events = tail.events();
        lastCommit = tail.lastCommit();
        openSince = tail.openSince();
        leftOpen = openSince != 0;
        written.advance(tail.last(), events);
        segments.all().stream()
                .filter(each -> openSince != 0 && each.openSince() == openSince)
                .forEach(spanned::add);
    }

    /**
     * See {@link ChangeBuffer#append}. A transaction that the process or the capture before left
     * incomplete is ended by {@link SourceEvent.Abandoned} when the next one begins, whoever
     * remembers to say so; a Commit that got lost would still show as a hole between positions.
     */
    void append(SourceEvent event) throws InterruptedException {
        lock.lock();
        try {
            checkUsable();
            boolean abandons = event instanceof SourceEvent.Abandoned;
            boolean cutShort = leftOpen || event instanceof SourceEvent.Begin;
            if (openSince != 0 && cutShort && !abandons) {
                put(new SourceEvent.Abandoned());
            }
            if (openSince != 0 || !abandons) {
                put(event);
            }
        } finally {
            lock.unlock();
        }
    }

    private void put(SourceEvent event) throws InterruptedException {
        boolean begins = event instanceof SourceEvent.Begin;
        if (begins == (openSince != 0)) {
            throw new IllegalStateException(
                    event.getClass().getSimpleName()
                            + (begins ? " inside" : " outside")
                            + " a transaction");
        }
        long bound = EventEncoder.bound(event);
        if (bound > settings.pieceBytes()) {
            putLarge(event);
        } else {
            awaitRoom(bound);
            int before = pending.size();
            open(0);
            try {
                encoder.encode(event);
            } catch (RuntimeException e) {
                pending.cutTo(before);
                throw e;
            }
            account(event);
        }
        if (pending.size() >= settings.excerptBytes()) {
            writePending(0);
        }
    }

    /** An event that gets excerpts of its own: readers see none of them before the last one. */
    private void putLarge(SourceEvent event) throws InterruptedException {
        writePending(0);
        boolean whole = false;
        try {
            awaitPieceRoom();
            open(0);
            cutting = true;
            encoder.encode(event);
            cutting = false;
            account(event);
            writePending(0);
            whole = true;
        } finally {
            cutting = false;
            if (!whole) {
                dropPieces();
            }
        }
    }

    private void cutPiece() throws InterruptedException {
        if (cutting && pending.size() >= settings.pieceBytes()) {
            writePending(Excerpt.MORE);
            awaitPieceRoom();
            open(Excerpt.CONTINUES);
        }
    }

    private void awaitPieceRoom() throws InterruptedException {
        awaitRoom(settings.pieceBytes() + (64L << 10));
    }

    /** Makes void what was written of an event: the next excerpt takes the first piece's number. */
    private void dropPieces() {
        pending.clear();
        if (nextSequence == written.sequence() + 1) {
            return;
        }
        try {
            endSegment();
            segments.dropAfter(written.sequence());
        } catch (IOException e) {
            throw failed("cannot drop an event that was not appended", e);
        }
        nextSequence = written.sequence() + 1;
    }

    private void open(int flags) {
        if (pending.isEmpty()) {
            Excerpt.header(pending, flags, nextSequence, events, openSince, lastCommit);
        }
    }

    private void account(SourceEvent event) {
        events++;
        if (event instanceof SourceEvent.Begin) {
            openSince = nextSequence;
        } else if (event instanceof SourceEvent.Commit commit) {
            lastCommit = commit.position();
            ended();
        } else if (event instanceof SourceEvent.Abandoned) {
            ended();
        }
    }

    private void ended() {
        openSince = 0;
        leftOpen = false;
        spanned.forEach(each -> each.openEndedAt(lastCommit));
        spanned.clear();
    }

    private void writePending(int flags) {
        if (pending.isEmpty()) {
            return;
        }
        Excerpt.finish(pending, flags, crc);
        try {
            segment.write(pending.array(), pending.size());
        } catch (Exception | InternalError e) {
            throw failed("cannot write to the buffer", e);
        }
        pending.clear();
        nextSequence++;
        if (flags == 0) {
            written.advance(nextSequence - 1, events);
        }
    }

    /** See {@link ChangeBuffer#flush}. */
    void flush() {
        lock.lock();
        try {
            checkUsable();
            writePending(0);
        } finally {
            lock.unlock();
        }
    }

    /** See {@link ChangeBuffer#force}. */
    Optional<SourcePosition> force() {
        lock.lock();
        try {
            checkUsable();
            writePending(0);
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
        return Optional.ofNullable(lastCommit);
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
    private void awaitRoom(long more) throws InterruptedException {
        try {
            if (segment != null && endsBefore(more)) {
                writePending(0);
                endSegment();
            }
            while (segment == null) {
                awaitDisk();
                beginSegment();
            }
            while (!segment.hasRoomFor(pending.size() + more)) {
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
        return segment.used() + pending.size() + more > settings.segmentBytes()
                || System.nanoTime() - segmentEndsAt >= 0;
    }

    private void awaitDisk() throws InterruptedException {
        if (room.isThere()) {
            return;
        }
        writePending(0);
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
        Segment next =
                new Segment(
                        Segment.directoryOf(segments.directory(), nextSequence),
                        nextSequence,
                        lastCommit,
                        openSince);
        if (!room.take(() -> segment = SegmentWriter.create(next.directory()))) {
            return;
        }
        segmentEndsAt = System.nanoTime() + settings.segmentAge().toNanos();
        next.bytes(segment.allocated());
        segments.add(next);
        if (openSince != 0) {
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
                writePending(0);
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
