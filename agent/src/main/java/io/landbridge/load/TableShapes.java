package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Column;
import io.landbridge.source.CopyReader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether the source's tables still have the columns that the load was planned with. Binary COPY
 * data carries no types: a column that changed its own would arrive as something else.
 */
final class TableShapes {

    private static final String HINT =
            "DDL on a table is not followed while it is migrated: undo it at the source and start"
                    + " again, or start over with 'landbridge rollback'";

    private TableShapes() {}

    /**
     * Looks at the relations that {@code chunks} are read from, all in one question.
     *
     * @throws Fault SOURCE_DDL naming the table and what is different
     */
    static void check(CopyReader reader, List<Chunk> chunks, Map<TableId, TableCopy> copies) {
        Map<TableId, Map<String, String>> now =
                reader.columns(chunks.stream().map(Chunk::relation).distinct().toList());
        for (Chunk chunk : chunks) {
            Map<String, String> then =
                    copies.get(chunk.table()).source().columns().stream()
                            .collect(Collectors.toMap(Column::name, Column::type));
            Map<String, String> current = now.getOrDefault(chunk.relation(), Map.of());
            if (!then.equals(current)) {
                throw Fault.of(
                                FaultCode.SOURCE_DDL,
                                "the source's table "
                                        + chunk.relation()
                                        + " was changed during the load: "
                                        + difference(then, current))
                        .in(chunk.table())
                        .hint(HINT);
            }
        }
    }

    private static String difference(Map<String, String> then, Map<String, String> now) {
        if (now.isEmpty()) {
            return "it is gone";
        }
        Map<String, String> changed = new TreeMap<>();
        then.forEach(
                (name, type) -> {
                    if (!now.containsKey(name)) {
                        changed.put(name, "is gone");
                    } else if (!now.get(name).equals(type)) {
                        changed.put(name, "was " + type + " and is " + now.get(name));
                    }
                });
        now.keySet().stream()
                .filter(name -> !then.containsKey(name))
                .forEach(name -> changed.put(name, "is new"));
        return changed.entrySet().stream()
                .map(entry -> "column " + entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
