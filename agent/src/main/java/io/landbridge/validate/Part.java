package io.landbridge.validate;

/** What one worker compares at a time. */
interface Part {

    /** Gives the number of rows at the source that were compared. */
    long compare(Readers readers, RowSink sink);

    /** Hands what was found to {@code queue}, once it has been compared, by the same worker. */
    void done(PartQueue queue, Readers readers);
}
