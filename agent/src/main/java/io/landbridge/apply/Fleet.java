package io.landbridge.apply;

import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.offsets.WorkerProgress;
import io.landbridge.target.Destination;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The lanes, as the dispatch thread sends them to work. A batch of few rows goes through one
 * session of this agent's, in one transaction with everybody's progress; a larger one through all
 * lanes, which commit only when all have written.
 */
final class Fleet implements AutoCloseable {

    /** Up to here the lanes' second commit and the barrier cost more than they bring. */
    private static final int ALONE = 256;

    private final Destination target;
    private final List<Lane> lanes;
    private final ProgressStore progress;
    private final Dealing dealing;

    /** The one whose session the source's order goes through. */
    private final Worker first;

    /** Made for that when no lane is written by this agent. */
    private final Optional<Worker> spare;

    /** Where each lane's progress stands; changed by the dispatch thread between flights. */
    private final SourcePosition[] stands;

    /**
     * Opens all lanes.
     *
     * @param resumption where they stand
     * @param signal called, on any thread, whenever one has done something
     */
    Fleet(Site site, Resumption resumption, Runnable signal) {
        this.target = site.target();
        this.progress = site.progress();
        this.dealing = new Dealing(resumption.size());
        this.stands =
                resumption.workers().stream()
                        .map(WorkerProgress::position)
                        .toArray(SourcePosition[]::new);
        this.lanes = site.lanes().open(stands.length, signal);
        Optional<Worker> own =
                lanes.stream().map(Lane::worker).flatMap(Optional::stream).findFirst();
        try {
            this.spare =
                    own.isPresent()
                            ? Optional.empty()
                            : Optional.of(new Worker(site.target(), stands.length, signal));
        } catch (RuntimeException e) {
            lanes.forEach(Lane::close);
            throw e;
        }
        this.first = own.or(() -> spare).orElseThrow();
    }

    Dealing dealing() {
        return dealing;
    }

    /** The one whose session the source's order goes through. */
    Worker first() {
        return first;
    }

    /** Starts writing {@code round}; what is written alone is committed too. */
    Flight launch(Round round) {
        Batch batch = round.batch();
        boolean all = batch.participants().cardinality() == lanes.size() && standTogether();
        if (all && round.form() == Round.Form.WHOLE && round.fold().size() <= ALONE) {
            return Flight.alone(round, first, worker -> writeAlone(worker, round));
        }
        List<List<TableWrite>> shares = round.fold().deal(dealing, batch.converging());
        return Flight.together(
                round, taking(batch), lane -> lane.write(share(round, lane, shares)));
    }

    private Share share(Round round, Lane lane, List<List<TableWrite>> shares) {
        int number = lane.number();
        return new Share(
                round,
                shares.get(number),
                round.ends()
                        ? Optional.of(Stride.of(number, stands[number], round.batch()))
                        : Optional.empty());
    }

    private void writeAlone(Worker worker, Round round) throws SQLException, RowsDiffer {
        Batch batch = round.batch();
        worker.write(round.fold().whole(batch.converging()));
        advanceAll(worker, batch);
        worker.connection().commit();
    }

    /** Moves the progress of all who take part through one session, and commits. */
    void commitOrdered(Batch batch) throws SQLException {
        if (batch.participants().cardinality() == lanes.size() && standTogether()) {
            advanceAll(first, batch);
        } else {
            for (Lane lane : taking(batch)) {
                Stride.of(lane.number(), stands[lane.number()], batch)
                        .move(progress, first.connection());
            }
        }
        first.connection().commit();
    }

    private void advanceAll(Worker worker, Batch batch) throws SQLException {
        progress.advanceAll(
                worker.connection(),
                lanes.size(),
                stands[0],
                batch.end(),
                batch.transactions(),
                batch.changes());
    }

    private boolean standTogether() {
        return Arrays.stream(stands).allMatch(stands[0]::equals);
    }

    /** Notes that {@code batch} is committed. */
    void landed(Batch batch) {
        batch.participants().stream().forEach(lane -> stands[lane] = batch.end());
    }

    /** Starts committing what all who take part have written. */
    Flight commit(Flight written) {
        return written.commit(taking(written.round().batch()));
    }

    /** Rolls all transactions back; throws what the first failure is. */
    void rollback() throws SQLException {
        List<CompletableFuture<Void>> parts = new ArrayList<>();
        lanes.forEach(lane -> parts.add(lane.rollback()));
        spare.ifPresent(worker -> parts.add(worker.submit(one -> one.connection().rollback())));
        try {
            Flight.await(target, parts);
        } catch (RowsDiffer e) {
            throw new AssertionError(e);
        }
    }

    void forgetPlans() {
        lanes.forEach(Lane::forgetPlans);
        spare.ifPresent(Worker::forgetPlans);
    }

    private List<Lane> taking(Batch batch) {
        return lanes.stream().filter(one -> batch.participants().get(one.number())).toList();
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
        spare.ifPresent(Worker::close);
    }
}
