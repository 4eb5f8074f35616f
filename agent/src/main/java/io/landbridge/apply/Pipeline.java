package io.landbridge.apply;

import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.Refusal;
import io.landbridge.target.Refusal.Verdict;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream on its way to the target, over one set of connections: while one batch is written, the
 * next one is formed. A failure that leaves open what the target holds ends it: it is thrown, and
 * another pipeline begins at what the target says. Owned by the dispatch thread.
 */
final class Pipeline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final Site site;
    private final Resumption resumption;
    private final Landed landed;
    private final Fleet fleet;
    private final Stream stream;
    private final BatchFormer former;
    private final OrderedApply ordered;

    /** Formed, not launched. */
    private Round next;

    private Flight flight;

    /** A batch that was launched in part: nothing of it can be taken back without a rollback. */
    private Batch pieces;

    private long rows;

    /** Told of what becomes of batches. */
    interface Landed {
        /** It is committed. */
        void landed(Batch batch, long rows, long nanos);

        /** A batch goes in the source's order. */
        void fellBack();
    }

    /**
     * Connects.
     *
     * @param wake called on a worker's thread when there is something to do
     */
    Pipeline(
            Site site,
            Resumption resumption,
            Convergence convergence,
            Landed landed,
            Runnable wake,
            BooleanSupplier closing) {
        this.site = site;
        this.resumption = resumption;
        this.landed = landed;
        this.fleet = new Fleet(site, resumption, wake);
        try {
            SourcePosition applied = resumption.least();
            this.stream = new Stream(site.buffer().readAfter(applied), applied);
        } catch (RuntimeException e) {
            fleet.close();
            throw e;
        }
        this.former =
                new BatchFormer(
                        stream,
                        site.plans(),
                        site.limits(),
                        place ->
                                new Batch(
                                        place,
                                        convergence.covers(place.after()),
                                        resumption.lacking(place.after()),
                                        resumption.next(place.after())));
        this.ordered = new OrderedApply(site, stream, fleet, convergence, closing);
    }

    /** Goes on with what the workers have done; false when that is nothing. */
    boolean collect() throws SQLException {
        boolean done = flight != null && flight.isDone();
        if (done) {
            land();
        }
        return done;
    }

    /** Sends the workers what is formed, and forms more; false when there is nothing to do. */
    boolean advance() throws SQLException {
        boolean worked = false;
        if (flight == null && next != null) {
            Round round = next;
            next = null;
            launch(round);
            worked = true;
        }
        return (next == null && form()) || worked;
    }

    private boolean form() {
        long before = former.eventsRead();
        next = former.read();
        if (next == null && flight == null && former.hasOpen() && isDue()) {
            next = former.close();
        }
        return next != null || former.eventsRead() != before;
    }

    private boolean isDue() {
        return System.nanoTime() - former.openSince() >= site.config().batchInterval().toNanos();
    }

    /** Whether the target stands at the end of a batch, and nothing is under way. */
    boolean isQuiet() {
        return flight == null && pieces == null;
    }

    /** Whether all that lies before the boundary is applied. Ask when it is quiet. */
    boolean isAtBoundary() {
        return next == null && former.isAtBoundary();
    }

    boolean isBoundedBy(Optional<SourcePosition> boundary) {
        return former.isBoundedBy(boundary.orElse(null));
    }

    void bound(Optional<SourcePosition> boundary) {
        former.bound(boundary.orElse(null));
    }

    /** Forgets what was read ahead, unless it is part of what is under way. */
    void unread() {
        if (pieces != null) {
            return;
        }
        former.discard();
        if (next != null) {
            stream.rewind(next.batch().start());
            former.forget();
            next = null;
        }
    }

    /** Where the target will stand when what is under way is applied; empty if that is nowhere. */
    Optional<SourcePosition> underWay() {
        Batch last = flight != null ? flight.round().batch() : pieces;
        return last == null ? Optional.empty() : Optional.ofNullable(last.end());
    }

    /** What is in flight, for those who want to know why it takes long. */
    Optional<Flight> flight() {
        return Optional.ofNullable(flight);
    }

    /** The target's schema may have changed. Only when it is quiet, and nothing is read ahead. */
    void forgetPlans() {
        fleet.forgetPlans();
    }

    private void launch(Round round) throws SQLException {
        switch (round.form()) {
            case ORDERED -> {
                if (pieces != null) {
                    rollback();
                }
                applyOrdered(round.batch());
            }
            case VOID -> rollback();
            default -> {
                pieces = round.form() == Round.Form.WHOLE ? null : round.batch();
                flight = fleet.launch(round);
                rows += round.fold().size();
            }
        }
    }

    private void land() throws SQLException {
        Flight done = flight;
        Round round = done.round();
        try {
            done.check(site.target());
        } catch (RowsDiffer e) {
            fallBack(round.batch(), e.getMessage());
            return;
        } catch (SQLException e) {
            Refusal refusal = site.target().judge(e);
            boolean unclear = done.committing() || refusal.verdict() == Verdict.RETRY;
            boolean hopeless = done.alone() && refusal.verdict() == Verdict.CONTENTION;
            if (unclear || hopeless) {
                throw e;
            }
            fallBack(round.batch(), refusal.description());
            return;
        }
        if (done.alone() || done.committing()) {
            flight = null;
            finish(round.batch(), System.nanoTime() - done.since());
        } else {
            flight = round.ends() ? fleet.commit(done) : null;
        }
    }

    private void fallBack(Batch batch, String why) throws SQLException {
        LOG.info(
                "the batch after {} goes in the source's order: {}",
                batch.start().after().text(),
                why);
        flight = null;
        next = null;
        rollback();
        applyOrdered(batch);
    }

    private void rollback() throws SQLException {
        fleet.rollback();
        pieces = null;
        rows = 0;
    }

    private void applyOrdered(Batch batch) throws SQLException {
        former.forget();
        landed.fellBack();
        long since = System.nanoTime();
        Optional<SourcePosition> boundary =
                batch.end() == null ? former.boundary() : Optional.empty();
        OrderedApply.Result result = ordered.apply(batch, boundary);
        if (result.isPastBoundary()) {
            former.block();
        }
        if (result.done().isPresent()) {
            Batch done = result.done().get();
            rows = done.changes();
            finish(done, System.nanoTime() - since);
        }
    }

    private void finish(Batch batch, long nanos) {
        fleet.landed(batch);
        long written = rows;
        pieces = null;
        rows = 0;
        landed.landed(batch, written, nanos);
    }

    /** Whether the workers stand together now, and did not when this pipeline began. */
    boolean hasCaughtUpAll(SourcePosition applied) {
        return !resumption.isTogether() && resumption.isTogetherAt(applied);
    }

    @Override
    public void close() {
        try (fleet) {
            stream.close();
        }
    }
}
