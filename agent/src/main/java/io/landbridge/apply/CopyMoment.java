package io.landbridge.apply;

import io.landbridge.offsets.BinlogPosition;
import io.landbridge.offsets.SourcePosition;

/** The one moment of the source that a table without a key was copied at. */
interface CopyMoment {

    /** Whether the copy holds what {@code transaction}, named as the source names it, did. */
    boolean saw(String transaction);

    /**
     * Reads what the load wrote down: a snapshot of PostgreSQL's, or the place in MySQL's log at
     * which the table was locked.
     */
    static CopyMoment parse(String text) {
        return text.indexOf('@') < 0 ? Visibility.parse(text) : at(BinlogPosition.parse(text));
    }

    /** A transaction of MySQL's is named after the place where it begins. */
    private static CopyMoment at(BinlogPosition locked) {
        return transaction -> locked.isAfter(SourcePosition.parse(transaction));
    }
}
