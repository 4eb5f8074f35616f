package io.landbridge.change;

import java.util.Arrays;

/**
 * A row's values, one for each column of its {@link TableLayout}. A value is the target's text form
 * of it, NULL, or UNCHANGED: the log does not carry it (an unchanged TOAST value, or a column
 * outside the key in a before image), so it must never be written.
 *
 * <p>Immutable; the array given at construction is taken over, not copied.
 */
public final class RowImage {

    /** Told apart by identity, so that no text of a user can be mistaken for it. */
    @SuppressWarnings("StringOperationCanBeSimplified")
    private static final String UNCHANGED = new String("UNCHANGED");

    private final String[] values;

    private RowImage(String[] values) {
        this.values = values;
    }

    /** The image of {@code values}: null is NULL, {@link #unchanged()} is UNCHANGED. */
    public static RowImage of(String... values) {
        return new RowImage(values);
    }

    /** The marker to put in {@link #of}'s array for a value that the log does not carry. */
    public static String unchanged() {
        return UNCHANGED;
    }

    public int size() {
        return values.length;
    }

    public boolean isNull(int column) {
        return values[column] == null;
    }

    @SuppressWarnings("ReferenceEquality")
    public boolean isUnchanged(int column) {
        return values[column] == UNCHANGED;
    }

    /** True when at least one value is UNCHANGED. */
    public boolean isPartial() {
        for (int i = 0; i < values.length; i++) {
            if (isUnchanged(i)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The value's text, or null for NULL.
     *
     * @throws IllegalStateException when the value is UNCHANGED
     */
    public String text(int column) {
        if (isUnchanged(column)) {
            throw new IllegalStateException("column " + column + " is unchanged: it has no value");
        }
        return values[column];
    }

    /** This image with every UNCHANGED value taken from {@code older}, an image of the same row. */
    public RowImage over(RowImage older) {
        if (!isPartial()) {
            return this;
        }
        String[] merged = values.clone();
        for (int i = 0; i < merged.length; i++) {
            if (isUnchanged(i)) {
                merged[i] = older.values[i];
            }
        }
        return new RowImage(merged);
    }

    /** Bytes this image takes on the heap, roughly: what bounds a batch or a queue. */
    public int weight() {
        int weight = 16 + 8 * values.length;
        for (String value : values) {
            if (value != null) {
                weight += 40 + value.length();
            }
        }
        return weight;
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(Object other) {
        if (!(other instanceof RowImage image) || image.values.length != values.length) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            if (isUnchanged(i) != image.isUnchanged(i)
                    || !java.util.Objects.equals(values[i], image.values[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** Names no value: images reach logs, and logs are no place for users' data. */
    @Override
    public String toString() {
        return "RowImage[" + values.length + " columns]";
    }
}
