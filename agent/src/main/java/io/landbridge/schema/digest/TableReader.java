package io.landbridge.schema.digest;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads tables of one side inside one frozen snapshot, over one connection, from one thread; only
 * {@link #cancel} may come from another. No table stays locked between two calls: TRUNCATE and DDL
 * of others wait for one call at most.
 *
 * <p>What the database refuses comes as a {@link io.landbridge.fault.Fault} that names the table.
 *
 * <p>Every dialect must compute the same: a row's hash is the MD5 of PostgreSQL's text form of the
 * row of the compared columns ({@code ROW(...)::text}) in UTF-8.
 */
public interface TableReader extends AutoCloseable {

    long count(ComparedTable table);

    /** Rows by the statistics and the present size; cheap. */
    long estimate(ComparedTable table);

    /** Values of the first key column that cut the table into about {@code parts} equal parts. */
    List<String> bounds(ComparedTable table, int parts, long estimatedRows);

    Digest digest(ComparedTable table, KeyRange range, Sample sample, int buckets);

    /** The rows that {@link #digest} dealt into the wanted buckets. */
    RowCursor rows(ComparedTable table, KeyRange range, Sample sample, int buckets, BitSet wanted);

    /** The rows with these keys; the table must have one. */
    RowCursor rows(ComparedTable table, Collection<List<String>> keys);

    /**
     * Each compared column of the rows with these keys, by key hash.
     *
     * @param values true: the values' texts, cut off at a few hundred characters, NULL as an empty
     *     Optional; false: their hashes
     */
    Map<String, List<Optional<String>>> columns(
            ComparedTable table, Collection<List<String>> keys, boolean values);

    /**
     * Whether all that was read of the table since the snapshot is what the snapshot shows.
     * TRUNCATE, rewrites by ALTER TABLE and detached partitions reach into older snapshots: these
     * see rows vanish.
     */
    boolean isIntact(ComparedTable table);

    /** Ends the statement that runs now with an error; thread-safe. */
    void cancel();

    @Override
    void close();
}
