package io.landbridge.capture;

import io.landbridge.change.TableId;
import io.landbridge.schema.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Which tables are captured, and under which name the stream's relations belong to them. */
final class Relations {

    private final Map<TableId, Table> tables;
    private final Supplier<Map<TableId, TableId>> readRoots;
    private Map<TableId, TableId> roots = Map.of();

    /**
     * @param readRoots reads which leaf belongs to which partitioned table; asked when the stream
     *     names a table that is not captured by itself
     */
    Relations(List<Table> tables, Supplier<Map<TableId, TableId>> readRoots) {
        this.tables =
                tables.stream()
                        .collect(
                                Collectors.toMap(
                                        Table::id, Function.identity(), (a, b) -> a, HashMap::new));
        this.readRoots = readRoots;
    }

    /** The captured table that {@code relation} is, or is a part of; empty when it is neither. */
    Optional<Table> tableOf(TableId relation) {
        Table itself = tables.get(relation);
        if (itself != null) {
            return Optional.of(itself);
        }
        if (!roots.containsKey(relation)) {
            roots = readRoots.get();
        }
        return Optional.ofNullable(roots.get(relation)).map(tables::get);
    }

    /** The leaves of {@code root}, as they were when they were last read. */
    Set<TableId> leavesOf(TableId root) {
        return roots.entrySet().stream()
                .filter(entry -> entry.getValue().equals(root))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
