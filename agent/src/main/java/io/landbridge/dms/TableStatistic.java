package io.landbridge.dms;

import io.landbridge.change.TableId;
import java.util.Set;

/**
 * What DMS says of one table.
 *
 * @param state in DMS's words: {@code Before load}, {@code Full load}, {@code Table completed}, ...
 * @param rows copied by the full load
 * @param errorRows that the full load could not write
 * @param changes applied since
 */
public record TableStatistic(TableId table, String state, long rows, long errorRows, long changes) {

    private static final Set<String> BROKEN =
            Set.of("Table error", "Table cancelled", "Table canceled", "Table does not exist");

    public boolean isLoaded() {
        return state.equals("Table completed");
    }

    /** Whether DMS has given it up, or left rows out. */
    public boolean isBroken() {
        return BROKEN.contains(state) || errorRows > 0;
    }

    /** For people. */
    public String describe() {
        return table
                + " ("
                + state
                + (errorRows > 0 ? ", " + errorRows + " rows in error" : "")
                + ")";
    }
}
