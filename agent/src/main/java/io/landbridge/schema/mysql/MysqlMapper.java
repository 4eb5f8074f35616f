package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.config.MappingConfig;
import io.landbridge.config.MappingConfig.ZeroDates;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Column;
import io.landbridge.schema.Sql;
import io.landbridge.schema.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Maps tables: where one stands at the target already, its columns' own types count, be they ours
 * or a user's; else what the configuration says, else {@link TypeMapping}. A column of a foreign
 * key takes the type of the column that it refers to.
 */
final class MysqlMapper {

    private final MappingConfig config;
    private final TypeMapping types;
    private final TargetNames names;
    private final Function<MysqlTable, Map<String, ValueFacts>> scan;
    private final Map<TableId, MysqlTable> sources = new HashMap<>();
    private final Map<TableId, Map<String, ValueFacts>> facts = new HashMap<>();

    /**
     * @param scan looks at a table's values; asked only for tables whose types depend on them
     */
    MysqlMapper(MappingConfig config, Function<MysqlTable, Map<String, ValueFacts>> scan) {
        this.config = config;
        this.types = new TypeMapping(config);
        this.names = new TargetNames(config);
        this.scan = scan;
    }

    /** Where each of {@code tables} goes, in their order. */
    List<TableId> targets(List<MysqlTable> tables) {
        return tables.stream().map(table -> names.table(table.id())).toList();
    }

    /**
     * Maps {@code tables}.
     *
     * @param existing tables of the target, by their names there
     * @throws Fault CONFIG_INVALID when two names become one, or a type can't hold a column's
     *     values
     */
    List<MappedTable> map(List<MysqlTable> tables, Map<TableId, Table> existing) {
        sources.clear();
        tables.forEach(table -> sources.put(table.id(), table));
        List<MappedTable> mapped = new ArrayList<>();
        Map<TableId, TableId> taken = new HashMap<>();
        for (MysqlTable table : tables) {
            TableId target = names.table(table.id());
            TableId other = taken.put(target, table.id());
            if (other != null) {
                throw Fault.of(
                                FaultCode.CONFIG_INVALID,
                                other + " and " + table.id() + " would both become " + target)
                        .in(table.id())
                        .hint("give one of them another name under schema.mapping.tables");
            }
            mapped.add(map(table, target, Optional.ofNullable(existing.get(target))));
        }
        return mapped;
    }

    private MappedTable map(MysqlTable table, TableId target, Optional<Table> existing) {
        Map<String, Column> there =
                existing.map(Table::columns).orElse(List.of()).stream()
                        .collect(Collectors.toMap(Column::name, Function.identity()));
        List<MappedColumn> columns = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (MysqlColumn column : table.columns()) {
            String name = names.name(column.name());
            if (!taken.add(name)) {
                throw Fault.of(
                                FaultCode.CONFIG_INVALID,
                                "two columns would both become " + Sql.quote(name))
                        .in(table.id())
                        .hint("rename one at the source, or leave schema.mapping.lower-case off");
            }
            columns.add(
                    existing.isPresent() && there.containsKey(name)
                            ? present(table, column, there.get(name))
                            : proposed(table, column, name));
        }
        return new MappedTable(table, target, columns);
    }

    private MappedColumn present(MysqlTable table, MysqlColumn column, Column there) {
        return new MappedColumn(
                column,
                there.name(),
                there.type(),
                FormChoice.of(table, column, there.type()),
                !there.notNull(),
                there.generated(),
                there.identity() != Column.Identity.NONE,
                zeroIsNull(column) && !there.notNull());
    }

    private MappedColumn proposed(MysqlTable table, MysqlColumn column, String name) {
        String type = type(table, column, new HashSet<>());
        boolean zeroIsNull = zeroIsNull(column) && !isInKey(table, column);
        return new MappedColumn(
                column,
                name,
                type,
                FormChoice.of(table, column, type),
                column.nullable() || zeroIsNull,
                false,
                column.autoIncrement() && Set.of("smallint", "integer", "bigint").contains(type),
                zeroIsNull);
    }

    private boolean zeroIsNull(MysqlColumn column) {
        return config.zeroDates() == ZeroDates.AS_NULL && column.isDate();
    }

    private static boolean isInKey(MysqlTable table, MysqlColumn column) {
        return table.key().contains(column.name());
    }

    /** Follows foreign keys up to the column that decides; {@code seen} ends a ring of them. */
    private String type(MysqlTable table, MysqlColumn column, Set<String> seen) {
        Optional<String> configured = types.configured(table, column);
        if (configured.isPresent()) {
            return configured.get();
        }
        if (seen.add(table.id() + "." + column.name())) {
            for (MysqlForeignKey key : table.foreignKeys()) {
                int at = key.columns().indexOf(column.name());
                MysqlTable referenced = sources.get(key.referenced());
                if (at >= 0 && referenced != null) {
                    MysqlColumn up = referenced.column(key.referencedColumns().get(at));
                    boolean sameKind = up.columnType().equals(column.columnType());
                    boolean itself = referenced.equals(table) && up.equals(column);
                    if (sameKind && !itself) {
                        return type(referenced, up, seen);
                    }
                }
            }
        }
        String proposed =
                types.proposed(
                        table,
                        column,
                        facts.computeIfAbsent(table.id(), none -> scan.apply(table))
                                .getOrDefault(column.name(), ValueFacts.UNKNOWN));
        return proposed.equals(TypeMapping.ENUM) ? enumType(table, column) : proposed;
    }

    /** The type of an ENUM column: {@code "schema"."table_column_enum"}. */
    private String enumType(MysqlTable table, MysqlColumn column) {
        TableId target = names.table(table.id());
        return Sql.quote(
                new TableId(
                        target.schema(),
                        TargetNames.fitted(
                                target.name() + '_' + names.name(column.name()) + "_enum")));
    }
}
