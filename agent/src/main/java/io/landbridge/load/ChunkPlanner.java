package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.config.LoadConfig;
import io.landbridge.schema.Table;
import io.landbridge.source.CopySource;
import io.landbridge.source.CopySource.TableCutter;
import io.landbridge.source.KeyRange;
import io.landbridge.source.TablePart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Cuts tables into chunks: few enough that their cost is that of the rows, small enough that no
 * snapshot lives long, that little is done twice after a crash, and that all workers end together.
 *
 * <p>One query sizes all tables; only those that are worth cutting cost one more each.
 */
final class ChunkPlanner {

    private static final long MOST_CHUNK_BYTES = 256L << 20;
    private static final long LEAST_CHUNK_BYTES = 8L << 20;
    private static final int MOST_CHUNKS_OF_A_PART = 10_000;

    /** The last chunks keep some workers idle; with so many each, that is a small share. */
    private static final int CHUNKS_PER_WORKER = 8;

    private final CopySource source;
    private final Predicate<Table> whole;
    private final long chunkRows;
    private final int workers;

    /**
     * @param whole tables that must not be cut
     */
    ChunkPlanner(CopySource source, Predicate<Table> whole, LoadConfig config) {
        this.source = source;
        this.whole = whole;
        this.chunkRows = Math.max(1, config.chunkRows());
        this.workers = config.workers();
    }

    /** A table's chunks, before they are numbered. */
    private record Cut(List<Chunk> chunks, long bytes, long largest) {}

    /**
     * The chunks of {@code tables} in the order of work: what can't be cut and is larger than a
     * chunk should be comes first, then by size, so that the smallest come last.
     *
     * @param firstId the first chunk's number
     */
    List<Chunk> plan(List<Table> tables, long firstId) {
        try (TableCutter cutter = source.cutter()) {
            Map<TableId, List<TablePart>> parts = cutter.parts(tables, whole);
            long all =
                    parts.values().stream().flatMap(List::stream).mapToLong(TablePart::bytes).sum();
            long share = all / ((long) workers * CHUNKS_PER_WORKER);
            long chunkBytes = Math.min(MOST_CHUNK_BYTES, Math.max(LEAST_CHUNK_BYTES, share));
            List<Cut> cuts = new ArrayList<>();
            for (Table table : tables) {
                cuts.add(cut(cutter, table, parts.get(table.id()), chunkBytes));
            }
            cuts.sort(
                    Comparator.comparingLong((Cut cut) -> Math.max(cut.largest(), 2 * chunkBytes))
                            .thenComparingLong(Cut::bytes)
                            .reversed());
            return numbered(cuts, firstId);
        }
    }

    private Cut cut(TableCutter cutter, Table table, List<TablePart> parts, long chunkBytes) {
        List<Chunk> chunks = new ArrayList<>();
        long bytes = 0;
        long largest = 0;
        for (TablePart part : parts) {
            List<KeyRange> ranges = ranges(cutter, table, part, chunkBytes);
            for (KeyRange range : ranges) {
                chunks.add(
                        new Chunk(
                                0,
                                table.id(),
                                part.relation(),
                                part.only(),
                                range,
                                part.rows() / ranges.size(),
                                part.bytes() / ranges.size()));
            }
            bytes += part.bytes();
            largest = Math.max(largest, part.bytes() / ranges.size());
        }
        return new Cut(chunks, bytes, largest);
    }

    private List<KeyRange> ranges(
            TableCutter cutter, Table table, TablePart part, long chunkBytes) {
        if (whole.test(table)) {
            return List.of(KeyRange.ALL);
        }
        long pieces =
                Math.max(
                        divideUp(part.rows(), chunkRows),
                        part.bytes() < 2 * LEAST_CHUNK_BYTES
                                ? 1
                                : divideUp(part.bytes(), chunkBytes));
        return cutter.ranges(table, part, (int) Math.min(pieces, MOST_CHUNKS_OF_A_PART));
    }

    private static long divideUp(long amount, long by) {
        return (amount + by - 1) / by;
    }

    private static List<Chunk> numbered(List<Cut> cuts, long firstId) {
        List<Chunk> all = new ArrayList<>();
        long id = firstId;
        for (Cut cut : cuts) {
            for (Chunk chunk : cut.chunks()) {
                all.add(
                        new Chunk(
                                id++,
                                chunk.table(),
                                chunk.relation(),
                                chunk.only(),
                                chunk.range(),
                                chunk.rows(),
                                chunk.bytes()));
            }
        }
        return all;
    }
}
