package io.landbridge.apply;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.config.ApplyConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.offsets.WorkerProgress;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Table;
import io.landbridge.target.PostgresDestination;
import io.landbridge.target.TableStates;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A target database, a buffer that a test fills, and appliers over both. */
final class ApplyBed implements AutoCloseable {

    static final Lsn START = new Lsn(1000);
    static final Duration PATIENCE = Duration.ofMinutes(2);
    static final String UNCHANGED = RowImage.unchanged();

    final TestDatabase database;
    final Database target;
    final MemoryBuffer buffer = new MemoryBuffer();
    final ProgressStore progress = new ProgressStore("test", "forward");
    final TableStates states = new TableStates("test");
    SourceRows sourceRows =
            (layout, key) -> {
                throw new AssertionError("nothing is to be read from the source");
            };

    private final long step = 10;
    private long end = START.value();
    private long transaction = 700;

    ApplyBed(int workers, String... ddl) {
        this(Servers.target(), workers, ddl);
    }

    ApplyBed(PostgresServer server, int workers, String... ddl) {
        database = server.freshDatabase();
        database.execute(ddl);
        database.execute("CREATE SCHEMA landbridge");
        target = database.open(Side.TARGET);
        target.inTransaction(
                "test set-up",
                connection -> {
                    ProgressStore.createTable(connection);
                    TableStates.createTable(connection);
                    progress.reset(connection, workers, START, 0, 0);
                    return null;
                });
    }

    Applier applier(int workers) {
        return applier(workers, 5000);
    }

    Applier applier(int workers, int batchRows) {
        return new Applier(
                new PostgresDestination(target),
                buffer,
                new ApplyConfig(workers, batchRows, Duration.ofMillis(2)),
                progress,
                states,
                tables(),
                sourceRows);
    }

    /** One that leads others. */
    Applier sharing(int workers, int batchRows, Sharing sharing) {
        return new Applier(
                new PostgresDestination(target),
                buffer,
                new ApplyConfig(workers, batchRows, Duration.ofMillis(2)),
                progress,
                states,
                tables(),
                Map.of(),
                sourceRows,
                Optional.of(sharing));
    }

    Map<TableId, Table> tables() {
        return PostgresCatalogue.read(target, new TablesConfig(List.of("*.*"), List.of())).stream()
                .collect(Collectors.toMap(Table::id, Function.identity()));
    }

    /** The layout of a table of schema public, as the target has it now. */
    TableLayout layout(String name) {
        Table table = tables().get(new TableId("public", name));
        List<String> columns =
                table.columns().stream()
                        .filter(column -> !column.generated())
                        .map(column -> column.name())
                        .toList();
        return new TableLayout(
                table.id(), columns, table.key().stream().map(columns::indexOf).toList());
    }

    /** Puts one source transaction into the buffer; gives its end. */
    SourcePosition commit(SourceEvent... events) {
        begin();
        Arrays.stream(events).forEach(buffer::append);
        return end(events.length);
    }

    void begin() {
        buffer.append(new SourceEvent.Begin(Long.toString(++transaction), new Lsn(end)));
    }

    SourcePosition end(long changes) {
        end += step;
        buffer.append(new SourceEvent.Commit(new Lsn(end), Instant.now(), changes));
        return new Lsn(end);
    }

    /** The xid that the next transaction will have. */
    long nextTransaction() {
        return transaction + 1;
    }

    SourcePosition last() {
        return new Lsn(end);
    }

    static Change insert(TableLayout layout, String... values) {
        return new Change(layout, Operation.INSERT, null, RowImage.of(values));
    }

    static Change update(TableLayout layout, String... values) {
        return new Change(layout, Operation.UPDATE, null, RowImage.of(values));
    }

    static Change update(TableLayout layout, RowImage before, RowImage after) {
        return new Change(layout, Operation.UPDATE, before, after);
    }

    static Change delete(TableLayout layout, String... values) {
        return new Change(layout, Operation.DELETE, RowImage.of(values), null);
    }

    static Change truncate(TableLayout layout) {
        return new Change(layout, Operation.TRUNCATE, null, null);
    }

    static RowImage row(String... values) {
        return RowImage.of(values);
    }

    /** Runs an applier over all that is in the buffer, strictly. */
    ApplierStatus applyAll(int workers) {
        return applyAll(workers, 5000);
    }

    ApplierStatus applyAll(int workers, int batchRows) {
        try (Applier applier = applier(workers, batchRows)) {
            applier.start();
            return awaitApplied(applier);
        }
    }

    /** As {@link #applyAll}, everything converging. */
    ApplierStatus converge(int workers) {
        try (Applier applier = applier(workers)) {
            CompletableFuture<SourcePosition> there = applier.convergeThrough(last());
            applier.start();
            there.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return applier.status();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    ApplierStatus awaitApplied(Applier applier) {
        Await.until(
                "everything is applied",
                PATIENCE,
                () -> {
                    ApplierStatus status = applier.status();
                    if (status.state() == ApplierStatus.State.FAILED) {
                        throw new AssertionError("the applier failed", status.fault().get());
                    }
                    return status.applied().equals(Optional.of(last()));
                });
        return applier.status();
    }

    List<WorkerProgress> positions() {
        return target.with("the progress", progress::read);
    }

    List<String> rows(String query) {
        return database.rows(query);
    }

    @Override
    public void close() {
        target.close();
    }
}
