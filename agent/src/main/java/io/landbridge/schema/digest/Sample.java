package io.landbridge.schema.digest;

/**
 * Which rows are looked at: those whose key's hash, read as an unsigned number of 32 bits, is below
 * a threshold. The same rows on both sides and in every run.
 *
 * @param threshold 0 to 2^32; 2^32 takes every row
 */
public record Sample(long threshold) {

    private static final long RANGE = 1L << 32;

    public static final Sample EVERY_ROW = new Sample(RANGE);

    /** About {@code wanted} of {@code rows} rows. */
    public static Sample of(long wanted, long rows) {
        return wanted >= rows
                ? EVERY_ROW
                : new Sample((long) Math.ceil((double) wanted / rows * RANGE));
    }

    public boolean isEveryRow() {
        return threshold >= RANGE;
    }
}
