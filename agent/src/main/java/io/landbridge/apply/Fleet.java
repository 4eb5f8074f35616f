package io.landbridge.apply;

import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.offsets.WorkerProgress;
import io.landbridge.target.Destination;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The workers, as the dispatch thread sends them to work. A batch of few rows goes through the
 * first one alone, in one transaction with everybody's progress; a larger one through all of them,
 * which commit only when all have written.
 */
final class Fleet implements AutoCloseable {

    /** Up to here the workers' second commit and the barrier cost more than they bring. */
    private static final int ALONE = 256;

    private final List<Worker> workers = new ArrayList<>();
    private final Destination target;
    private final ProgressStore progress;
    private final Dealing dealing;

    /** Where each worker's progress stands; changed by the dispatch thread between flights. */
    private final SourcePosition[] stands;

    /**
     * Connects all workers.
     *
     * @param resumption where they stand
     * @param signal called, on a worker's thread, whenever one has done something
     */
    Fleet(Destination target, ProgressStore progress, Resumption resumption, Runnable signal) {
        this.target = target;
        this.progress = progress;
        this.dealing = new Dealing(resumption.size());
        this.stands =
                resumption.workers().stream()
                        .map(WorkerProgress::position)
                        .toArray(SourcePosition[]::new);
        try {
            for (int i = 0; i < stands.length; i++) {
                workers.add(new Worker(target, i, signal));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    Dealing dealing() {
        return dealing;
    }

    /** The one whose session the source's order goes through. */
    Worker first() {
        return workers.get(0);
    }

    /** Starts writing {@code round}; what is written alone is committed too. */
    Flight launch(Round round) {
        Batch batch = round.batch();
        boolean all = batch.participants().cardinality() == workers.size() && standTogether();
        if (all && round.form() == Round.Form.WHOLE && round.fold().size() <= ALONE) {
            return Flight.alone(round, first(), worker -> writeAlone(worker, round));
        }
        List<List<TableWrite>> shares = round.fold().deal(dealing, batch.converging());
        return Flight.together(
                round,
                taking(batch),
                worker -> {
                    worker.write(shares.get(worker.number()));
                    if (round.ends()) {
                        advance(worker, worker.number(), batch);
                    }
                });
    }

    private void writeAlone(Worker worker, Round round) throws SQLException, RowsDiffer {
        Batch batch = round.batch();
        worker.write(round.fold().whole(batch.converging()));
        advanceAll(worker, batch);
        worker.connection().commit();
    }

    /** Moves the progress of all who take part through one session, and commits. */
    void commitOrdered(Batch batch) throws SQLException {
        if (batch.participants().cardinality() == workers.size() && standTogether()) {
            advanceAll(first(), batch);
        } else {
            for (Worker worker : taking(batch)) {
                advance(first(), worker.number(), batch);
            }
        }
        first().connection().commit();
    }

    private void advanceAll(Worker worker, Batch batch) throws SQLException {
        progress.advanceAll(
                worker.connection(),
                workers.size(),
                stands[0],
                batch.end(),
                batch.transactions(),
                batch.changes());
    }

    /** The first worker counts for all. */
    private void advance(Worker through, int number, Batch batch) throws SQLException {
        boolean counts = number == 0;
        progress.advance(
                through.connection(),
                number,
                stands[number],
                batch.end(),
                counts ? batch.transactions() : 0,
                counts ? batch.changes() : 0);
    }

    private boolean standTogether() {
        return Arrays.stream(stands).allMatch(stands[0]::equals);
    }

    /** Notes that {@code batch} is committed. */
    void landed(Batch batch) {
        batch.participants().stream().forEach(worker -> stands[worker] = batch.end());
    }

    /** Starts committing what all who take part have written. */
    Flight commit(Flight written) {
        return written.commit(taking(written.round().batch()));
    }

    /** Rolls all workers' transactions back; throws what the first failure is. */
    void rollback() throws SQLException {
        List<CompletableFuture<Void>> parts =
                workers.stream().map(one -> one.submit(w -> w.connection().rollback())).toList();
        try {
            Flight.await(target, parts);
        } catch (RowsDiffer e) {
            throw new AssertionError(e);
        }
    }

    void forgetPlans() {
        workers.forEach(Worker::forgetPlans);
    }

    private List<Worker> taking(Batch batch) {
        return workers.stream().filter(one -> batch.participants().get(one.number())).toList();
    }

    @Override
    public void close() {
        workers.forEach(Worker::close);
        workers.clear();
    }
}
