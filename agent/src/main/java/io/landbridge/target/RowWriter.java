package io.landbridge.target;

import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes sets of rows of one table through one connection. Every method gives the number of rows it
 * found and leaves commit and rollback to the caller; none retries. Owned by the thread that owns
 * the connection.
 *
 * <p>Rows of one call must have different keys, except for {@link #insert}.
 */
public interface RowWriter {

    /** Inserts complete rows; one that is there already is refused. */
    long insert(List<RowImage> rows) throws SQLException;

    /** Inserts complete rows, or updates all columns of those that are there. */
    long upsert(List<RowImage> rows) throws SQLException;

    /** Updates, by the key they carry, the columns that rows carry; not the key itself. */
    long update(List<RowImage> rows) throws SQLException;

    /**
     * Replaces the rows under {@code keys} by {@code rows}, one for one in that order; what these
     * leave UNCHANGED stays. Rows that are not there are left out.
     */
    long rewrite(List<RowKey> keys, List<RowImage> rows) throws SQLException;

    long delete(List<RowKey> keys) throws SQLException;

    /** Deletes one of the rows that equal {@code row} in every value: for tables without a key. */
    long deleteOne(RowImage row) throws SQLException;

    /** As {@link #deleteOne}, giving the row the values of {@code after}, a complete image. */
    long updateOne(RowImage before, RowImage after) throws SQLException;

    /** Empties the table row by row, where emptying it at once is refused. */
    void deleteAll() throws SQLException;
}
