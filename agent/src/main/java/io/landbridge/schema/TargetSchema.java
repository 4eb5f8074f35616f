package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Relations;
import io.landbridge.schema.SchemaPlan.Header;
import io.landbridge.schema.TableComparison.Difference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the target's schema like the source's, in the order that a migration needs: bare tables
 * before the load, keys after it, everything else once the load converged. Every method may be
 * called again, after it ended or after the agent was killed inside it: it goes on where it stood.
 *
 * <p>Which tables these are is decided once, when the plan is made: what appears at the source
 * later is not among them.
 *
 * <p>Owned by one thread; only {@link #cancel} comes from others.
 */
public final class TargetSchema implements SchemaTransfer {

    private static final Logger log = LoggerFactory.getLogger(TargetSchema.class);

    private final SchemaOrigin origin;
    private final Database target;
    private final SchemaConfig config;
    private final SchemaPlan plan;
    private final int workers;
    private final AtomicReference<StageRunner> running = new AtomicReference<>();
    private volatile boolean cancelled;
    private List<Table> tables;

    /**
     * @param migration its name: several may share a target
     * @param wanted which tables move; views, functions, types and sequences whose names fit come
     *     along, and whatever any of these need
     * @param workers statements that may run at a time where that helps, 1 or more
     */
    public TargetSchema(
            String migration,
            Database source,
            Database target,
            SchemaConfig config,
            TablesConfig wanted,
            int workers) {
        this(migration, new PostgresSchemaOrigin(source, config, wanted), target, config, workers);
    }

    /** As the other form, for a source of whatever kind. */
    public TargetSchema(
            String migration,
            SchemaOrigin origin,
            Database target,
            SchemaConfig config,
            int workers) {
        this.origin = origin;
        this.target = target;
        this.config = config;
        this.workers = workers;
        this.plan = new SchemaPlan(migration);
        List<Table> selected = origin.tables();
        this.tables = isPlanned(target, plan) ? planned(selected) : selected;
    }

    /** The tables of the plan, as the source has them; those it would have before one is made. */
    @Override
    public List<Table> tables() {
        return tables;
    }

    /**
     * Ends the method that runs now, and any but {@link #removeCreated} that is called later, soon
     * and without a word; what was under way is rolled back. For a stop: another object goes on.
     */
    @Override
    public void cancel() {
        cancelled = true;
        StageRunner now = running.get();
        if (now != null) {
            now.cancel();
        }
    }

    private List<Table> planned(List<Table> selected) {
        Set<TableId> planned = target.with("reading the plan for the schema", plan::tables);
        return selected.stream().filter(table -> planned.contains(table.id())).toList();
    }

    /**
     * Creates what is absent when the configuration says so, and checks what is present.
     *
     * @throws Fault TARGET_SQL when a table is absent and may not be created, or is present and
     *     could not hold the source's rows as they are; SOURCE_DDL when the source's schema needs
     *     something that can't be made
     */
    @Override
    public Prepared prepare() {
        target.inTransaction(
                "creating the schema landbridge",
                connection -> {
                    SchemaPlan.createTables(connection);
                    return null;
                });
        Header header = header().orElseGet(this::makePlan);
        tables = planned(tables);
        log.info("schema: {} ({} statements)", header.way(), steps().size());
        header.notes().forEach(note -> log.warn("schema: left out: {}", note));
        if (run(EnumSet.of(DdlStage.TABLES), progress -> {})) {
            tables = planned(origin.afterCreation(tables));
            check();
        }
        Map<Boolean, List<TableId>> ours =
                ids().stream().collect(Collectors.partitioningBy(created()::contains));
        return new Prepared(header.way(), ours.get(true), ours.get(false), header.notes());
    }

    /**
     * Drops secondary indexes and foreign keys of tables that were there before us, when the
     * configuration allows; {@link #buildRest} makes them again from their own definitions.
     */
    @Override
    public void dropForLoad() {
        if (!config.rebuildIndexes() || cancelled) {
            return;
        }
        if (!header().orElseThrow(TargetSchema::unprepared).drops()) {
            Set<TableId> present = new LinkedHashSet<>(ids());
            present.removeAll(created());
            TargetDrops drops = TargetDrops.read(target, present, keys());
            target.inTransaction(
                    "planning which indexes to rebuild",
                    connection -> {
                        plan.addDrops(connection, drops.steps(nextNumber()));
                        return null;
                    });
        }
        run(EnumSet.of(DdlStage.DROPS), progress -> {});
    }

    /**
     * Makes the keys by which the applier finds rows, on tables of ours.
     *
     * @throws Fault TARGET_SQL when a table that was there before lacks its key
     */
    @Override
    public void buildKeys(Consumer<SchemaProgress> listener) {
        if (!run(EnumSet.of(DdlStage.KEYS, DdlStage.KEY_SHARES), listener)) {
            return;
        }
        TargetKeys keys = TargetKeys.read(target);
        for (Table table : tables) {
            if (table.hasKey() && !keys.has(table.id(), table.key())) {
                throw Fault.of(
                                FaultCode.TARGET_SQL,
                                "the target's table has no unique index over the key columns "
                                        + Sql.quoteAll(table.key()))
                        .in(table.id())
                        .hint(
                                "create it: ALTER TABLE "
                                        + Sql.quote(table.id())
                                        + " ADD UNIQUE ("
                                        + Sql.quoteAll(table.key())
                                        + ")");
            }
        }
    }

    /**
     * Makes everything else: indexes, foreign keys (first NOT VALID, then validated), views,
     * triggers, rules, policies, comments; then fills materialized views and statistics.
     *
     * @param listener called on any thread, never concurrently with itself for one statement
     * @throws Fault DIVERGENCE when rows violate a constraint that they satisfy at the source
     */
    @Override
    public void buildRest(Consumer<SchemaProgress> listener) {
        run(DdlStage.REST, listener);
    }

    /**
     * Makes what would also act on the applier's own writes (triggers that fire ALWAYS or on
     * REPLICA, FORCE ROW LEVEL SECURITY): at cutover, after the last change is applied.
     */
    @Override
    public void buildLast() {
        run(EnumSet.of(DdlStage.LAST), progress -> {});
    }

    /**
     * The target's tables under their names, with the key that the applier shall use: the source's.
     */
    @Override
    public Map<TableId, Table> targetTables() {
        Map<TableId, Table> sources = byId(tables);
        Map<TableId, Table> targets = new LinkedHashMap<>();
        for (Table there : PostgresCatalogue.read(target, ids())) {
            Table from = sources.get(there.id());
            targets.put(
                    there.id(),
                    new Table(
                            there.id(),
                            there.columns(),
                            from.key(),
                            there.replicaIdentity(),
                            from.unique() || there.unique(),
                            there.partitioned(),
                            there.estimatedRows(),
                            there.bytes()));
        }
        return targets;
    }

    /**
     * Takes away what is ours and makes again what was dropped; forgets the plan.
     *
     * @return what had to stay, because something of somebody else's needs it
     */
    @Override
    public List<String> removeCreated() {
        if (!isPlanned(target, plan)) {
            return List.of();
        }
        cancelled = false;
        run(EnumSet.of(DdlStage.DROPS), progress -> {});
        List<String> left = new SchemaRemoval(target, plan, workers).run(steps());
        left.forEach(object -> log.warn("schema: {} stays: something else needs it", object));
        return left;
    }

    private Header makePlan() {
        SourceDdl.Result result = origin.script().result();
        boolean create = config.mode() == SchemaConfig.Mode.CREATE;
        List<String> problems = new ArrayList<>(result.missing());
        result.unsupported().forEach(one -> problems.add("only pg_dump can spell " + one));
        if (create && !problems.isEmpty()) {
            throw Fault.of(FaultCode.SOURCE_DDL, String.join("; ", problems))
                    .hint("run 'landbridge assess': it says what to do about each");
        }
        List<SchemaStep> steps =
                create
                        ? result.steps()
                        : result.steps().stream()
                                .filter(step -> step.kind() == DdlKind.ANALYZE)
                                .toList();
        Header header =
                new Header(
                        create ? result.way() : "tables exist already",
                        create ? result.notes() : List.of(),
                        false);
        target.inTransaction(
                "keeping the plan for the schema",
                connection -> {
                    plan.make(connection, header, steps);
                    return null;
                });
        return header;
    }

    private void check() {
        Map<TableId, Table> there = byId(PostgresCatalogue.read(target, ids()));
        List<String> problems = new ArrayList<>();
        for (Table table : tables) {
            Table other = there.get(table.id());
            if (other == null) {
                problems.add("table " + table.id() + " is absent");
                continue;
            }
            for (Difference difference : TableComparison.of(table, other)) {
                if (difference.blocking()) {
                    problems.add("table " + table.id() + ": " + difference.what());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw Fault.of(
                            FaultCode.TARGET_SQL,
                            "the target's tables cannot take the source's rows: "
                                    + String.join("; ", problems))
                    .hint("alter them as the source's are, or set schema.mode: create");
        }
    }

    /** Returns false when it was cancelled before its end. */
    private boolean run(Set<DdlStage> stages, Consumer<SchemaProgress> listener) {
        StageRunner runner = new StageRunner(target, plan, workers);
        running.set(runner);
        try {
            if (cancelled) {
                runner.cancel();
            }
            return runner.run(steps(), stages, listener);
        } finally {
            running.set(null);
        }
    }

    private List<SchemaStep> steps() {
        return target.with("reading the plan for the schema", plan::steps);
    }

    private int nextNumber() {
        return steps().stream().mapToInt(SchemaStep::number).max().orElse(0) + 1;
    }

    private Optional<Header> header() {
        return target.with("reading the plan for the schema", plan::header);
    }

    /** Whether {@link #prepare} has begun to touch the target. Reads only. */
    public static boolean isBegun(Database target, String migration) {
        return isPlanned(target, new SchemaPlan(migration));
    }

    private static boolean isPlanned(Database target, SchemaPlan plan) {
        return target.with(
                "looking for the plan for the schema",
                connection ->
                        Relations.exists(connection, "landbridge.schema_plan")
                                && plan.header(connection).isPresent());
    }

    /**
     * The tables at {@code target} that this migration created: empty before {@link #prepare}.
     * Reads only.
     */
    public static Set<TableId> created(Database target, String migration) {
        SchemaPlan plan = new SchemaPlan(migration);
        return isPlanned(target, plan)
                ? created(target.with("reading the plan for the schema", plan::steps))
                : Set.of();
    }

    private Set<TableId> created() {
        return created(steps());
    }

    private static Set<TableId> created(List<SchemaStep> steps) {
        return steps.stream()
                .filter(step -> step.kind() == DdlKind.TABLE && step.isDone())
                .flatMap(step -> step.table().stream())
                .collect(Collectors.toSet());
    }

    private List<TableId> ids() {
        return tables.stream().map(Table::id).toList();
    }

    private Map<TableId, List<String>> keys() {
        return tables.stream().collect(Collectors.toMap(Table::id, Table::key));
    }

    private static Map<TableId, Table> byId(Collection<Table> tables) {
        return tables.stream()
                .collect(
                        Collectors.toMap(
                                Table::id, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    private static Fault unprepared() {
        return Fault.of(FaultCode.INTERNAL, "the target's schema was not prepared");
    }
}
