package io.landbridge.phase;

import io.landbridge.assess.Assessment;
import io.landbridge.assess.AssessmentReport;
import io.landbridge.change.TableId;
import io.landbridge.config.Configuration;
import io.landbridge.fault.Closing;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.load.BulkLoad;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.ReplicaIdentities;
import io.landbridge.schema.SchemaTransfer;
import io.landbridge.schema.Table;
import io.landbridge.schema.TargetSchema;
import io.landbridge.schema.digest.RowText;
import io.landbridge.source.PostgresFence;
import io.landbridge.source.PostgresLog;
import io.landbridge.source.PostgresPartitions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A PostgreSQL database that a migration moves away from. */
final class PostgresMigrationSource extends PostgresOrigin implements MigrationSource {

    private final Configuration config;
    private final Database target;
    private final Database writable;

    private PostgresMigrationSource(
            Configuration config, Database source, PostgresLog log, Database target) {
        super(source, log, config.tables(), () -> RowText.OWN);
        this.config = config;
        this.target = target;
        this.writable = PostgresFence.passing(source, log);
    }

    static PostgresMigrationSource of(Configuration config, Database target) {
        Database source = new Database(config.source(), Side.SOURCE);
        return new PostgresMigrationSource(
                config, source, new PostgresLog(source, config.migration().name()), target);
    }

    @Override
    public AssessmentReport assess() {
        return new Assessment(database(), target, config).run();
    }

    @Override
    public List<Table> tables() {
        return PostgresCatalogue.read(database(), config.tables());
    }

    @Override
    public SchemaTransfer schema() {
        return new TargetSchema(
                config.migration().name(),
                database(),
                target,
                config.schema(),
                config.tables(),
                config.load().workers());
    }

    /** A slot whose position was never written down is made anew: nothing was copied under it. */
    @Override
    public SourcePosition openLog(List<Table> tables) {
        log().drop();
        List<Table> published = tables;
        boolean everywhere = !config.rollback().history().isZero();
        if (everywhere || config.schema().setReplicaIdentity()) {
            if (everywhere) {
                identities().setEverywhere(tables);
            } else {
                identities().set(tables);
            }
            List<TableId> ours = tables.stream().map(Table::id).toList();
            published = tables().stream().filter(table -> ours.contains(table.id())).toList();
        }
        log().createPublication(published);
        return log().createSlot();
    }

    private ReplicaIdentities identities() {
        return new ReplicaIdentities(config.migration().name(), database(), target);
    }

    @Override
    public BulkLoad load(List<Table> tables, Map<TableId, Table> targets, Set<TableId> whole) {
        return new BulkLoad(
                database(),
                target,
                config.migration().name(),
                tables,
                targets,
                whole,
                config.load());
    }

    @Override
    public Receiver receiver() {
        return new PostgresReceiver(writable, this::words);
    }

    @Override
    public RowText words() {
        return RowText.OWN;
    }

    @Override
    public PostgresPartitions.Look partitions(List<Table> tables) {
        return new PostgresPartitions(database()).look(tables);
    }

    @Override
    public void restore() {
        identities().restore();
    }

    @Override
    public void close() {
        Closing.all(writable, database());
    }
}
