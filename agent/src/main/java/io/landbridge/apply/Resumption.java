package io.landbridge.apply;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.offsets.WorkerProgress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Where the workers stand, by the target's word, when the applier connects. After a crash between
 * two commits some are ahead of others: until all stand together, batches end where one stands, and
 * go to those only that lack them.
 *
 * @param workers at least one, in the order of their numbers
 */
record Resumption(List<WorkerProgress> workers) {

    /** Reads it; deals anew among {@code wanted} workers if all stand together. */
    static Resumption read(Site site) {
        return site.target()
                .inTransaction("reading the progress", connection -> read(site, connection));
    }

    private static Resumption read(Site site, Connection connection) throws SQLException {
        Resumption found = new Resumption(site.progress().readSettled(connection));
        if (found.workers.isEmpty()) {
            throw Fault.of(
                            FaultCode.STATE_UNREADABLE,
                            "the target has no progress of stream " + site.progress().stream())
                    .hint("start the migration again with 'landbridge abort' and 'landbridge run'");
        }
        if (found.size() == site.config().workers() || !found.isTogether()) {
            return found;
        }
        site.progress()
                .reset(
                        connection,
                        site.config().workers(),
                        found.least(),
                        found.workers.stream().mapToLong(WorkerProgress::transactions).sum(),
                        found.workers.stream().mapToLong(WorkerProgress::changes).sum());
        return new Resumption(site.progress().read(connection));
    }

    int size() {
        return workers.size();
    }

    /** Up to here everything is applied. */
    SourcePosition least() {
        return workers.stream()
                .map(WorkerProgress::position)
                .min(SourcePosition::compareTo)
                .orElseThrow();
    }

    boolean isTogether() {
        return isTogetherAt(least());
    }

    /** Whether all workers stand together once everything up to {@code applied} is applied. */
    boolean isTogetherAt(SourcePosition applied) {
        return workers.stream().allMatch(worker -> applied.covers(worker.position()));
    }

    /** The workers that lack a batch that begins after {@code position}. */
    BitSet lacking(SourcePosition position) {
        BitSet lacking = new BitSet();
        for (WorkerProgress worker : workers) {
            lacking.set(worker.worker(), position.covers(worker.position()));
        }
        return lacking;
    }

    /** Where a batch that begins after {@code position} has to end at the latest, if anywhere. */
    Optional<SourcePosition> next(SourcePosition position) {
        return workers.stream()
                .map(WorkerProgress::position)
                .filter(one -> one.isAfter(position))
                .min(SourcePosition::compareTo);
    }
}
