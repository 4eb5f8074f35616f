package io.landbridge.validate;

import io.landbridge.schema.digest.ComparedTable;

/** Is told of every row that differs, by the one thread that compares. */
interface RowSink extends AutoCloseable {

    /** For those whom the report is enough. */
    RowSink NONE = (table, row) -> {};

    void differs(ComparedTable.Pair table, DifferingRow row);

    /** All that differs in a part of a table has been told. */
    default void endOfPart() {}

    @Override
    default void close() {}
}
