package io.landbridge.phase;

import io.landbridge.apply.SourceRows;
import io.landbridge.assess.AssessmentReport;
import io.landbridge.assess.MysqlAssessment;
import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.capture.Capture;
import io.landbridge.capture.EngineHost;
import io.landbridge.capture.binlog.MysqlCapture;
import io.landbridge.capture.binlog.OldRows;
import io.landbridge.capture.binlog.TableGrowth;
import io.landbridge.change.TableId;
import io.landbridge.config.Configuration;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.load.BulkLoad;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.SchemaTransfer;
import io.landbridge.schema.Sequence;
import io.landbridge.schema.Table;
import io.landbridge.schema.TargetSchema;
import io.landbridge.schema.digest.RowText;
import io.landbridge.schema.mysql.CounterpartStructure;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.schema.mysql.MysqlSequences;
import io.landbridge.schema.mysql.MysqlStructure;
import io.landbridge.schema.mysql.digest.RowWords;
import io.landbridge.schema.structure.StructureComparison;
import io.landbridge.schema.structure.StructureDifference;
import io.landbridge.source.Fence;
import io.landbridge.source.MysqlCopySource;
import io.landbridge.source.MysqlFence;
import io.landbridge.source.MysqlLog;
import io.landbridge.source.MysqlSnapshots;
import io.landbridge.source.PostgresPartitions;
import io.landbridge.source.Snapshots;
import io.landbridge.target.Documents;
import io.landbridge.target.TableStates;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * A MySQL server that a migration moves away from. Its tables go by MySQL's names, with columns as
 * the target has them.
 */
final class MysqlMigrationSource implements MigrationSource {

    private final Configuration config;
    private final MysqlDatabase source;
    private final MysqlDatabase passing;
    private final Database target;
    private final MysqlLog log;
    private final ColumnBook columns;
    private final AtomicLong shapes = new AtomicLong();

    private MysqlMigrationSource(Configuration config, MysqlDatabase source, Database target) {
        this.config = config;
        this.source = source;
        this.target = target;
        String migration = config.migration().name();
        this.log = new MysqlLog(source, migration);
        this.passing = MysqlFence.passing(source, log);
        this.columns =
                new ColumnBook(
                        target, new Documents(target, migration), new TableStates(migration));
    }

    static MysqlMigrationSource of(Configuration config, Database target) {
        return new MysqlMigrationSource(
                config, new MysqlDatabase(config.source(), Side.SOURCE), target);
    }

    @Override
    public DatabaseConfig config() {
        return source.config();
    }

    @Override
    public MysqlMigrationSource answeringWithin(Duration silence) {
        return new MysqlMigrationSource(config, source.answeringWithin(silence), target);
    }

    @Override
    public MysqlLog log() {
        return log;
    }

    @Override
    public AssessmentReport assess() {
        return new MysqlAssessment(source, target, config).run();
    }

    private List<MappedTable> mapped() {
        return MysqlSchema.map(source, target, config.schema(), config.tables());
    }

    private List<MappedTable> mapped(List<Table> tables) {
        Set<TableId> wanted = tables.stream().map(Table::id).collect(Collectors.toSet());
        return mapped().stream().filter(table -> wanted.contains(table.sourceId())).toList();
    }

    @Override
    public List<Table> tables() {
        return mapped().stream().map(MappedTable::asSource).toList();
    }

    @Override
    public SchemaTransfer schema() {
        return new MysqlSchema(
                config.migration().name(),
                source,
                target,
                config.schema(),
                config.tables(),
                config.load().workers());
    }

    /** Tables that are altered between the making of the target's and this place stop. */
    @Override
    public SourcePosition openLog(List<Table> tables) {
        log.drop();
        SourcePosition start = log.open();
        columns.begin(mapped(tables));
        return start;
    }

    @Override
    public BulkLoad load(List<Table> tables, Map<TableId, Table> targets, Set<TableId> whole) {
        return new BulkLoad(
                new MysqlCopySource(source, mapped(tables)),
                target,
                config.migration().name(),
                tables,
                targets,
                whole,
                config.load());
    }

    @Override
    public Capture capture(
            EngineHost host,
            List<Table> tables,
            ChangeBuffer buffer,
            Acknowledge policy,
            SourcePosition applied) {
        List<MappedTable> mapped = mapped(tables);
        columns.check(mapped, config.schema().followDdl());
        OldRows oldRows =
                config.rollback().history().isZero() ? OldRows.WHERE_NEEDED : OldRows.ALWAYS;
        return new MysqlCapture(
                source, log, host, mapped, growth(), oldRows, buffer, policy, applied);
    }

    private TableGrowth growth() {
        return config.schema().followDdl()
                ? new MysqlGrowth(
                        table ->
                                mapped().stream().filter(t -> t.sourceId().equals(table)).findAny(),
                        target,
                        config.schema().mapping(),
                        columns,
                        shapes::incrementAndGet)
                : TableGrowth.NONE;
    }

    @Override
    public long shapes() {
        return shapes.get();
    }

    /** The log carries whole rows: nothing is ever missing. */
    @Override
    public SourceRows rows() {
        return (layout, key) -> {
            throw Fault.of(FaultCode.INTERNAL, "a row of MySQL's log lacks a value")
                    .in(layout.table());
        };
    }

    @Override
    public Snapshots snapshots(List<Table> tables) {
        return new MysqlSnapshots(source, log, mapped(tables), config.validation().workers());
    }

    @Override
    public Fence fence() {
        return new MysqlFence(source, log);
    }

    /** What a user made, or edited before it was made, is as it shall be: it stops nothing. */
    @Override
    public List<StructureDifference> structure(
            List<Table> tables, Database there, Collection<Table> counterparts) {
        Set<TableId> ours = TargetSchema.created(there, config.migration().name());
        return StructureComparison.compare(
                        new MysqlStructure(source, there, config.schema(), config.tables()),
                        tables,
                        new CounterpartStructure(there),
                        counterparts)
                .stream()
                .map(one -> ours.contains(one.table()) ? one : one.asNote())
                .toList();
    }

    @Override
    public List<Sequence> sequences(List<Table> tables) {
        return MysqlSequences.read(source, mapped(tables));
    }

    @Override
    public Receiver receiver() {
        return new MysqlReceiver(passing, log, this::mapped, config.validation().workers());
    }

    @Override
    public RowText words() {
        return new RowWords(mapped());
    }

    /** What happens to a partition stands in the log as a statement. */
    @Override
    public PostgresPartitions.Look partitions(List<Table> tables) {
        return new PostgresPartitions.Look(List.of(), log.currentPosition());
    }

    @Override
    public void restore() {
        // Beside its log nothing is changed at the source.
    }

    @Override
    public void close() {
        Closing.all(passing, source);
    }
}
