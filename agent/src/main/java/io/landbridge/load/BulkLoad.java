package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.config.LoadConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.Table;
import io.landbridge.schema.WireTypes;
import io.landbridge.source.CopySource;
import io.landbridge.source.PostgresCopySource;
import io.landbridge.target.PostgresTables;
import io.landbridge.target.TableState;
import io.landbridge.target.TableStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies every row of the source's tables into the target's, in parallel, in chunks that are done
 * or not: what was killed goes on with those that are not.
 *
 * <p>Chunks see different moments of the source. Whoever calls this made sure that everything
 * committed since an earlier moment is replayed over them; {@code agent/docs/load.md} says why that
 * ends right.
 *
 * <p>{@link #plan} and {@link #run} belong to one thread; everything else may come from any. After
 * a fault or a stop this load is over, and another one with the same arguments goes on where it
 * stood.
 */
public final class BulkLoad implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BulkLoad.class);

    /** How long a stop waits for a worker that is just connecting to somewhere unreachable. */
    private static final long STOP_MILLIS = 1_500;

    private final CopySource source;
    private final Database target;
    private final List<Table> tables;
    private final Map<TableId, Table> targetTables;
    private final Set<TableId> whole;
    private final LoadConfig config;
    private final ChunkStore chunks;
    private final TableStates states;
    private final LoadControl control = new LoadControl();
    private final LoadProgress progress;
    private volatile List<LoadWorker> workers = List.of();

    /** As the longer form, with no table that must be copied whole. */
    public BulkLoad(
            Database source,
            Database target,
            String migration,
            List<Table> sourceTables,
            Map<TableId, Table> targetTables,
            LoadConfig config) {
        this(source, target, migration, sourceTables, targetTables, Set.of(), config);
    }

    /** As the longest form, from PostgreSQL. */
    public BulkLoad(
            Database source,
            Database target,
            String migration,
            List<Table> sourceTables,
            Map<TableId, Table> targetTables,
            Set<TableId> whole,
            LoadConfig config) {
        this(
                new PostgresCopySource(source),
                target,
                migration,
                sourceTables,
                targetTables,
                whole,
                config);
    }

    /**
     * @param migration its name, which keys everything that is kept at the target
     * @param sourceTables the tables to copy
     * @param targetTables for each of them, by its source name, the table it goes to
     * @param whole tables whose rows must all be of one moment although they have a key, since
     *     unique indexes beside it stay in place at the target; the same in every run of a
     *     migration. They are copied like those without a key, and have a {@link
     *     TableState#snapshot} then
     */
    public BulkLoad(
            CopySource source,
            Database target,
            String migration,
            List<Table> sourceTables,
            Map<TableId, Table> targetTables,
            Set<TableId> whole,
            LoadConfig config) {
        this.source = source;
        this.target = target;
        this.tables = List.copyOf(sourceTables);
        this.targetTables = Map.copyOf(targetTables);
        this.whole = Set.copyOf(whole);
        this.config = config;
        this.chunks = new ChunkStore(migration);
        this.states = new TableStates(migration);
        this.progress = new LoadProgress(tables);
    }

    /**
     * Cuts tables that have no plan yet into chunks, and keeps them at the target; nothing is
     * copied. Does nothing when all have been planned before.
     *
     * @throws Fault TARGET_NOT_EMPTY when a table to be planned holds rows already
     */
    public void plan() {
        List<Table> unplanned =
                target.inTransaction(
                        "the tables of the load's state",
                        connection -> {
                            TableStates.createTable(connection);
                            ChunkStore.createTable(connection);
                            states.register(connection, tables.stream().map(Table::id).toList());
                            return unplanned(connection);
                        });
        long firstId = target.with("the load's plan", chunks::nextId);
        List<Chunk> planned =
                unplanned.isEmpty()
                        ? List.of()
                        : new ChunkPlanner(source, this::isWhole, config).plan(unplanned, firstId);
        target.inTransaction(
                "the load's plan",
                connection -> {
                    PostgresTables.refuseRows(
                            connection,
                            unplanned.stream().map(table -> targetOf(table).id()).toList());
                    chunks.insert(connection, planned);
                    return planned.size();
                });
        LOG.info("load: {} tables planned in {} chunks", unplanned.size(), planned.size());
        progress.settle(target.with("the load's plan", chunks::totals));
    }

    private List<Table> unplanned(Connection connection) throws SQLException {
        Set<TableId> planned = chunks.totals(connection).keySet();
        Map<TableId, TableState> known = states.read(connection);
        return tables.stream()
                .filter(table -> !planned.contains(table.id()))
                .filter(table -> !known.get(table.id()).isLoaded())
                .toList();
    }

    private boolean isWhole(Table table) {
        return !table.hasKey() || whole.contains(table.id());
    }

    private Table targetOf(Table table) {
        Table there = targetTables.get(table.id());
        if (there == null) {
            throw Fault.of(FaultCode.TARGET_SQL, "the target has no table to copy to")
                    .in(table.id())
                    .hint("create the table, or set schema.mode to create");
        }
        return there;
    }

    /**
     * Copies every chunk that is not done. Waits for servers that are away and disks that are full.
     *
     * @return true when every table is loaded and safe on the target's disk; false when the load
     *     was stopped before
     * @throws Fault what doesn't pass by itself, with the table it was met in
     */
    public boolean run() {
        Optional<Map<TableId, TableCopy>> copies = patiently(this::copies);
        if (copies.isEmpty()) {
            return false;
        }
        LoadWorker.Shared shared =
                new LoadWorker.Shared(
                        source,
                        target,
                        copies.get(),
                        chunks,
                        states,
                        progress,
                        control,
                        new Throttle(config.throttleBytesPerSecond(), control::sleep));
        while (control.awaitGo()) {
            // After a crash the target may have lost commits that it had acknowledged unwritten,
            // so it is asked again until it says, durably, that nothing is missing.
            Optional<List<Chunk>> undone = patiently(this::settle);
            if (undone.isPresent() && undone.get().isEmpty()) {
                LoadStatus done = status();
                LOG.info(
                        "load: {} tables loaded, {} rows, {} bytes",
                        done.tablesLoaded(),
                        done.rows(),
                        done.bytes());
                return true;
            }
            undone.ifPresent(some -> work(shared, some));
        }
        return false;
    }

    private Map<TableId, TableCopy> copies() {
        Optional<WireTypes> sourceTypes = source.wireTypes();
        WireTypes targetTypes = target.with("its types", WireTypes::read);
        Map<TableId, TableCopy> copies = new LinkedHashMap<>();
        for (Table table : tables) {
            copies.put(
                    table.id(),
                    TableCopy.of(table, isWhole(table), sourceTypes, targetOf(table), targetTypes));
        }
        return copies;
    }

    /** Marks what is complete, makes sure of the target's disk, and gives what is left to do. */
    private List<Chunk> settle() {
        return target.inTransaction(
                "the load's state",
                connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("SET LOCAL synchronous_commit = on");
                    }
                    chunks.markLoaded(connection, tables.stream().map(Table::id).toList());
                    chunks.touch(connection);
                    progress.settle(chunks.totals(connection));
                    return chunks.undone(connection);
                });
    }

    private void work(LoadWorker.Shared shared, List<Chunk> undone) {
        ChunkQueue queue = new ChunkQueue(undone, control);
        List<LoadWorker> hired = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int number = 1; number <= Math.min(config.workers(), undone.size()); number++) {
            LoadWorker worker = new LoadWorker(shared, number);
            hired.add(worker);
            threads.add(thread(worker, number, queue, failures));
        }
        workers = List.copyOf(hired);
        threads.forEach(Thread::start);
        join(threads);
        workers = List.of();
        synchronized (failures) {
            if (!failures.isEmpty()) {
                throw fault(failures);
            }
        }
    }

    private Thread thread(
            LoadWorker worker, int number, ChunkQueue queue, List<Throwable> failures) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                worker.run(queue);
                            } catch (RuntimeException | Error e) {
                                synchronized (failures) {
                                    failures.add(e);
                                }
                                stop();
                            }
                        },
                        "landbridge-load-" + number);
        thread.setDaemon(true);
        return thread;
    }

    private void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                while (thread.isAlive() && !control.isStopped()) {
                    thread.join(100);
                }
            }
            long deadline = System.nanoTime() + STOP_MILLIS * 1_000_000;
            for (Thread thread : threads) {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
        }
    }

    private static Fault fault(List<Throwable> failures) {
        Throwable first = failures.get(0);
        Fault fault =
                first instanceof Fault known
                        ? known
                        : Fault.of(FaultCode.INTERNAL, "the load failed: " + first, first);
        failures.stream().skip(1).forEach(fault::addSuppressed);
        return fault;
    }

    /** What {@code step} gives once nothing passing stands in its way; empty after a stop. */
    private <T> Optional<T> patiently(Supplier<T> step) {
        Patience patience = new Patience();
        while (!control.isStopped()) {
            try {
                T result = step.get();
                progress.goesOn();
                return Optional.of(result);
            } catch (Fault fault) {
                if (!patience.allows(fault)) {
                    throw fault;
                }
                LOG.warn("the load waits: {}", fault.describe());
                progress.waits(fault.describe());
                control.sleep(patience.pause());
            }
        }
        return Optional.empty();
    }

    /** Lets chunks that are under way end, and begins no other until {@link #resume}. */
    public void pause() {
        control.pause();
    }

    public void resume() {
        control.resume();
    }

    /** Breaks off at once; what was under way is rolled back. {@link #run} then returns false. */
    public void stop() {
        control.stop();
        workers.forEach(LoadWorker::abort);
    }

    public LoadStatus status() {
        return progress.status(control.isPaused());
    }

    @Override
    public void close() {
        stop();
    }
}
