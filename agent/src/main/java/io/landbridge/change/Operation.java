package io.landbridge.change;

/** What a change does to its row, or to its table. */
public enum Operation {
    INSERT,
    UPDATE,
    DELETE,
    /** Empties the table; carries no row. */
    TRUNCATE
}
