package io.landbridge.phase;

import io.landbridge.apply.SourceRows;
import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.capture.Capture;
import io.landbridge.capture.EngineHost;
import io.landbridge.capture.PostgresCapture;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Sequence;
import io.landbridge.schema.Sequences;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.RowText;
import io.landbridge.schema.structure.PostgresStructure;
import io.landbridge.schema.structure.StructureComparison;
import io.landbridge.schema.structure.StructureDifference;
import io.landbridge.source.Fence;
import io.landbridge.source.PostgresFence;
import io.landbridge.source.PostgresLog;
import io.landbridge.source.PostgresRowReader;
import io.landbridge.source.PostgresSnapshots;
import io.landbridge.source.Snapshots;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** A PostgreSQL database that changes come from: a source, or for the way back the target. */
class PostgresOrigin implements Origin {

    private final Database database;
    private final PostgresLog log;
    private final TablesConfig selected;
    private final Supplier<RowText> words;

    /**
     * @param words what rows are put into, so that they can be compared with the other side's
     */
    PostgresOrigin(
            Database database, PostgresLog log, TablesConfig selected, Supplier<RowText> words) {
        this.database = database;
        this.log = log;
        this.selected = selected;
        this.words = words;
    }

    Database database() {
        return database;
    }

    @Override
    public DatabaseConfig config() {
        return database.config();
    }

    @Override
    public PostgresOrigin answeringWithin(Duration silence) {
        Database prompt = database.answeringWithin(silence);
        return new PostgresOrigin(prompt, log.on(prompt), selected, words);
    }

    @Override
    public void keepReady(int connections) {
        database.keepReady(connections);
    }

    @Override
    public void closeReady() {
        database.closeReady();
    }

    @Override
    public PostgresLog log() {
        return log;
    }

    @Override
    public Capture capture(
            EngineHost host,
            List<Table> tables,
            ChangeBuffer buffer,
            Acknowledge policy,
            SourcePosition applied) {
        return new PostgresCapture(database, log, host, tables, buffer, policy, applied);
    }

    @Override
    public SourceRows rows() {
        PostgresRowReader reader = new PostgresRowReader(database);
        return (layout, key) -> {
            PostgresRowReader.Reading reading = reader.read(layout, key);
            return new SourceRows.Reading(reading.row(), reading.at());
        };
    }

    @Override
    public Snapshots snapshots(List<Table> tables) {
        return new PostgresSnapshots(database, words.get());
    }

    @Override
    public Fence fence() {
        return new PostgresFence(database, log);
    }

    @Override
    public List<StructureDifference> structure(
            List<Table> tables, Database target, Collection<Table> counterparts) {
        return StructureComparison.compare(
                new PostgresStructure(database, selected),
                tables,
                new PostgresStructure(target, selected),
                counterparts);
    }

    @Override
    public List<Sequence> sequences(List<Table> tables) {
        return Sequences.read(database, selected, tables);
    }
}
