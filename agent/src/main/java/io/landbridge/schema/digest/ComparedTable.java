package io.landbridge.schema.digest;

import io.landbridge.change.TableId;
import io.landbridge.schema.Column;
import io.landbridge.schema.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A table as one side sees it in a comparison. Both sides' instances name the same columns in the
 * same order.
 *
 * @param id its name on this side
 * @param partitioned whether rows live in partitions below it
 * @param columns what is compared, in the source's order
 * @param key what identifies a row, in the key's order; empty: rows are compared as a multiset
 * @param keyTypes the key columns' types on this side
 * @param rangeType the type to cut the first key column into ranges by: one whose order depends
 *     neither on a collation nor on a version; empty when there is none
 * @param bytes on this side's disk when its definition was read
 */
public record ComparedTable(
        TableId id,
        boolean partitioned,
        List<String> columns,
        List<String> key,
        List<String> keyTypes,
        Optional<String> rangeType,
        long bytes) {

    public ComparedTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        keyTypes = List.copyOf(keyTypes);
    }

    /** Both sides of one comparison. */
    public record Pair(ComparedTable source, ComparedTable target) {}

    /** What both tables have in common; the key counts only when the target has all of it. */
    public static Pair of(Table source, Table target) {
        Map<String, Column> there = byName(target);
        List<String> columns =
                source.columns().stream().map(Column::name).filter(there::containsKey).toList();
        List<String> key = there.keySet().containsAll(source.key()) ? source.key() : List.of();
        Map<String, Column> here = byName(source);
        Optional<String> range =
                key.isEmpty()
                        ? Optional.empty()
                        : commonOrder(here.get(key.get(0)).type(), there.get(key.get(0)).type());
        return new Pair(
                new ComparedTable(
                        source.id(),
                        source.partitioned(),
                        columns,
                        key,
                        types(key, here),
                        range,
                        source.bytes()),
                new ComparedTable(
                        target.id(),
                        target.partitioned(),
                        columns,
                        key,
                        types(key, there),
                        range,
                        target.bytes()));
    }

    public boolean hasKey() {
        return !key.isEmpty();
    }

    private static Map<String, Column> byName(Table table) {
        return table.columns().stream()
                .collect(Collectors.toMap(Column::name, Function.identity()));
    }

    private static List<String> types(List<String> key, Map<String, Column> columns) {
        return key.stream().map(name -> columns.get(name).type()).toList();
    }

    private static Optional<String> commonOrder(String source, String target) {
        Optional<String> order = order(source);
        return order.equals(order(target)) ? order : Optional.empty();
    }

    /** The widest type of the family that {@code type} belongs to. */
    private static Optional<String> order(String type) {
        String name = type.replaceAll("\\(.*?\\)", "");
        return switch (name) {
            case "smallint", "integer", "bigint" -> Optional.of("bigint");
            case "numeric",
                    "uuid",
                    "date",
                    "timestamp without time zone",
                    "timestamp with time zone" ->
                    Optional.of(name);
            default -> Optional.empty();
        };
    }
}
