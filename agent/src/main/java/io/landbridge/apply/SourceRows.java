package io.landbridge.apply;

import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.TableLayout;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;

/**
 * Reads a row from the source as it is now, for the values that the log left UNCHANGED and the
 * target does not have. Faults are the source's.
 */
@FunctionalInterface
public interface SourceRows {

    /** The row under {@code key}, with the columns of {@code layout}. */
    Reading read(TableLayout layout, RowKey key);

    /**
     * What was read.
     *
     * @param row empty when there is no such row any more
     * @param at a position that every transaction which the reading saw ends at or before: changes
     *     up to it must be applied as converging ones
     */
    record Reading(Optional<RowImage> row, SourcePosition at) {}
}
