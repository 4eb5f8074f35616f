package io.landbridge.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.capture.EngineHost;
import io.landbridge.capture.PostgresCapture;
import io.landbridge.change.TableId;
import io.landbridge.config.ApplyConfig;
import io.landbridge.config.LoadConfig;
import io.landbridge.config.MappingConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.fault.Closing;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.load.BulkLoad;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.ReplicaIdentities;
import io.landbridge.schema.Sql;
import io.landbridge.schema.Table;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.source.MysqlCopySource;
import io.landbridge.source.PostgresLog;
import io.landbridge.target.MysqlDestination;
import io.landbridge.target.TableStates;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Tables of MySQL that were loaded into PostgreSQL, and what carries changes from there back to
 * them. How they were in MySQL is kept in another database there.
 */
final class WayBackBed implements AutoCloseable {

    private static final int WORKERS = 2;
    private static final TablesConfig ALL = new TablesConfig(List.of("*.*"), List.of());

    final MysqlTestDatabase source = Servers.mysql().freshDatabase();
    final TestDatabase target = Servers.postgres(17).freshDatabase();
    private final MysqlDatabase from = source.open(Side.SOURCE);
    private final Database to = target.open(Side.TARGET);
    private final MemoryBuffer buffer = new MemoryBuffer();
    private final List<MappedTable> mapped;
    private PostgresLog log;
    private PostgresCapture capture;
    private Applier applier;

    WayBackBed(List<String> tables, List<String> rows) {
        this(tables, rows, MappingConfig.DEFAULT);
    }

    WayBackBed(List<String> tables, List<String> rows, MappingConfig mapping) {
        List<String> sql = new ArrayList<>(tables);
        sql.add(0, "SET time_zone = '+00:00'; SET NAMES utf8mb4; SET sql_mode = ''");
        sql.addAll(rows);
        source.execute(sql.toArray(String[]::new));
        MysqlSchema schema =
                new MysqlSchema(
                        source.name(),
                        from,
                        to,
                        new SchemaConfig(
                                SchemaConfig.Mode.CREATE, true, false, "none", false, mapping),
                        ALL,
                        WORKERS);
        schema.prepare();
        try (BulkLoad load =
                new BulkLoad(
                        new MysqlCopySource(from, schema.mapped()),
                        to,
                        source.name(),
                        schema.tables(),
                        schema.targetTables(),
                        Set.of(),
                        new LoadConfig(WORKERS, 500_000, 0))) {
            load.plan();
            assertThat(load.run()).isTrue();
        }
        schema.buildKeys(progress -> {});
        mapped = schema.mapped();
        List<String> kept =
                new ArrayList<>(List.of("SET sql_mode = ''", "CREATE DATABASE " + was()));
        for (MappedTable table : mapped) {
            String name = table.sourceId().name();
            kept.add("CREATE TABLE " + was() + "." + name + " LIKE " + name);
            kept.add("INSERT INTO " + was() + "." + name + " SELECT * FROM " + name);
        }
        source.execute(kept.toArray(String[]::new));
    }

    /** The database that the tables are kept in as they were. */
    String was() {
        return source.name() + "_was";
    }

    private MappedTable table(String name) {
        return mapped.stream()
                .filter(table -> table.sourceId().name().equals(name))
                .findAny()
                .orElseThrow();
    }

    /** What PostgreSQL calls the table, quoted. */
    String there(String name) {
        return Sql.quote(table(name).targetId());
    }

    /** From here on what is written at PostgreSQL goes back. */
    void startBack() {
        Set<TableId> moved = mapped.stream().map(MappedTable::targetId).collect(Collectors.toSet());
        List<Table> tables = tables(moved);
        new ReplicaIdentities(source.name(), to, to).set(tables);
        tables = tables(moved);
        log = new PostgresLog(to, source.name() + "_back");
        log.createPublication(tables);
        Lsn start = log.createSlot();
        MysqlDestination destination = new MysqlDestination(from, mapped);
        destination.createTables();
        ProgressStore progress = new ProgressStore(source.name(), "back");
        destination.inTransaction(
                "beginning",
                connection -> {
                    progress.reset(connection, WORKERS, start, 0, 0);
                    return null;
                });
        capture =
                new PostgresCapture(
                        to, log, EngineHost.HERE, tables, buffer, Acknowledge.BUFFERED, start);
        applier =
                new Applier(
                        destination,
                        buffer,
                        new ApplyConfig(WORKERS, 5000, Duration.ofMillis(5)),
                        progress,
                        new TableStates(source.name()),
                        mapped.stream()
                                .collect(
                                        Collectors.toMap(
                                                MappedTable::targetId, MappedTable::asSource)),
                        (layout, key) -> {
                            throw new AssertionError("nothing is to be read");
                        });
        applier.addCommitListener(capture::acknowledge);
        capture.start();
        applier.start();
    }

    private List<Table> tables(Set<TableId> moved) {
        return PostgresCatalogue.read(to, ALL).stream()
                .filter(table -> moved.contains(table.id()))
                .toList();
    }

    /** Writes every row at PostgreSQL, as it is, and makes each anew. */
    void touch(String name) {
        String table = there(name);
        target.execute(
                "UPDATE " + table + " SET id = id",
                "CREATE TABLE kept AS SELECT * FROM " + table,
                "DELETE FROM " + table,
                "INSERT INTO " + table + " SELECT * FROM kept",
                "DROP TABLE kept");
    }

    /** Waits until all that was written at PostgreSQL is written at MySQL, or refused there. */
    ApplierStatus drain() {
        CompletableFuture<SourcePosition> reached = applier.awaitMarker("drained");
        log.emitMarker("drained");
        try {
            reached.get(120, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(applier.status().toString(), e);
        }
        return applier.status();
    }

    /** Why tables are stopped, by MySQL's name. */
    Map<String, String> reasons(ApplierStatus status) {
        Map<String, String> reasons = new TreeMap<>();
        for (MappedTable table : mapped) {
            if (status.stopped().containsKey(table.targetId())) {
                var stop = status.stopped().get(table.targetId());
                reasons.put(table.sourceId().name(), stop.code() + ": " + stop.reason());
            }
        }
        return reasons;
    }

    /** The rows whose column {@code v} is not, byte for byte, what it was; by MySQL's own word. */
    List<String> differences(String name, String type) {
        String bytes = bytes(type, "a.v") + " <=> " + bytes(type, "b.v");
        return source.rows(
                "SELECT a.id, HEX(CAST(a.v AS CHAR)), HEX(CAST(b.v AS CHAR)) FROM %1$s.%2$s a"
                                .formatted(was(), name)
                        + " LEFT JOIN %s b USING (id) WHERE b.id IS NULL OR NOT (%s AND a.v <=> b.v)"
                                .formatted(name, bytes)
                        + " UNION ALL SELECT b.id, 'new', '' FROM %s b".formatted(name)
                        + " WHERE id NOT IN (SELECT id FROM %s.%s)".formatted(was(), name));
    }

    private static String bytes(String type, String column) {
        return type.startsWith("float") || type.startsWith("double")
                ? "HEX(SUBSTR(POINT(" + column + " * 1e0, 0), 10, 8))"
                : type.matches("(geometry|point|polygon|.*blob|.*binary).*")
                        ? "HEX(" + column + ")"
                        : "HEX(CAST(" + column + " AS CHAR))";
    }

    @Override
    public void close() {
        Closing.all(applier, capture);
        if (log != null) {
            log.drop();
        }
        new ReplicaIdentities(source.name(), to, to).restore();
        Closing.all(to, from);
    }
}
