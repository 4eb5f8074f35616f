package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Prepared;
import io.landbridge.schema.SchemaOrigin;
import io.landbridge.schema.SchemaProgress;
import io.landbridge.schema.SchemaScript;
import io.landbridge.schema.SchemaTransfer;
import io.landbridge.schema.Table;
import io.landbridge.schema.TargetSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes the target's schema out of MySQL's: {@link TargetSchema} with the mapping before it. Its
 * tables go by MySQL's names with columns as the target has them; {@link #mapped} joins both sides.
 *
 * <p>Owned by one thread; only {@link #cancel} comes from others.
 */
public final class MysqlSchema implements SchemaTransfer {

    private final MysqlDatabase source;
    private final Database target;
    private final SchemaConfig config;
    private final TablesConfig wanted;
    private final TargetSchema schema;
    private List<MappedTable> mapped;

    /**
     * @param migration its name: several may share a target
     * @param wanted which tables move, by MySQL's names
     * @param workers statements that may run at a time where that helps, 1 or more
     */
    public MysqlSchema(
            String migration,
            MysqlDatabase source,
            Database target,
            SchemaConfig config,
            TablesConfig wanted,
            int workers) {
        this.source = source;
        this.target = target;
        this.config = config;
        this.wanted = wanted;
        this.mapped = map(source, target, config, wanted);
        this.schema = new TargetSchema(migration, new Origin(), target, config, workers);
        keepPlanned();
    }

    /**
     * The chosen tables as the target has them, or would have them: what stands there already
     * decides its columns' types.
     *
     * @throws io.landbridge.fault.Fault CONFIG_INVALID when a type there can't hold a column's
     *     values
     */
    public static List<MappedTable> map(
            MysqlDatabase source, Database target, SchemaConfig config, TablesConfig wanted) {
        List<MysqlTable> tables = MysqlCatalogue.read(source, wanted);
        MysqlMapper mapper = new MysqlMapper(config.mapping(), new ValueScan(source)::facts);
        Map<TableId, Table> there =
                PostgresCatalogue.read(target, mapper.targets(tables)).stream()
                        .collect(Collectors.toMap(Table::id, Function.identity()));
        return mapper.map(tables, there);
    }

    /** All DDL, as if the target were empty; nothing is made. */
    public static SchemaScript script(
            MysqlDatabase source, SchemaConfig config, TablesConfig wanted) {
        MysqlMapper mapper = new MysqlMapper(config.mapping(), new ValueScan(source)::facts);
        return MysqlDdl.script(
                mapper.map(MysqlCatalogue.read(source, wanted), Map.of()), config.mapping());
    }

    /** What {@link TargetSchema} asks. */
    private final class Origin implements SchemaOrigin {

        @Override
        public List<Table> tables() {
            return mapped.stream().map(MappedTable::asTarget).toList();
        }

        @Override
        public List<Table> afterCreation(List<Table> before) {
            mapped = map(source, target, config, wanted);
            return tables();
        }

        @Override
        public SchemaScript script() {
            return MysqlDdl.script(mapped, config.mapping());
        }
    }

    /** The tables of the plan, on both sides. */
    public List<MappedTable> mapped() {
        return mapped;
    }

    /** The tables of the plan under MySQL's names, with columns as the target has them. */
    @Override
    public List<Table> tables() {
        return mapped.stream().map(MappedTable::asSource).toList();
    }

    /** As {@link TargetSchema#cancel}. */
    @Override
    public void cancel() {
        schema.cancel();
    }

    /** As {@link TargetSchema#prepare}; the mapping is then that of the tables made or found. */
    @Override
    public Prepared prepare() {
        Prepared prepared = schema.prepare();
        Map<TableId, TableId> sources = new LinkedHashMap<>();
        mapped.forEach(table -> sources.put(table.targetId(), table.sourceId()));
        keepPlanned();
        return new Prepared(
                prepared.way(),
                prepared.created().stream().map(sources::get).toList(),
                prepared.present().stream().map(sources::get).toList(),
                prepared.notes());
    }

    private void keepPlanned() {
        List<TableId> planned = schema.tables().stream().map(Table::id).toList();
        List<MappedTable> kept = new ArrayList<>(mapped);
        kept.removeIf(table -> !planned.contains(table.targetId()));
        mapped = List.copyOf(kept);
    }

    /** As {@link TargetSchema#dropForLoad}. */
    @Override
    public void dropForLoad() {
        schema.dropForLoad();
    }

    /** As {@link TargetSchema#buildKeys}. */
    @Override
    public void buildKeys(Consumer<SchemaProgress> listener) {
        schema.buildKeys(listener);
    }

    /** As {@link TargetSchema#buildRest}. */
    @Override
    public void buildRest(Consumer<SchemaProgress> listener) {
        schema.buildRest(listener);
    }

    /** As {@link TargetSchema#buildLast}. */
    @Override
    public void buildLast() {
        schema.buildLast();
    }

    /** The target's tables by MySQL's names, with the key that the applier shall use. */
    @Override
    public Map<TableId, Table> targetTables() {
        Map<TableId, Table> there = schema.targetTables();
        Map<TableId, Table> tables = new LinkedHashMap<>();
        for (MappedTable table : mapped) {
            if (there.containsKey(table.targetId())) {
                tables.put(table.sourceId(), there.get(table.targetId()));
            }
        }
        return tables;
    }

    /** As {@link TargetSchema#removeCreated}. */
    @Override
    public List<String> removeCreated() {
        return schema.removeCreated();
    }
}
