package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.LoadConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Table;
import io.landbridge.target.TableState;
import io.landbridge.target.TableStates;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A source and a target with the same tables, and loads between them. */
final class LoadFixture implements AutoCloseable {

    static final String MIGRATION = "test";
    static final TablesConfig ALL = new TablesConfig(List.of("*.*"), List.of("landbridge.*"));

    final TestDatabase sourceDatabase;
    final TestDatabase targetDatabase;
    final Database source;
    final Database target;

    LoadFixture(TestDatabase sourceDatabase, TestDatabase targetDatabase) {
        this(sourceDatabase, sourceDatabase.config(), targetDatabase, targetDatabase.config());
    }

    /** Reached by the load through other ways, such as a proxy. */
    LoadFixture(
            TestDatabase sourceDatabase,
            DatabaseConfig wayToSource,
            TestDatabase targetDatabase,
            DatabaseConfig wayToTarget) {
        this.sourceDatabase = sourceDatabase;
        this.targetDatabase = targetDatabase;
        this.source = new Database(wayToSource, Side.SOURCE);
        this.target = new Database(wayToTarget, Side.TARGET);
        targetDatabase.execute("CREATE SCHEMA landbridge");
    }

    LoadFixture onBoth(String... ddl) {
        sourceDatabase.execute(ddl);
        targetDatabase.execute(ddl);
        return this;
    }

    LoadFixture onSource(String... sql) {
        sourceDatabase.execute(sql);
        return this;
    }

    LoadFixture onTarget(String... sql) {
        targetDatabase.execute(sql);
        return this;
    }

    BulkLoad load() {
        return load(new LoadConfig(2, 500_000, 0));
    }

    BulkLoad load(LoadConfig config) {
        return load(config, Set.of());
    }

    BulkLoad load(LoadConfig config, Set<TableId> whole) {
        return load(config, whole, ALL);
    }

    BulkLoad load(LoadConfig config, Set<TableId> whole, TablesConfig wanted) {
        List<Table> tables = PostgresCatalogue.read(source, wanted);
        Map<TableId, Table> targets =
                PostgresCatalogue.read(target, wanted).stream()
                        .collect(Collectors.toMap(Table::id, Function.identity()));
        return new BulkLoad(source, target, MIGRATION, tables, targets, whole, config);
    }

    /** Plans and runs a load of everything, which must complete. */
    LoadStatus loadAll(LoadConfig config) {
        try (BulkLoad load = load(config)) {
            load.plan();
            if (!load.run()) {
                throw new AssertionError("the load stopped");
            }
            return load.status();
        }
    }

    void assertEqual() {
        RowsOf.assertEqual(sourceDatabase, targetDatabase);
    }

    Map<TableId, TableState> states() {
        return target.with("states", new TableStates(MIGRATION)::read);
    }

    long chunks(String table) {
        return targetDatabase.number(
                "SELECT count(*) FROM landbridge.chunk WHERE table_name = '" + table + "'");
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
