package io.landbridge.validate;

import io.landbridge.change.TableId;
import java.util.Optional;

/**
 * What a repair did to one table.
 *
 * @param found what was compared first
 * @param mended rows that were written or taken away at the target
 * @param restarted whether the table stood still and takes the stream's changes again
 * @param verified the comparison of what was mended, at a later position; empty when nothing was
 * @param reason why the outcome is NOT_REPAIRED; empty otherwise
 */
public record RepairedTable(
        TableId table,
        Outcome outcome,
        TableResult found,
        long mended,
        boolean restarted,
        Optional<TableResult> verified,
        String reason) {

    /** How a table stands now. */
    public enum Outcome {
        /** Nothing was wrong with it. */
        EQUAL,
        REPAIRED,
        NOT_REPAIRED
    }
}
