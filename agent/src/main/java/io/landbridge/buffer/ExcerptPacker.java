package io.landbridge.buffer;

import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableLayout;
import io.landbridge.offsets.SourcePosition;
import java.util.function.ToIntFunction;
import java.util.zip.CRC32C;

/**
 * Packs events into numbered excerpts, an event that is too large for one into pieces, and holds
 * them to {@code Begin ... Commit}. Not thread-safe: its owner locks.
 *
 * <p>Room for an event is found before it is put into the pending excerpt, so that writing that
 * excerpt out never waits.
 */
public final class ExcerptPacker {

    /**
     * How large excerpts grow.
     *
     * @param excerptBytes so many bytes of events are packed into one excerpt before it is written
     * @param pieceBytes an event larger than that is cut into pieces of this size
     */
    public record Sizes(int excerptBytes, int pieceBytes) {}

    /** Where excerpts go. */
    public interface Sink {

        /**
         * Returns when {@code bytes} can be added to the pending excerpt; may {@link #write} it.
         *
         * @throws InterruptedException when interrupted while there is no room
         */
        void awaitRoom(long bytes) throws InterruptedException;

        /**
         * Takes an excerpt; its bytes are the packer's again when this returns.
         *
         * @param more whether its last event goes on in the next one
         * @param sequence its number
         * @param events appended up to its end
         */
        void write(byte[] bytes, int size, boolean more, long sequence, long events);

        /** Makes void the excerpts after {@code sequence}: pieces of an event that has no end. */
        void dropAfter(long sequence);

        /** A transaction is over, {@code lastCommit} the end of the last one that is complete. */
        void ended(SourcePosition lastCommit);
    }

    private final Sizes sizes;
    private final Sink sink;
    private final CRC32C crc = new CRC32C();
    private final ByteSink pending = new ByteSink(128 << 10);
    private final EventEncoder encoder;

    private long whole;
    private long nextSequence;
    private long events;
    private long openSince;
    private boolean leftOpen;
    private boolean cutting;
    private volatile SourcePosition lastCommit;

    /**
     * @param layouts gives the number that names a layout in the excerpt that is pending
     * @param tail where to go on
     */
    public ExcerptPacker(
            Sizes sizes, ToIntFunction<TableLayout> layouts, Sink sink, ExcerptTail tail) {
        this.sizes = sizes;
        this.sink = sink;
        this.encoder = new EventEncoder(pending, layouts, this::cutPiece);
        whole = tail.last();
        nextSequence = tail.last() + 1;
        events = tail.events();
        lastCommit = tail.lastCommit();
        openSince = tail.openSince();
        leftOpen = openSince != 0;
    }

    /**
     * See {@link ChangeBuffer#append}. A transaction that the process or the capture before left
     * incomplete is ended by {@link SourceEvent.Abandoned} when the next one begins, whoever
     * remembers to say so; a Commit that got lost would still show as a hole between positions.
     */
    public void append(SourceEvent event) throws InterruptedException {
        boolean abandons = event instanceof SourceEvent.Abandoned;
        boolean cutShort = leftOpen || event instanceof SourceEvent.Begin;
        if (openSince != 0 && cutShort && !abandons) {
            put(new SourceEvent.Abandoned());
        }
        if (openSince != 0 || !abandons) {
            put(event);
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
        if (bound > sizes.pieceBytes()) {
            putLarge(event);
        } else {
            sink.awaitRoom(bound);
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
        if (pending.size() >= sizes.excerptBytes()) {
            flush();
        }
    }

    /** An event that gets excerpts of its own: readers see none of them before the last one. */
    private void putLarge(SourceEvent event) throws InterruptedException {
        flush();
        boolean done = false;
        try {
            awaitPieceRoom();
            open(0);
            cutting = true;
            encoder.encode(event);
            cutting = false;
            account(event);
            flush();
            done = true;
        } finally {
            cutting = false;
            if (!done) {
                dropPieces();
            }
        }
    }

    private void cutPiece() throws InterruptedException {
        if (cutting && pending.size() >= sizes.pieceBytes()) {
            write(Excerpt.MORE);
            awaitPieceRoom();
            open(Excerpt.CONTINUES);
        }
    }

    private void awaitPieceRoom() throws InterruptedException {
        sink.awaitRoom(sizes.pieceBytes() + (64L << 10));
    }

    /** Makes void what was written of an event: the next excerpt takes the first piece's number. */
    private void dropPieces() {
        pending.clear();
        if (nextSequence != whole + 1) {
            sink.dropAfter(whole);
            nextSequence = whole + 1;
        }
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
        sink.ended(lastCommit);
    }

    /** Writes the pending excerpt out, if there is one. */
    public void flush() {
        write(0);
    }

    private void write(int flags) {
        if (pending.isEmpty()) {
            return;
        }
        Excerpt.finish(pending, flags, crc);
        boolean more = flags == Excerpt.MORE;
        sink.write(pending.array(), pending.size(), more, nextSequence, events);
        pending.clear();
        if (!more) {
            whole = nextSequence;
        }
        nextSequence++;
    }

    /** Bytes of the pending excerpt. */
    public int pendingBytes() {
        return pending.size();
    }

    /** The next excerpt's number; the pending one's, if there is one. */
    public long nextSequence() {
        return nextSequence;
    }

    /** The last excerpt that was written and whose events are whole. */
    public long whole() {
        return whole;
    }

    /** Events appended, the pending ones included. */
    public long events() {
        return events;
    }

    /** The excerpt in which the transaction that is open began; 0 when none is. */
    public long openSince() {
        return openSince;
    }

    /** End of the last complete transaction that was appended, or null; from any thread. */
    public SourcePosition lastCommit() {
        return lastCommit;
    }
}
