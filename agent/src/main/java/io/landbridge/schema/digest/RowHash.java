package io.landbridge.schema.digest;

/** What the text of a row is hashed by, to 128 bits, where hashes are summed up. */
public enum RowHash {
    /** Depends on nothing but bytes. */
    MD5,

    /**
     * PostgreSQL's {@code hashtextextended}, by two seeds: less than half of the CPU of MD5 and of
     * taking its digits apart. No version has changed it, but none promises so, and it depends on
     * the machine's byte order; it is used only between servers that have shown to compute the
     * same.
     */
    QUICK
}
