package io.landbridge.source;

import io.landbridge.change.TableId;

/**
 * What rows of a table are read from: the table itself or one leaf of a partitioned table.
 *
 * @param table the table that moves
 * @param relation the table or leaf to read
 * @param only whether rows of {@code relation}'s inheritance children belong to other tables; false
 *     for a partitioned table that is read by its root
 * @param samplable whether the server can sample its pages
 * @param rows how many there are, about
 * @param pages of its heap
 * @param bytes of its heap and TOAST
 */
public record TablePart(
        TableId table,
        TableId relation,
        boolean only,
        boolean samplable,
        long rows,
        long pages,
        long bytes) {}
