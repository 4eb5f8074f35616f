package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.schema.Sql;
import java.sql.Connection;
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
public record PostgresTable(
        TableId id,
        boolean partitioned,
        Map<String, PostgresColumn> columns,
        List<Set<String>> constraints)
        implements TargetTable {

    @Override
    public boolean has(String column) {
        return columns.containsKey(column);
    }

    @Override
    public PostgresTable passingOver(Collection<String> absent) {
        if (absent.isEmpty()) {
            return this;
        }
        Map<String, PostgresColumn> all = new LinkedHashMap<>(columns);
        for (String name : absent) {
            all.putIfAbsent(name, new PostgresColumn(name, "text", "=", true, false, true));
        }
        return new PostgresTable(id, partitioned, all, constraints);
    }

    @Override
    public boolean rowsCollide(Collection<String> key) {
        Set<String> names = new HashSet<>(key);
        return key.stream().map(columns::get).anyMatch(column -> column == null || !column.exact())
                || constraints.stream().anyMatch(constraint -> !constraint.containsAll(names));
    }

    @Override
    public PostgresRowWriter writer(Connection connection, TableLayout layout) {
        return new PostgresRowWriter(connection, this, layout);
    }

    /** Its name in a statement that is to touch no rows of tables that inherit from it. */
    String only() {
        return (partitioned ? "" : "ONLY ") + Sql.quote(id);
    }

    /** Whether an update of it can't set every column beside {@code key}. */
    public boolean refusesUpdates(Collection<String> key) {
        return columns.values().stream()
                .anyMatch(column -> column.alwaysIdentity() && !key.contains(column.name()));
    }
}
