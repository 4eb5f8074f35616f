package io.landbridge.config;

import java.util.List;

/**
 * Section {@code validation}.
 *
 * @param sampleSize rows a table that {@link Mode#SAMPLE} compares
 * @param checksums whether hashes are compared beside counts
 * @param workers tables compared at a time
 * @param mask column patterns ({@code schema.table.column}) whose values are never shown
 */
public record ValidationConfig(
        Mode mode, int sampleSize, boolean checksums, int workers, List<String> mask) {

    /** How much is compared. */
    public enum Mode {
        COUNT,
        SAMPLE,
        FULL
    }

    public ValidationConfig {
        mask = List.copyOf(mask);
    }
}
