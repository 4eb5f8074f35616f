package io.landbridge.apply;

/**
 * What goes to the workers at once: a batch, or a piece of one that is too large.
 *
 * @param fold what to write; empty unless the form is WHOLE, PIECE or LAST_PIECE
 * @param through of a piece: changes of the large transaction up to its end
 */
record Round(Batch batch, Fold fold, Form form, long through) {

    /** What is no piece. */
    Round(Batch batch, Fold fold, Form form) {
        this(batch, fold, form, 0);
    }

    enum Form {
        /** All of a batch. */
        WHOLE,
        /** A part of one large transaction; the workers' transactions stay open after it. */
        PIECE,
        /** The large transaction's last part. */
        LAST_PIECE,
        /** A batch that only the source's order can tell. */
        ORDERED,
        /** The large transaction is void: the pieces before are rolled back. */
        VOID
    }

    boolean ends() {
        return form == Form.WHOLE || form == Form.LAST_PIECE;
    }
}
