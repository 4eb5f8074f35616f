package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Table;
import io.landbridge.schema.structure.Aspect;
import io.landbridge.schema.structure.StructureItem;
import io.landbridge.schema.structure.StructureReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@link StructureReader} of MySQL: what its tables would become, under the target's names. What
 * the two sides have no common words for is left out: defaults, checks, triggers, indexes that are
 * over prefixes or expressions, or of a kind of their own.
 */
public final class MysqlStructure implements StructureReader {

    static final Set<Aspect> ASPECTS =
            EnumSet.of(
                    Aspect.COLUMN,
                    Aspect.TYPE,
                    Aspect.NOT_NULL,
                    Aspect.DEFAULT,
                    Aspect.CONSTRAINT,
                    Aspect.UNIQUE_INDEX,
                    Aspect.INDEX);

    /** The only DEFAULT that is told. */
    static final String IDENTITY = "identity";

    static final String VALID = "valid";

    private final MysqlDatabase source;
    private final Database target;
    private final SchemaConfig config;
    private final TablesConfig wanted;

    /**
     * A reader.
     *
     * @param target tells which of two types that depend on values was chosen when it was made
     */
    public MysqlStructure(
            MysqlDatabase source, Database target, SchemaConfig config, TablesConfig wanted) {
        this.source = source;
        this.target = target;
        this.config = config;
        this.wanted = wanted;
    }

    @Override
    public Set<Aspect> aspects() {
        return ASPECTS;
    }

    /**
     * Items of {@code tables}, which go by MySQL's names; the items by the target's.
     *
     * @throws io.landbridge.fault.Fault those of the database
     */
    @Override
    public List<StructureItem> read(Collection<Table> tables) {
        Set<TableId> ids = tables.stream().map(Table::id).collect(Collectors.toSet());
        List<MysqlTable> sources = MysqlCatalogue.read(source, wanted);
        List<MappedTable> wide = mapped(sources, ValueFacts.UNKNOWN);
        Map<TableId, MappedTable> narrow =
                mapped(sources, new ValueFacts(true, true)).stream()
                        .collect(Collectors.toMap(MappedTable::sourceId, Function.identity()));
        Map<TableId, MappedTable> all =
                wide.stream().collect(Collectors.toMap(MappedTable::sourceId, Function.identity()));
        Map<TableId, Map<String, String>> types = typesThere(wide);
        List<StructureItem> items = new ArrayList<>();
        for (MappedTable table : wide) {
            if (ids.contains(table.sourceId())) {
                columns(
                        table,
                        narrow.get(table.sourceId()),
                        types.getOrDefault(table.targetId(), Map.of()),
                        items);
                table.source()
                        .indexes()
                        .forEach(index -> index(table, index).ifPresent(items::add));
                table.source()
                        .foreignKeys()
                        .forEach(key -> foreignKey(table, key, all).ifPresent(items::add));
            }
        }
        return items;
    }

    private List<MappedTable> mapped(List<MysqlTable> tables, ValueFacts facts) {
        return new MysqlMapper(
                        config.mapping(),
                        table ->
                                table.columns().stream()
                                        .collect(
                                                Collectors.toMap(
                                                        MysqlColumn::name, column -> facts)))
                .map(tables, Map.of());
    }

    private Map<TableId, Map<String, String>> typesThere(List<MappedTable> tables) {
        Map<TableId, Map<String, String>> types = new HashMap<>();
        List<TableId> targets = tables.stream().map(MappedTable::targetId).toList();
        PostgresCatalogue.read(target, targets)
                .forEach(
                        table ->
                                table.columns()
                                        .forEach(
                                                column ->
                                                        types.computeIfAbsent(
                                                                        table.id(),
                                                                        id -> new HashMap<>())
                                                                .put(
                                                                        column.name(),
                                                                        column.type())));
        return types;
    }

    private static void columns(
            MappedTable table,
            MappedTable narrow,
            Map<String, String> there,
            List<StructureItem> items) {
        TableId id = table.targetId();
        for (int i = 0; i < table.columns().size(); i++) {
            MappedColumn column = table.columns().get(i);
            String found = there.getOrDefault(column.name(), "");
            String type =
                    Stream.of(narrow.columns().get(i).type(), column.type())
                                    .anyMatch(wanted -> bare(wanted).equals(bare(found)))
                            ? found
                            : column.type();
            items.add(new StructureItem(id, Aspect.COLUMN, column.name(), ""));
            items.add(new StructureItem(id, Aspect.TYPE, column.name(), type));
            if (!column.nullable()) {
                items.add(new StructureItem(id, Aspect.NOT_NULL, column.name(), "NOT NULL"));
            }
            if (column.identity()) {
                items.add(new StructureItem(id, Aspect.DEFAULT, column.name(), IDENTITY));
            }
        }
    }

    /** One spelling: a type of ours has quotes, of which the catalogue shows what it must. */
    private static String bare(String type) {
        return PostgresType.parse(type).text().replace("\"", "");
    }

    private static Optional<StructureItem> index(MappedTable table, MysqlIndex index) {
        boolean common =
                index.isOverWholeColumns()
                        && index.columns().stream()
                                .noneMatch(name -> table.ofSource(name).type().equals("json"));
        if (!common) {
            return Optional.empty();
        }
        List<String> columns =
                index.columns().stream().map(name -> table.ofSource(name).name()).toList();
        return Optional.of(
                index.isPrimary()
                        ? new StructureItem(
                                table.targetId(),
                                Aspect.CONSTRAINT,
                                StructureWords.primaryKey(columns),
                                VALID)
                        : new StructureItem(
                                table.targetId(),
                                index.unique() ? Aspect.UNIQUE_INDEX : Aspect.INDEX,
                                StructureWords.columns(columns),
                                VALID));
    }

    /** One that the target can't have is told of by the assessment. */
    private static Optional<StructureItem> foreignKey(
            MappedTable table, MysqlForeignKey key, Map<TableId, MappedTable> all) {
        return Optional.ofNullable(all.get(key.referenced()))
                .filter(up -> MysqlDdl.isUnique(up.source(), key.referencedColumns()))
                .map(
                        up ->
                                new StructureItem(
                                        table.targetId(),
                                        Aspect.CONSTRAINT,
                                        StructureWords.foreignKey(
                                                names(table, key.columns()),
                                                up.targetId(),
                                                names(up, key.referencedColumns()),
                                                key.onUpdate(),
                                                key.onDelete()),
                                        VALID));
    }

    private static List<String> names(MappedTable table, List<String> columns) {
        return columns.stream().map(name -> table.ofSource(name).name()).toList();
    }
}
