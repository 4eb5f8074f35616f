package io.landbridge.buffer;

import io.landbridge.offsets.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * A stretch of the stream: one Chronicle queue with one cycle file, in a directory of its own that
 * is named after its first excerpt. Written by one {@link SegmentWriter} once, never appended to
 * again; any number of {@link SegmentReader}s read it.
 *
 * <p>Chronicle itself rolls by the clock, skips missing files in silence and repairs torn ones as
 * it sees fit; with one queue for each stretch all three are ours to decide.
 */
final class Segment {

    /** The only cycle of the only file: Chronicle's clock stands still at the epoch. */
    static final RollCycles CYCLE = RollCycles.FAST_DAILY;

    static final String QUEUE_FILE = "19700101F.cq4";
    static final String METADATA_FILE = "metadata.cq4t";

    private static final String PREFIX = "segment-";

    /** Chronicle maps so much at a time; a message may take a quarter of it. */
    private static final int BLOCK = 4 << 20;

    private final Path directory;
    private final long first;
    private final SourcePosition lastCommit;
    private final long openSince;
    private volatile SourcePosition openEnd;
    private volatile long bytes;

    /**
     * @param first sequence of its first excerpt
     * @param lastCommit end of the last complete transaction before it, or null
     * @param openSince where the transaction began that is open at its start, or 0
     */
    Segment(Path directory, long first, SourcePosition lastCommit, long openSince) {
        this.directory = directory;
        this.first = first;
        this.lastCommit = lastCommit;
        this.openSince = openSince;
    }

    static Path directoryOf(Path buffer, long first) {
        return buffer.resolve(String.format(Locale.ROOT, "%s%019d", PREFIX, first));
    }

    /** First sequences of the segments in {@code buffer}, ascending. */
    static List<Long> list(Path buffer) throws IOException {
        try (Stream<Path> entries = Files.list(buffer)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches(PREFIX + "[0-9]{19}"))
                    .map(name -> Long.valueOf(name.substring(PREFIX.length())))
                    .sorted()
                    .toList();
        }
    }

    static SingleChronicleQueue open(Path directory) {
        return SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(CYCLE)
                .timeProvider(() -> 0L)
                .blockSize(BLOCK)
                .timeoutMS(500)
                .build();
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        }
    }

    Path directory() {
        return directory;
    }

    long first() {
        return first;
    }

    /** Null when no transaction was complete before. */
    SourcePosition lastCommit() {
        return lastCommit;
    }

    /** 0 when no transaction is open at its start. */
    long openSince() {
        return openSince;
    }

    /** The transaction that is open at its start ended at or before {@code end}. */
    void openEndedAt(SourcePosition end) {
        openEnd = end;
    }

    /** Null while that end is not known. */
    SourcePosition openEnd() {
        return openEnd;
    }

    /** True when some applied position allows everything before this segment to go. */
    boolean isResolved() {
        return openSince == 0 || openEnd != null;
    }

    /** True when every transaction with a part before this segment ended at or before that. */
    boolean isBehind(SourcePosition applied) {
        return (lastCommit == null || applied.covers(lastCommit))
                && (openSince == 0 || (openEnd != null && applied.covers(openEnd)));
    }

    /** What it takes on disk. */
    long bytes() {
        return bytes;
    }

    void bytes(long size) {
        bytes = size;
    }
}
