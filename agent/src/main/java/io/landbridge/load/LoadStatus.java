package io.landbridge.load;

import io.landbridge.change.TableId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far the load is, at one moment. Rows and bytes count what is in flight too; a chunk that is
 * rolled back takes its own away again.
 *
 * @param paused whether {@link BulkLoad#pause} holds it
 * @param tables in name order
 * @param rowsPerSecond over the last seconds
 * @param bytesPerSecond of COPY data, over the last seconds
 * @param timeLeft at the pace of the whole run so far; empty while that says nothing
 * @param retries of chunks after passing faults since this load was made
 * @param waiting what it waits for to pass, if so: a server that is away, a disk that is full
 */
public record LoadStatus(
        boolean paused,
        List<TableLoad> tables,
        double rowsPerSecond,
        double bytesPerSecond,
        Optional<Duration> timeLeft,
        long retries,
        Optional<String> waiting) {

    public LoadStatus {
        tables = List.copyOf(tables);
    }

    /**
     * One table's load.
     *
     * @param loaded whether all its rows are at the target
     * @param chunks planned; 0 before the plan, or when there is nothing to copy
     * @param chunksDone committed at the target
     * @param rows copied
     * @param rowsEstimated by the source's statistics; what was copied once it is loaded
     * @param bytes of COPY data copied
     * @param bytesEstimated by the source's disk usage and what was copied so far
     * @param rowsPerSecond over the last seconds
     * @param timeLeft at that pace; empty when it is loaded or nothing of it moves
     */
    public record TableLoad(
            TableId table,
            boolean loaded,
            int chunks,
            int chunksDone,
            long rows,
            long rowsEstimated,
            long bytes,
            long bytesEstimated,
            double rowsPerSecond,
            Optional<Duration> timeLeft) {

        /** A table that nothing is being copied of. */
        public static TableLoad standing(
                TableId table, boolean loaded, int chunks, long rows, long bytes) {
            return new TableLoad(
                    table, loaded, chunks, chunks, rows, rows, bytes, bytes, 0, Optional.empty());
        }
    }

    public long rows() {
        return tables.stream().mapToLong(TableLoad::rows).sum();
    }

    public long rowsEstimated() {
        return tables.stream().mapToLong(TableLoad::rowsEstimated).sum();
    }

    public long bytes() {
        return tables.stream().mapToLong(TableLoad::bytes).sum();
    }

    public long bytesEstimated() {
        return tables.stream().mapToLong(TableLoad::bytesEstimated).sum();
    }

    public long tablesLoaded() {
        return tables.stream().filter(TableLoad::loaded).count();
    }
}
