package io.landbridge.schema.mysql;

/**
 * An expression of MySQL in PostgreSQL's words.
 *
 * @param sql immutable, so that an index can be over it
 * @param caseless whether case doesn't count to it, for a text: MySQL's collation says so
 */
record Translation(String sql, Kind kind, boolean caseless) {

    /** What it gives. */
    enum Kind {
        /** Whole or decimal. */
        NUMBER,
        /** In binary floating point. */
        REAL,
        TEXT,
        CONDITION,
        /** A date, or a date and time without time zone. */
        TIME,
        JSON,
        NULL
    }

    static Translation of(String sql, Kind kind) {
        return new Translation(sql, kind, false);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    boolean isNumeric() {
        return kind == Kind.NUMBER || kind == Kind.REAL;
    }

    /** Arithmetic in MySQL doesn't overflow where that of PostgreSQL's integers does. */
    String wide() {
        return kind == Kind.NUMBER ? sql + "::numeric" : sql;
    }

    /** To be compared with another text. */
    String folded(Translation other) {
        return caseless || other.caseless ? "lower(" + sql + ")" : sql;
    }
}
