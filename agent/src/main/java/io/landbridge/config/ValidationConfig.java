package io.landbridge.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Section {@code validation}.
 *
 * @param exceptions patterns of tables with another mode than {@code mode}
 * @param sampleSize rows a table that {@link Mode#SAMPLE} compares
 * @param checksums whether hashes are compared beside counts
 * @param workers tables compared at a time
 * @param rowsPerSecond most rows compared a second, of all workers together; 0: no limit
 * @param interval how long after a validation the next one begins by itself; zero: never
 * @param meetTimeout how long both sides may take to come to the same place
 * @param structure what becomes of differences in what tables are made of
 * @param mask column patterns ({@code schema.table.column}) whose values are never shown
 */
public record ValidationConfig(
        Mode mode,
        Map<Mode, List<String>> exceptions,
        int sampleSize,
        boolean checksums,
        int workers,
        long rowsPerSecond,
        Duration interval,
        Duration meetTimeout,
        Structure structure,
        List<String> mask) {

    /** How much is compared. */
    public enum Mode {
        COUNT,
        SAMPLE,
        FULL
    }

    /** What a difference in the tables' structure means. */
    public enum Structure {
        /** What the target lacks of the source's constraints and the like blocks the cutover. */
        BLOCK,
        REPORT,
        OFF
    }

    public ValidationConfig {
        exceptions = Map.copyOf(exceptions);
        mask = List.copyOf(mask);
    }
}
