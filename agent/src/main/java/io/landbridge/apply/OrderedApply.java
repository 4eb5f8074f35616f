package io.landbridge.apply;

import io.landbridge.offsets.SourcePosition;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Writes and commits batches in the source's order. A change that the target refuses stops its
 * table; the batch is then written without that table. Runs on the dispatch thread, through the
 * first worker's session; no worker may have a transaction open.
 */
final class OrderedApply {

    private final Site site;
    private final Stream stream;
    private final Fleet fleet;
    private final Convergence convergence;
    private final BooleanSupplier closing;

    /**
     * How it ended.
     *
     * @param done what was committed; empty when nothing was
     * @param isPastBoundary whether that is because the transaction ends after the boundary; the
     *     stream is then before it
     */
    record Result(Optional<Batch> done, boolean isPastBoundary) {}

    OrderedApply(
            Site site,
            Stream stream,
            Fleet fleet,
            Convergence convergence,
            BooleanSupplier closing) {
        this.site = site;
        this.stream = stream;
        this.fleet = fleet;
        this.convergence = convergence;
        this.closing = closing;
    }

    /** Applies {@code batch}; {@code boundary} matters only while its end is not known. */
    Result apply(Batch batch, Optional<SourcePosition> boundary) throws SQLException {
        int oneByOne = 0;
        while (true) {
            OrderedPass pass =
                    new OrderedPass(site, stream, fleet, batch, boundary, oneByOne, closing);
            try {
                return switch (pass.run()) {
                    case COMPLETE -> commit(pass);
                    case PAST_BOUNDARY -> {
                        fleet.rollback();
                        stream.rewind(batch.start());
                        yield new Result(Optional.empty(), true);
                    }
                    case ABANDONED, CLOSING -> {
                        fleet.rollback();
                        yield new Result(Optional.empty(), false);
                    }
                };
            } catch (RowRefused refused) {
                fleet.rollback();
                if (refused.isOne()) {
                    site.plans().stop(refused.fault());
                    oneByOne = 0;
                } else {
                    oneByOne = refused.run();
                }
            }
        }
    }

    private Result commit(OrderedPass pass) throws SQLException {
        Optional<SourcePosition> readAt = pass.readAt();
        if (readAt.isPresent()) {
            site.notes().noteConvergeThrough(fleet.first().connection(), readAt.get());
        }
        fleet.commitOrdered(pass.done());
        readAt.ifPresent(convergence::extend);
        return new Result(Optional.of(pass.done()), false);
    }
}
