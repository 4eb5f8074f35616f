package io.landbridge.apply;

import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How far a lane's progress moves with a batch.
 *
 * @param from where it stands, by what the dispatch thread knows
 * @param transactions of the source, to be counted
 * @param changes of the source, to be counted
 */
record Stride(int lane, SourcePosition from, SourcePosition to, long transactions, long changes) {

    /** The first lane counts for all. */
    static Stride of(int lane, SourcePosition from, Batch batch) {
        boolean counts = lane == 0;
        return new Stride(
                lane,
                from,
                batch.end(),
                counts ? batch.transactions() : 0,
                counts ? batch.changes() : 0);
    }

    /** Moves it, as part of the caller's transaction; fails as {@link ProgressStore#advance}. */
    void move(ProgressStore progress, Connection through) throws SQLException {
        progress.advance(through, lane, from, to, transactions, changes);
    }
}
