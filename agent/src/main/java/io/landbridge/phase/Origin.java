package io.landbridge.phase;

import io.landbridge.apply.SourceRows;
import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.capture.Capture;
import io.landbridge.capture.EngineHost;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Sequence;
import io.landbridge.schema.Table;
import io.landbridge.schema.structure.StructureDifference;
import io.landbridge.source.Fence;
import io.landbridge.source.Snapshots;
import io.landbridge.source.SourceLog;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * A database that changes come from, as the phases see it: its log and what follows it, its tables
 * at one moment, its fence. Which kind of database it is, nobody asks.
 */
interface Origin {

    DatabaseConfig config();

    /**
     * The same over connections of its own that take a server which says nothing for so long as
     * lost; closed with this one.
     *
     * @param silence longer than any statement may take; whole seconds
     */
    Origin answeringWithin(Duration silence);

    /** Sees to it that the next connections of a comparison need not be waited for. */
    default void keepReady(int connections) {
        // They are made when they are needed.
    }

    /** Closes what is kept ready. */
    default void closeReady() {
        // Nothing is.
    }

    SourceLog log();

    /**
     * A capture of {@code tables} into {@code buffer}, not started yet.
     *
     * @param host where Debezium runs for it
     * @param applied what the other end's progress covers
     */
    Capture capture(
            EngineHost host,
            List<Table> tables,
            ChangeBuffer buffer,
            Acknowledge policy,
            SourcePosition applied);

    /** Reads single rows, for values that the log does not carry. */
    SourceRows rows();

    /** All of {@code tables} at one moment whose place in the log is known. */
    Snapshots snapshots(List<Table> tables);

    /** What makes {@code tables} read-only for everybody but us. */
    Fence fence();

    /**
     * What {@code tables} are made of, and {@code counterparts}, the same tables at {@code target},
     * are not.
     */
    List<StructureDifference> structure(
            List<Table> tables, Database target, Collection<Table> counterparts);

    /** Where the counters stand that belong to {@code tables}. */
    List<Sequence> sequences(List<Table> tables);
}
