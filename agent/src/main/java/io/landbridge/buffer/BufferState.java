package io.landbridge.buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * What the buffer must hold: the file {@code state}, against which the segments are checked at
 * start. Two records written in turn, so that one is always whole.
 *
 * <p>The numbers are lower bounds. {@code forced} is written after the excerpts are on disk and not
 * forced itself: after a power failure it may name too few of them, never too many. Only {@link
 * #oldest} is forced, since segments are deleted after it.
 */
final class BufferState implements AutoCloseable {

    private static final long MAGIC = 0x4C42_4255_4631_0000L;
    private static final int RECORD = 64;

    private final FileChannel channel;
    private long generation;
    private long oldest = 1;
    private long forced;
    private long layouts;

    private BufferState(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the file; {@link #isNew} when it was not there or has no whole record. */
    static BufferState open(Path file) throws IOException {
        BufferState state =
                new BufferState(
                        FileChannel.open(
                                file,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE));
        try {
            state.read(0);
            state.read(1);
            return state;
        } catch (IOException e) {
            state.close();
            throw e;
        }
    }

    private void read(int slot) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(RECORD);
        if (channel.read(record, (long) slot * RECORD) < RECORD) {
            return;
        }
        record.flip();
        if (record.getLong() != MAGIC || record.getLong(RECORD - 8) != crcOf(record)) {
            return;
        }
        long found = record.getLong();
        if (found > generation) {
            generation = found;
            oldest = record.getLong();
            forced = record.getLong();
            layouts = record.getLong();
        }
    }

    boolean isNew() {
        return generation == 0;
    }

    /** Sequence of the first excerpt that must be there. */
    synchronized long oldest() {
        return oldest;
    }

    /** Every excerpt up to this one was on disk. */
    synchronized long forced() {
        return forced;
    }

    /** So many layouts were in use. */
    synchronized long layouts() {
        return layouts;
    }

    synchronized void forced(long sequence, long layoutsInUse) throws IOException {
        forced = sequence;
        layouts = layoutsInUse;
        write();
    }

    /** Remembers that excerpts before {@code sequence} may go; on disk when this returns. */
    synchronized void oldest(long sequence) throws IOException {
        oldest = sequence;
        write();
        channel.force(true);
    }

    private void write() throws IOException {
        generation++;
        ByteBuffer record = ByteBuffer.allocate(RECORD);
        record.putLong(MAGIC).putLong(generation).putLong(oldest).putLong(forced).putLong(layouts);
        record.putLong(RECORD - 8, crcOf(record)).rewind();
        long at = generation % 2 * RECORD;
        while (record.hasRemaining()) {
            at += channel.write(record, at);
        }
    }

    private static long crcOf(ByteBuffer record) {
        CRC32C crc = new CRC32C();
        crc.update(record.duplicate().position(0).limit(RECORD - 8));
        return crc.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
