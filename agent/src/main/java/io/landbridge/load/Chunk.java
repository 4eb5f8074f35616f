package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.source.KeyRange;

/**
 * A share of the work that is copied and committed as one.
 *
 * @param id its number in the migration, in the order of work
 * @param table the table at the source that it belongs to
 * @param relation what it is read from: the table, or a leaf of it
 * @param only as in {@link io.landbridge.source.TablePart#only}
 * @param range which keys
 * @param rows how many, about
 * @param bytes how many of the source's disk, about
 */
record Chunk(
        long id,
        TableId table,
        TableId relation,
        boolean only,
        KeyRange range,
        long rows,
        long bytes) {

    /** For people; holds no key values. */
    @Override
    public String toString() {
        return "chunk " + id + (range.isAll() ? " (all) of " : " (a key range) of ") + relation;
    }
}
