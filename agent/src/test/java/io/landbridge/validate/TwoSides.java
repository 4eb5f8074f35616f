package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.FrozenDatabase;
import io.landbridge.schema.digest.RowText;
import io.landbridge.source.PostgresSnapshots;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A source and a target of one test, with the product's connections to them. */
final class TwoSides implements AutoCloseable {

    final TestDatabase sourceDatabase;
    final TestDatabase targetDatabase;
    final Database source;
    final Database target;

    TwoSides() {
        this(Servers.source(), Servers.target());
    }

    TwoSides(PostgresServer sourceServer, PostgresServer targetServer) {
        this(sourceServer.freshDatabase(), targetServer.freshDatabase());
    }

    TwoSides(TestDatabase sourceDatabase, TestDatabase targetDatabase) {
        this.sourceDatabase = sourceDatabase;
        this.targetDatabase = targetDatabase;
        this.source = sourceDatabase.open(Side.SOURCE);
        this.target = targetDatabase.open(Side.TARGET);
    }

    /** Runs the same on both sides. */
    void execute(String... sql) {
        sourceDatabase.execute(sql);
        targetDatabase.execute(sql);
    }

    static ValidationOptions options(Mode mode) {
        return new ValidationOptions(mode, 1000, 2, 1000, 200_000);
    }

    Validation validation(ValidationOptions options) {
        return new Validation("test", rendezvous(), tables(source), targetTables(), options);
    }

    ValidationReport validate(ValidationOptions options) {
        return validation(options).run(Map.of());
    }

    Rendezvous rendezvous() {
        return new Rendezvous(
                new PostgresSnapshots(source),
                FrozenDatabase.freezer(target, RowText.OWN),
                ApplyGate.STANDING,
                () -> {},
                Rendezvous.Limits.DEFAULT);
    }

    List<Table> sourceTables() {
        return tables(source);
    }

    Map<TableId, Table> targetTables() {
        return tables(target).stream().collect(Collectors.toMap(Table::id, Function.identity()));
    }

    static List<Table> tables(Database database) {
        return PostgresCatalogue.read(database, new TablesConfig(List.of("*.*"), List.of()));
    }

    @Override
    public void close() {
        try (source) {
            target.close();
        }
    }
}
