package io.landbridge.apply;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.TableState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what the dispatch thread does, for {@link ApplierStatus}. */
final class Tally {

    private long batches;
    private long transactions;
    private long changes;
    private long written;
    private long fallbacks;
    private long lastBatchChanges;
    private long lastBatchMillis;
    private long retries;
    private final Map<TableId, Long> byTable = new ConcurrentHashMap<>();
    private Instant committedAt;
    private Instant appliedAt;
    private Instant retryingSince;
    private Fault fault;
    private Optional<String> waitingFor = Optional.empty();

    void applied(Batch batch, long rows, long nanos) {
        batches++;
        transactions += batch.transactions();
        changes += batch.changes();
        batch.forEachTable((table, count) -> byTable.merge(table, count, Long::sum));
        written += rows;
        lastBatchChanges = batch.changes();
        lastBatchMillis = nanos / 1_000_000;
        committedAt = batch.committedAt();
        appliedAt = Instant.now();
        waitingFor = Optional.empty();
        recovered();
    }

    /** Changes of each table; for any thread. */
    Map<TableId, Long> changesByTable() {
        return Map.copyOf(byTable);
    }

    void fellBack() {
        fallbacks++;
    }

    /** Says who is in the way; false when nothing has changed. */
    boolean waitsFor(Optional<String> holders) {
        boolean changed = !holders.equals(waitingFor);
        waitingFor = holders;
        return changed;
    }

    void failed(Fault why) {
        fault = why;
        retries++;
        if (retryingSince == null) {
            retryingSince = Instant.now();
        }
    }

    /** Says that nothing is wrong any more; false when nothing was. */
    boolean recovered() {
        boolean wasFailing = fault != null;
        fault = null;
        retryingSince = null;
        return wasFailing;
    }

    ApplierStatus status(
            ApplierStatus.State state,
            boolean converging,
            SourcePosition applied,
            Map<TableId, TableState.Stop> stopped) {
        return new ApplierStatus(
                state,
                converging ? ApplierStatus.Mode.CONVERGING : ApplierStatus.Mode.STRICT,
                Optional.ofNullable(applied),
                Optional.ofNullable(committedAt),
                Optional.ofNullable(appliedAt),
                batches,
                transactions,
                changes,
                written,
                fallbacks,
                lastBatchChanges,
                lastBatchMillis,
                retries,
                Optional.ofNullable(retryingSince),
                Optional.ofNullable(fault),
                waitingFor,
                stopped);
    }
}
