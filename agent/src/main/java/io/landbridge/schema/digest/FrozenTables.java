package io.landbridge.schema.digest;

/** Tables as of one moment, to be read by any number of readers. Close it soon. */
public interface FrozenTables extends AutoCloseable {

    /** A reader of tables at that moment; the caller's to close. */
    TableReader reader();

    /** A reader of whole rows at that moment; the caller's to close. */
    WholeRows wholeRows();

    @Override
    void close();
}
