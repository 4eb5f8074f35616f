package io.landbridge.offsets;

/**
 * A place in the source's log, always at a transaction boundary: the end of a committed
 * transaction. Everything that committed at or before it lies behind it.
 *
 * <p>Positions of one source are totally ordered. Comparing positions of different kinds is a bug
 * and throws {@link IllegalArgumentException}.
 */
public sealed interface SourcePosition extends Comparable<SourcePosition>
        permits Lsn, BinlogPosition {

    /** The form kept in the target's progress and shown to operators; {@link #parse} reads it. */
    String text();

    /**
     * Reads {@link #text} back.
     *
     * @throws IllegalArgumentException when the text is no position
     */
    static SourcePosition parse(String text) {
        return BinlogPosition.isOne(text) ? BinlogPosition.parse(text) : Lsn.parse(text);
    }

    default boolean isAfter(SourcePosition other) {
        return compareTo(other) > 0;
    }

    /** True when everything up to {@code other} lies behind this position. */
    default boolean covers(SourcePosition other) {
        return compareTo(other) >= 0;
    }
}
