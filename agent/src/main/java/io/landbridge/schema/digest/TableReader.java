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
 * row of the compared columns ({@code ROW(...)::text}) in UTF-8. Digests may be summed up from
 * another hash of that text where both sides have it.
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

    /**
     * What {@link RowHash#QUICK} makes of some texts here: two readers that say the same may sum up
     * their digests by it. Empty where there is no such hash.
     *
     * @param table named by a fault
     */
    default Optional<String> quickHashes(ComparedTable table) {
        return Optional.empty();
    }

    /** Sums digests up by {@code form} from now on; at first it is {@link RowHash#MD5}. */
    default void hashBy(RowHash form) {
        if (form != RowHash.MD5) {
            throw new UnsupportedOperationException("there is no hash but MD5 here");
        }
    }

    /** Which of {@code tables} are so small that {@link #digests} may be asked of them. */
    default BitSet small(List<ComparedTable> tables) {
        return new BitSet();
    }

    /**
     * Each table's digest, of one bucket, by one question; the tables stay locked until it is
     * answered. Empty when it can't be answered for all of them.
     */
    default Optional<List<Digest>> digests(List<ComparedTable> tables) {
        return Optional.empty();
    }

    /** For which of {@code tables}, which are {@link #small}, {@link #isIntact} holds. */
    default BitSet intact(List<ComparedTable> tables) {
        BitSet intact = new BitSet();
        for (int i = 0; i < tables.size(); i++) {
            intact.set(i, isIntact(tables.get(i)));
        }
        return intact;
    }

    /** Ends the statement that runs now with an error; thread-safe. */
    void cancel();

    @Override
    void close();
}
