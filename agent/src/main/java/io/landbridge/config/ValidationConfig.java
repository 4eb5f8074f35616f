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
        List<String> mask) {

    /** How much is compared. */
    public enum Mode {
        COUNT,
        SAMPLE,
        FULL
    }

    public ValidationConfig {
        exceptions = Map.copyOf(exceptions);
        mask = List.copyOf(mask);
    }
}
