package io.landbridge.validate;

import io.landbridge.config.ValidationConfig;
import java.util.List;

/**
 * What one comparison does.
 *
 * @param mode how much is compared
 * @param sampleSize rows a table that {@link ValidationConfig.Mode#SAMPLE} compares, about
 * @param workers connections on each side that compare at a time
 * @param differencesPerTable how many are listed; all are counted
 * @param rowsPerRange a table is cut into parts of about so many rows where its key allows
 * @param values whether differing columns' values are shown
 * @param mask column patterns ({@code schema.table.column}) whose values are never shown
 */
public record ValidationOptions(
        ValidationConfig.Mode mode,
        int sampleSize,
        int workers,
        int differencesPerTable,
        long rowsPerRange,
        boolean values,
        List<String> mask) {

    private static final int DIFFERENCES = 1000;
    private static final long ROWS_PER_RANGE = 200_000;

    public ValidationOptions {
        mask = List.copyOf(mask);
    }

    /** What the configuration asks for; without checksums only rows are counted. */
    public static ValidationOptions of(ValidationConfig config) {
        return new ValidationOptions(
                config.checksums() ? config.mode() : ValidationConfig.Mode.COUNT,
                config.sampleSize(),
                config.workers(),
                DIFFERENCES,
                ROWS_PER_RANGE,
                false,
                config.mask());
    }

    public ValidationOptions showingValues() {
        return new ValidationOptions(
                mode, sampleSize, workers, differencesPerTable, rowsPerRange, true, mask);
    }

    public ValidationOptions in(ValidationConfig.Mode otherMode) {
        return new ValidationOptions(
                otherMode, sampleSize, workers, differencesPerTable, rowsPerRange, values, mask);
    }

    public ValidationOptions listing(int differences) {
        return new ValidationOptions(
                mode, sampleSize, workers, differences, rowsPerRange, values, mask);
    }

    public ValidationOptions cutting(long rows) {
        return new ValidationOptions(
                mode, sampleSize, workers, differencesPerTable, rows, values, mask);
    }

    public ValidationOptions masking(String... patterns) {
        return new ValidationOptions(
                mode,
                sampleSize,
                workers,
                differencesPerTable,
                rowsPerRange,
                values,
                List.of(patterns));
    }
}
