package io.landbridge.buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Writes one segment, from its creation to its end.
 *
 * <p>Chronicle writes through a memory map into a sparse file: on a full disk that is not an error
 * but a SIGBUS. So zeros are written ahead of it, through a channel that can fail, and Chronicle
 * only ever writes where the disk has given room. It takes a file of zeros for a new one.
 */
final class SegmentWriter implements AutoCloseable {

    /** Room is taken in such steps. */
    static final int STEP = 1 << 20;

    /** What Chronicle's index may take beside the excerpts until the next look. */
    static final int SLACK = 192 << 10;

    private static final int METADATA_BYTES = 64 << 10;

    private final Path directory;
    private final FileChannel file;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(STEP);
    private long allocated;
    private long used;
    private boolean forcedOnce;

    private SegmentWriter(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectory(directory);
        try (FileChannel metadata = newFile(directory.resolve(Segment.METADATA_FILE))) {
            fill(metadata, 0, METADATA_BYTES);
        }
        file = newFile(directory.resolve(Segment.QUEUE_FILE + ".new"));
        SingleChronicleQueue opened = null;
        try {
            allocate();
            opened = Segment.open(directory);
            Files.move(
                    directory.resolve(Segment.QUEUE_FILE + ".new"),
                    directory.resolve(Segment.QUEUE_FILE));
            appender = opened.createAppender();
            appender.singleThreadedCheckDisabled(true);
        } catch (IOException | RuntimeException e) {
            if (opened != null) {
                opened.close();
            }
            file.close();
            throw e;
        }
        queue = opened;
    }

    /**
     * Makes a new segment; when that fails, nothing of it is left.
     *
     * @throws IOException when the disk is full, or refuses
     */
    static SegmentWriter create(Path directory) throws IOException {
        try {
            return new SegmentWriter(directory);
        } catch (IOException | RuntimeException e) {
            if (Files.exists(directory)) {
                Segment.delete(directory);
            }
            throw e;
        }
    }

    private static FileChannel newFile(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private void fill(FileChannel channel, long from, int bytes) throws IOException {
        zeros.clear().limit(bytes);
        long at = from;
        while (zeros.hasRemaining()) {
            at += channel.write(zeros, at);
        }
    }

    /** Bytes written, Chronicle's index included. */
    long used() {
        return used;
    }

    /** Bytes that the disk has given. */
    long allocated() {
        return allocated;
    }

    /** True when {@code bytes} more in at most two excerpts need no {@link #allocate} before. */
    boolean hasRoomFor(long bytes) {
        return used + bytes + SLACK <= allocated;
    }

    /**
     * Takes one more {@link #STEP} from the disk.
     *
     * @throws IOException when the disk is full, or refuses
     */
    void allocate() throws IOException {
        fill(file, allocated, STEP);
        allocated += STEP;
    }

    /** Appends an excerpt, for which there must be room; readers see it when this returns. */
    void write(byte[] excerpt, int size) {
        try (DocumentContext document = appender.writingDocument()) {
            try {
                Bytes<?> bytes = document.wire().bytes();
                bytes.write(excerpt, 0, size);
                used = bytes.writePosition();
            } catch (RuntimeException | Error e) {
                document.rollbackOnClose();
                throw e;
            }
        }
    }

    /** Forces everything written to disk: on Linux that takes in what went through the map. */
    void force() throws IOException {
        if (forcedOnce) {
            file.force(false);
            return;
        }
        file.force(true);
        try (FileChannel metadata =
                FileChannel.open(
                        directory.resolve(Segment.METADATA_FILE), StandardOpenOption.WRITE)) {
            metadata.force(true);
        }
        forceDirectory(directory);
        forceDirectory(directory.getParent());
        forcedOnce = true;
    }

    private static void forceDirectory(Path path) throws IOException {
        try (FileChannel entries = FileChannel.open(path, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        queue.close();
        file.close();
    }
}
