package io.landbridge.change;

import io.landbridge.offsets.SourcePosition;
import java.time.Instant;

/**
 * What the source's log says, in commit order: {@code Begin (Change | Marker | TableEnd)* Commit},
 * transaction after transaction, never interleaved. {@link Abandoned} may stand in a {@code
 * Commit}'s place: what came since {@code Begin} is void and will come again.
 */
public sealed interface SourceEvent
        permits SourceEvent.Begin,
                Change,
                SourceEvent.Marker,
                SourceEvent.TableEnd,
                SourceEvent.Commit,
                SourceEvent.Abandoned {

    /**
     * A source transaction begins.
     *
     * @param transactionId the source's name for it: PostgreSQL's 32-bit xid in decimal, MySQL's
     *     GTID
     * @param previous where the transaction before it in the stream ended; the chain of these is
     *     what shows that nothing is missing between two transactions
     */
    record Begin(String transactionId, SourcePosition previous) implements SourceEvent {}

    /**
     * A message that somebody put into the source's log inside this transaction: a heartbeat, or
     * the fence's marker.
     *
     * @param prefix whose it is; ours is {@code landbridge}
     * @param content empty for a heartbeat
     */
    record Marker(String prefix, String content) implements SourceEvent {}

    /**
     * From here on the log's changes of a table can't be followed: nothing after this may be
     * written to it, and somebody has to look at it.
     *
     * @param code the {@link Enum#name} of a fault code
     * @param reason one sentence, such as the DDL statement that was met
     */
    record TableEnd(TableId table, String code, String reason) implements SourceEvent {}

    /**
     * The transaction is complete.
     *
     * @param position its end in the log: the position to remember once it is applied
     * @param committedAt the source's clock at commit
     * @param changes how many changes the source says the transaction held, for the ledger
     */
    record Commit(SourcePosition position, Instant committedAt, long changes)
            implements SourceEvent {}

    /** The capture ended inside the transaction; the next one starts it again from its begin. */
    record Abandoned() implements SourceEvent {}
}
