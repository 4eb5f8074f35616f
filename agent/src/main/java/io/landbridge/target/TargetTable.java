package io.landbridge.target;

import io.landbridge.change.TableId;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table as it is written to; read from the target's catalogue by {@link TargetCatalogue}.
 *
 * @param id its name at the target
 * @param partitioned whether rows live in partitions below it
 * @param columns by name, in their order
 * @param constraints columns of each unique or exclusion constraint of it and its partitions; an
 *     empty set where expressions or operators other than equality are involved
 */
public record TargetTable(
        TableId id,
        boolean partitioned,
        Map<String, TargetColumn> columns,
        List<Set<String>> constraints) {

    /**
     * The same table, for changes with values of columns that it lacks: these are passed over, as
     * those of generated columns are.
     */
    public TargetTable passingOver(Collection<String> absent) {
        if (absent.isEmpty()) {
            return this;
        }
        Map<String, TargetColumn> all = new LinkedHashMap<>(columns);
        for (String name : absent) {
            all.putIfAbsent(name, new TargetColumn(name, "text", "=", true, false, true));
        }
        return new TargetTable(id, partitioned, all, constraints);
    }

    /**
     * Whether two different keys can stand in each other's way: by a unique or exclusion constraint
     * that the key does not imply, or since two spellings of a key are equal. Such a table's rows
     * are written by one connection.
     */
    public boolean rowsCollide(Collection<String> key) {
        Set<String> names = new HashSet<>(key);
        return key.stream().map(columns::get).anyMatch(column -> column == null || !column.exact())
                || constraints.stream().anyMatch(constraint -> !constraint.containsAll(names));
    }

    /** Whether an update of it can't set every column beside {@code key}. */
    public boolean refusesUpdates(Collection<String> key) {
        return columns.values().stream()
                .anyMatch(column -> column.alwaysIdentity() && !key.contains(column.name()));
    }
}
