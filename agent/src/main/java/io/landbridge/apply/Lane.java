package io.landbridge.apply;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Writes one share of each batch, in transactions of its own that also move its own progress. Asked
 * by the dispatch thread; what is asked is done elsewhere, in the order of the asking. Futures
 * carry the {@link java.sql.SQLException} or {@link RowsDiffer} that the target's answer means.
 */
interface Lane extends AutoCloseable {

    /** Which share it writes, from 0. */
    int number();

    /** The session that writes, as {@link io.landbridge.target.TargetSession#id} names it. */
    long sessionId();

    /** Its worker, if this process writes it. */
    Optional<Worker> worker();

    /** Writes a share, and moves the progress if the share says so; commits nothing. */
    CompletableFuture<Void> write(Share share);

    CompletableFuture<Void> commit();

    CompletableFuture<Void> rollback();

    /** Forgets how tables were written: their plans were made anew. */
    void forgetPlans();

    /** Ends its session, also in the middle of a statement. */
    @Override
    void close();
}
