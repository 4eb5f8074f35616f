package io.landbridge.validate;

import io.landbridge.apply.Applier;
import io.landbridge.buffer.ChronicleBuffer;
import io.landbridge.capture.EngineHost;
import io.landbridge.capture.PostgresCapture;
import io.landbridge.change.TableId;
import io.landbridge.config.ApplyConfig;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.fault.Closing;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.FrozenDatabase;
import io.landbridge.schema.digest.RowText;
import io.landbridge.source.PostgresLog;
import io.landbridge.source.PostgresSnapshots;
import io.landbridge.target.PostgresDestination;
import io.landbridge.target.TableStates;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A real stream between two databases that have the same, empty tables: capture, Chronicle buffer,
 * applier.
 */
public final class Pipeline implements AutoCloseable {

    public final Database source;
    public final Database target;
    public final PostgresLog log;
    public final List<Table> tables;
    public final Map<TableId, Table> targetTables;
    public final Applier applier;
    public final ApplierGate gate;
    private final TableStates states;
    private final ChronicleBuffer buffer;
    private final PostgresCapture capture;

    public Pipeline(TestDatabase sourceDatabase, TestDatabase targetDatabase, Path directory) {
        this(sourceDatabase, targetDatabase, directory, 2);
        start();
    }

    /** Everything but {@link #start}: what is written from now on is a backlog. */
    public Pipeline(
            TestDatabase sourceDatabase, TestDatabase targetDatabase, Path directory, int workers) {
        source = sourceDatabase.open(Side.SOURCE);
        target = targetDatabase.open(Side.TARGET);
        tables = TwoSides.tables(source);
        targetTables =
                TwoSides.tables(target).stream()
                        .collect(Collectors.toMap(Table::id, Function.identity()));
        String migration = sourceDatabase.name();
        log = new PostgresLog(source, migration);
        log.createPublication(tables);
        Lsn start = log.createSlot();
        ProgressStore progress = new ProgressStore(migration, "forward");
        states = new TableStates(migration);
        ApplyConfig config = new ApplyConfig(workers, 5000, Duration.ofMillis(10));
        target.inTransaction(
                "preparing",
                connection -> {
                    try (var statement = connection.createStatement()) {
                        statement.execute("CREATE SCHEMA IF NOT EXISTS landbridge");
                    }
                    ProgressStore.createTable(connection);
                    TableStates.createTable(connection);
                    for (Table table : tables) {
                        states.markLoaded(connection, table.id(), null);
                    }
                    progress.reset(connection, config.workers(), start, 0, 0);
                    return null;
                });
        buffer = new ChronicleBuffer(directory, 1L << 30, "FAST_HOURLY");
        capture =
                new PostgresCapture(
                        source, log, EngineHost.HERE, tables, buffer, Acknowledge.BUFFERED, start);
        applier =
                new Applier(
                        new PostgresDestination(target),
                        buffer,
                        config,
                        progress,
                        states,
                        targetTables,
                        (layout, key) -> {
                            throw new AssertionError("a strict stream needs nothing of the source");
                        });
        applier.addCommitListener(capture::acknowledge);
        gate = new ApplierGate(applier);
    }

    public void start() {
        capture.start();
        applier.start();
    }

    public Rendezvous rendezvous() {
        return new Rendezvous(
                new PostgresSnapshots(source),
                FrozenDatabase.freezer(target, RowText.OWN),
                gate,
                () -> log.emitMarker("validation"),
                Rendezvous.Limits.DEFAULT);
    }

    public Validation validation(ValidationOptions options) {
        return new Validation("test", rendezvous(), tables, targetTables, options);
    }

    public Repair repair(ValidationOptions options) {
        return new Repair(
                "test",
                rendezvous(),
                target,
                states,
                tables,
                targetTables,
                options,
                these -> {
                    SourcePosition at = applier.status().applied().orElseThrow();
                    return new TouchedRows(buffer.readAfter(at), at, 200_000, these::contains);
                });
    }

    /** Waits until everything that is committed now is applied. */
    public void catchUp() {
        Lsn now = log.currentPosition();
        log.emitMarker("catch up");
        Await.until(
                "the stream is applied",
                Duration.ofSeconds(60),
                () -> applier.status().applied().filter(at -> at.covers(now)).isPresent());
    }

    @Override
    public void close() {
        Closing.all(applier, capture, buffer, log::drop, target, source);
    }
}
