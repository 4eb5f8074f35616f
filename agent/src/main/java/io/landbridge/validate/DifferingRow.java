package io.landbridge.validate;

import io.landbridge.schema.digest.RowDigest;

/**
 * A row that is not the same on both sides.
 *
 * @param source null when it is extra at the target
 * @param target null when it is missing there
 * @param rows how often; more than once only in a table without a key, or where a key stands twice
 */
record DifferingRow(RowDigest source, RowDigest target, long rows) {

    boolean isMissing() {
        return target == null;
    }

    boolean isExtra() {
        return source == null;
    }

    boolean isDifferent() {
        return source != null && target != null;
    }

    /** The source's; the target's of an extra one. */
    RowDigest row() {
        return source == null ? target : source;
    }
}
