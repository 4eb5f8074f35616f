package io.landbridge.validate;

import io.landbridge.config.ValidationConfig;
import java.util.List;

/**
 * What one comparison does.
 *
 * @param modes how much of each table is compared
 * @param sampleSize rows a table that {@link ValidationConfig.Mode#SAMPLE} compares, about
 * @param workers connections on each side that compare at a time
 * @param differencesPerTable how many are listed; all are counted
 * @param rowsPerRange a table is cut into parts of about so many rows where its key allows
 * @param rowsPerSecond most rows compared a second, of all workers together; 0: no limit
 * @param values whether differing columns' values are shown
 * @param mask column patterns ({@code schema.table.column}) whose values are never shown
 */
public record ValidationOptions(
        ModeChoice modes,
        int sampleSize,
        int workers,
        int differencesPerTable,
        long rowsPerRange,
        long rowsPerSecond,
        boolean values,
        List<String> mask) {

    private static final int DIFFERENCES = 1000;
    private static final long ROWS_PER_RANGE = 200_000;

    public ValidationOptions {
        mask = List.copyOf(mask);
    }

    /** Every table in {@code mode}, nothing held back, no value shown. */
    public ValidationOptions(
            ValidationConfig.Mode mode,
            int sampleSize,
            int workers,
            int differencesPerTable,
            long rowsPerRange) {
        this(
                ModeChoice.all(mode),
                sampleSize,
                workers,
                differencesPerTable,
                rowsPerRange,
                0,
                false,
                List.of());
    }

    /** What the configuration asks for. */
    public static ValidationOptions of(ValidationConfig config) {
        return new ValidationOptions(
                ModeChoice.of(config),
                config.sampleSize(),
                config.workers(),
                DIFFERENCES,
                ROWS_PER_RANGE,
                config.rowsPerSecond(),
                false,
                config.mask());
    }

    /** The mode of tables without one of their own. */
    public ValidationConfig.Mode mode() {
        return modes.usual();
    }

    public ValidationOptions showingValues() {
        return with(modes, differencesPerTable, rowsPerRange, true, mask);
    }

    /** Every table in {@code mode}. */
    public ValidationOptions in(ValidationConfig.Mode mode) {
        return with(ModeChoice.all(mode), differencesPerTable, rowsPerRange, values, mask);
    }

    public ValidationOptions listing(int differences) {
        return with(modes, differences, rowsPerRange, values, mask);
    }

    public ValidationOptions cutting(long rows) {
        return with(modes, differencesPerTable, rows, values, mask);
    }

    public ValidationOptions masking(String... patterns) {
        return with(modes, differencesPerTable, rowsPerRange, values, List.of(patterns));
    }

    private ValidationOptions with(
            ModeChoice newModes,
            int newDifferences,
            long newRange,
            boolean newValues,
            List<String> newMask) {
        return new ValidationOptions(
                newModes,
                sampleSize,
                workers,
                newDifferences,
                newRange,
                rowsPerSecond,
                newValues,
                newMask);
    }
}
