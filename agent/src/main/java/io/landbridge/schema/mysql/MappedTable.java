package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.schema.Table;
import java.util.List;

/**
 * A table of MySQL and what it becomes.
 *
 * @param source what MySQL has
 * @param targetId its schema and name at the target
 * @param columns one for each of the source's, in the source's order
 */
public record MappedTable(MysqlTable source, TableId targetId, List<MappedColumn> columns) {

    public MappedTable {
        columns = List.copyOf(columns);
    }

    /** Database and name in MySQL. */
    public TableId sourceId() {
        return source.id();
    }

    /** The same table as it was before it got the columns behind the first {@code count}. */
    public MappedTable first(int count) {
        return new MappedTable(source, targetId, columns.subList(0, count));
    }

    /** Columns that are written at the target. */
    public List<MappedColumn> writtenColumns() {
        return columns.stream().filter(column -> !column.generated()).toList();
    }

    /** The column that has this name at the target. */
    public MappedColumn column(String targetName) {
        return columns.stream()
                .filter(column -> column.name().equals(targetName))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(targetId + " has no " + targetName));
    }

    /** The column that MySQL calls so. */
    public MappedColumn ofSource(String sourceName) {
        return columns.get(source.column(sourceName).position());
    }

    /** Names of the key's columns at the target, in the key's order; empty for none. */
    public List<String> key() {
        return source.key().stream().map(name -> ofSource(name).name()).toList();
    }

    /**
     * The table under its source's name with columns as the target has them: what every room that
     * moves values works with. The binary log carries whole rows, so that its replica identity is
     * FULL.
     */
    public Table asSource() {
        return table(source.id());
    }

    /** As {@link #asSource}, under the target's name. */
    public Table asTarget() {
        return table(targetId);
    }

    private Table table(TableId id) {
        boolean otherUnique =
                source.indexes().stream()
                        .filter(MysqlIndex::unique)
                        .anyMatch(index -> !index.columns().equals(source.key()));
        return new Table(
                id,
                columns.stream().map(MappedColumn::asColumn).toList(),
                key(),
                Table.ReplicaIdentity.FULL,
                otherUnique,
                false,
                source.estimatedRows(),
                source.bytes());
    }
}
