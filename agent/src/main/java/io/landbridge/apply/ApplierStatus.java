package io.landbridge.apply;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.TableState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The applier at one moment; counters since its start.
 *
 * @param applied everything up to here is in the target; empty before the first connection
 * @param committedAt the source's clock at the last applied transaction's commit
 * @param appliedAt our clock when it was applied
 * @param batches target transactions, one for all workers together
 * @param transactions source transactions in them
 * @param changes source changes in them
 * @param written rows written for them, after folding
 * @param fallbacks batches that went in the source's order
 * @param lastBatchChanges source changes in the last batch
 * @param lastBatchMillis from its first statement to its commit
 * @param retries attempts to go on after a fault
 * @param retryingSince since when nothing was applied because of {@code fault}
 * @param fault what keeps it from going on, now
 * @param waitingFor who holds the lock that the batch in flight waits for
 * @param stopped tables that are not written to any more, and why
 */
public record ApplierStatus(
        State state,
        Mode mode,
        Optional<SourcePosition> applied,
        Optional<Instant> committedAt,
        Optional<Instant> appliedAt,
        long batches,
        long transactions,
        long changes,
        long written,
        long fallbacks,
        long lastBatchChanges,
        long lastBatchMillis,
        long retries,
        Optional<Instant> retryingSince,
        Optional<Fault> fault,
        Optional<String> waitingFor,
        Map<TableId, TableState.Stop> stopped) {

    /** What it does. */
    public enum State {
        NEW,
        RUNNING,
        /** It stands still because it was asked to. */
        HELD,
        /** A fault may pass; it tries again by itself. */
        RETRYING,
        /** A fault ended it. */
        FAILED,
        CLOSED
    }

    /** How changes are written. */
    public enum Mode {
        /** The target may be ahead of a change: rows are inserted or updated as it takes. */
        CONVERGING,
        /** The target is exactly at the change before: anything else is a divergence. */
        STRICT
    }

    public ApplierStatus {
        stopped = Map.copyOf(stopped);
    }
}
