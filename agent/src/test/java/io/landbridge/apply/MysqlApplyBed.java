package io.landbridge.apply;

import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.config.ApplyConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Closing;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.offsets.WorkerProgress;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.target.MysqlDestination;
import io.landbridge.target.TableStates;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * As {@link ApplyBed}, over MySQL: its tables' changes come as PostgreSQL's {@code public.NAME}.
 */
final class MysqlApplyBed implements AutoCloseable {

    static final Lsn START = ApplyBed.START;

    final MysqlTestDatabase database;
    final MysqlDatabase mysql;
    final MysqlDestination target;
    final MemoryBuffer buffer = new MemoryBuffer();
    final ProgressStore progress;
    final TableStates states;
    private final Map<TableId, MappedTable> tables;
    private long end = START.value();
    private long transaction = 700;

    MysqlApplyBed(int workers, String... ddl) {
        this(Servers.mysql(), workers, ddl);
    }

    MysqlApplyBed(MysqlServer server, int workers, String... ddl) {
        database = server.freshDatabase();
        database.execute("SET sql_mode = ''; " + String.join("; ", ddl));
        mysql = database.open(Side.SOURCE);
        List<MappedTable> mapped;
        try (Database empty = Servers.target().freshDatabase().open(Side.TARGET)) {
            mapped =
                    MysqlSchema.map(
                            mysql,
                            empty,
                            new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "none"),
                            new TablesConfig(List.of("*.*"), List.of()));
        }
        tables =
                mapped.stream()
                        .collect(
                                Collectors.toMap(
                                        table -> new TableId("public", table.sourceId().name()),
                                        table -> table));
        target = new MysqlDestination(mysql, mapped);
        // The database landbridge is the server's, and with it what lies there.
        progress = new ProgressStore(database.name(), "back");
        states = new TableStates(database.name());
        target.createTables();
        target.inTransaction(
                "test set-up",
                connection -> {
                    progress.reset(connection, workers, START, 0, 0);
                    return null;
                });
    }

    Applier applier(int workers, int batchRows) {
        return new Applier(
                target,
                buffer,
                new ApplyConfig(workers, batchRows, Duration.ofMillis(2)),
                progress,
                states,
                tables.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, table -> table.getValue().asSource())),
                (layout, key) -> {
                    throw new AssertionError("nothing is to be read from the source");
                });
    }

    /** The layout that PostgreSQL's log gives the table's changes. */
    TableLayout layout(String name) {
        TableId id = new TableId("public", name);
        List<String> columns = tables.get(id).columns().stream().map(MappedColumn::name).toList();
        return new TableLayout(
                id, columns, tables.get(id).key().stream().map(columns::indexOf).toList());
    }

    SourcePosition commit(SourceEvent... events) {
        buffer.append(new SourceEvent.Begin(Long.toString(++transaction), new Lsn(end)));
        Arrays.stream(events).forEach(buffer::append);
        end += 10;
        buffer.append(new SourceEvent.Commit(new Lsn(end), Instant.now(), events.length));
        return last();
    }

    SourcePosition last() {
        return new Lsn(end);
    }

    ApplierStatus applyAll(int workers, int batchRows) {
        try (Applier applier = applier(workers, batchRows)) {
            applier.start();
            return awaitApplied(applier);
        }
    }

    ApplierStatus awaitApplied(Applier applier) {
        Await.until(
                "everything is applied",
                ApplyBed.PATIENCE,
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

    /** Changes the progress rows of this bed alone. */
    void moveProgress(SourcePosition to, String workers) {
        database.execute(
                "UPDATE landbridge.progress SET position = '%s' WHERE migration = '%s' AND %s"
                        .formatted(to.text(), database.name(), workers));
    }

    List<String> rows(String query) {
        return database.rows(query);
    }

    /** What {@link RandomHistory.State#lines} says of the database. */
    List<String> lines() {
        return rows(
                        "SELECT CONCAT('keyed[', id, ', ', a, ', ', big, ']') FROM keyed UNION ALL"
                                + " SELECT CONCAT('uniq[', id, ', ', u, ', ', big, ']') FROM uniq"
                                + " UNION ALL SELECT CONCAT('keyless[', a, ', ', b, ']')"
                                + " FROM keyless")
                .stream()
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        Closing.all(mysql);
    }
}
