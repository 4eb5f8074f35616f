package io.landbridge.source;

import io.landbridge.change.TableId;
import java.util.List;
import java.util.Map;

/**
 * Reads rows in COPY's format over a connection of its own.
 *
 * <p>Used by one thread, but {@link #abort} may come from any. After a fault it can only be closed.
 */
public interface CopyReader extends AutoCloseable {

    /**
     * Which rows to read, and what of them.
     *
     * @param table the table that moves
     * @param relation what is read: the table, or a part of it
     * @param only as in {@link TablePart#only}
     * @param columns names at the target, in the order in which they are read
     * @param key the key's columns at the target, which {@code range} speaks of; may be empty when
     *     it is all
     * @param binary whether to give PostgreSQL's binary format instead of its text format
     */
    record Request(
            TableId table,
            TableId relation,
            boolean only,
            List<String> columns,
            List<String> key,
            KeyRange range,
            boolean binary) {}

    /**
     * Reads what follows as of one moment, until {@link #endSnapshot}.
     *
     * @param tables that will be read
     * @param what names it in faults
     * @return which changes of these tables it shows, in the source's own words
     */
    String beginSnapshot(List<TableId> tables, String what);

    void endSnapshot();

    /**
     * Begins to read, in a transaction of its own unless there is a snapshot.
     *
     * @param what names it in faults
     */
    void open(Request request, String what);

    /** The next piece of COPY data, in general one row; null after the last. */
    byte[] next();

    /**
     * Ends what was opened, after {@link #next} gave null.
     *
     * @return how many rows the source says it gave
     */
    long finish();

    /**
     * Names and types of the columns that {@code relations} have now, as {@link
     * io.landbridge.schema.Table} tells them; absent relations are left out.
     */
    Map<TableId, Map<String, String>> columns(List<TableId> relations);

    /** Breaks the connection at once; whoever waits on it gets a fault. */
    void abort();

    @Override
    void close();
}
