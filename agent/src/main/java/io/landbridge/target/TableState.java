package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.fault.FaultCode;
import java.util.Optional;

/**
 * Where one table stands at the target.
 *
 * @param table its name at the source
 * @param load whether its rows are all there
 * @param snapshot for a table without a key: the source snapshot that its rows were copied under,
 *     in the text form of {@code pg_current_snapshot()} ({@code xmin:xmax:xip,...}). What a change
 *     of the log did to the table is in the copy if, and only if, its transaction is visible there
 * @param rows how many rows the load copied
 * @param bytes how many bytes of COPY data the load copied
 * @param stop why nothing is written to the table any more, if so
 */
public record TableState(
        TableId table,
        Load load,
        Optional<String> snapshot,
        long rows,
        long bytes,
        Optional<Stop> stop) {

    /** How far the load is with a table. */
    public enum Load {
        PENDING,
        LOADED
    }

    /**
     * A stopped table: it blocks cutover until it is repaired.
     *
     * @param code what kind of fault it was
     * @param reason for people; carries no column values
     */
    public record Stop(FaultCode code, String reason) {}

    public boolean isLoaded() {
        return load == Load.LOADED;
    }

    public boolean isStopped() {
        return stop.isPresent();
    }
}
