package io.landbridge.validate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row that is not the same on both sides.
 *
 * @param key its key columns and their texts; empty in a table without a key
 * @param rows how often, which is more than once only in a table without a key
 * @param rowHash of the row: the source's, or the target's of an extra one
 * @param columns which columns differ; empty unless {@code kind} is DIFFERENT
 * @param values of the differing columns, when they were asked for and are not masked
 */
public record RowDifference(
        Kind kind,
        Map<String, String> key,
        long rows,
        String rowHash,
        List<String> columns,
        Map<String, Values> values) {

    /** What is wrong with the target's row. */
    public enum Kind {
        MISSING,
        EXTRA,
        DIFFERENT
    }

    /** A column on both sides; an empty Optional is NULL. */
    public record Values(Optional<String> source, Optional<String> target) {}

    public RowDifference {
        columns = List.copyOf(columns);
        values = Map.copyOf(values);
    }
}
