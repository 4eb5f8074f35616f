package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.apply.ApplierStatus;
import io.landbridge.apply.Mate;
import io.landbridge.assess.AssessmentReport;
import io.landbridge.assess.Severity;
import io.landbridge.buffer.BufferStatus;
import io.landbridge.buffer.Crew;
import io.landbridge.capture.CaptureStatus;
import io.landbridge.capture.ConnectorStatus;
import io.landbridge.change.TableId;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.cutover.CutoverRecord;
import io.landbridge.cutover.StepRecord;
import io.landbridge.load.BulkLoad;
import io.landbridge.load.LoadStatus;
import io.landbridge.load.LoadStatus.TableLoad;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.phase.MigrationStatus.ApplyState;
import io.landbridge.phase.MigrationStatus.Assessment;
import io.landbridge.phase.MigrationStatus.Attempt;
import io.landbridge.phase.MigrationStatus.Batches;
import io.landbridge.phase.MigrationStatus.CaptureState;
import io.landbridge.phase.MigrationStatus.ConnectorState;
import io.landbridge.phase.MigrationStatus.CrewState;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.phase.MigrationStatus.CutoverStep;
import io.landbridge.phase.MigrationStatus.Finding;
import io.landbridge.phase.MigrationStatus.Identity;
import io.landbridge.phase.MigrationStatus.LoadTotals;
import io.landbridge.phase.MigrationStatus.OtherAgent;
import io.landbridge.phase.MigrationStatus.RepairResult;
import io.landbridge.phase.MigrationStatus.Slot;
import io.landbridge.phase.MigrationStatus.Stage;
import io.landbridge.phase.MigrationStatus.StopReason;
import io.landbridge.phase.MigrationStatus.TableProgress;
import io.landbridge.phase.MigrationStatus.TableState;
import io.landbridge.phase.MigrationStatus.TransportState;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import io.landbridge.source.LogRetention;
import io.landbridge.target.TableState.Stop;
import io.landbridge.validate.RepairReport;
import io.landbridge.validate.RepairedTable;
import io.landbridge.validate.TableResult;
import io.landbridge.validate.Validation;
import io.landbridge.validate.ValidationReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts the status together from what the rooms say of themselves; asks no database. Thread-safe.
 */
final class StatusBoard {

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private final Workplace work;
    private final Gauges gauges;
    private final Controller controller;
    private final Readiness readiness;

    StatusBoard(Workplace work, Gauges gauges, Controller controller) {
        this.work = work;
        this.gauges = gauges;
        this.controller = controller;
        this.readiness = new Readiness(work);
    }

    MigrationStatus status() {
        Instant now = work.site.clock().instant();
        MigrationState state = controller.state();
        Optional<Stream> stream = work.openStream();
        var builder =
                new MigrationStatusBuilder(now, identity(state), stage(state))
                        .capture(stream.map(this::capture).orElseGet(work.forth::capture))
                        .transport(transport(state))
                        .buffer(
                                stream.map(s -> s.buffer().status())
                                        .orElse(new BufferStatus(0, 0, 0, false)))
                        .apply(
                                stream.flatMap(Stream::applier)
                                        .map(this::apply)
                                        .orElseGet(work.forth::apply))
                        .crew(crew(stream))
                        .faults(work.faults.active(), work.faults.counts())
                        .cutover(cutover());
        loadStatus().ifPresent(load -> load(builder, state, load));
        work.assessment.map(StatusBoard::assessment).ifPresent(builder::assessment);
        gauges.retention().map(this::slot).ifPresent(builder::slot);
        work.validation
                .map(this::running)
                .or(() -> work.validationReport.map(StatusBoard::validation))
                .ifPresent(builder::validation);
        work.repair
                .map(running -> repairing())
                .or(() -> work.repairReport.map(StatusBoard::repair))
                .ifPresent(builder::repair);
        return builder.build();
    }

    private CrewState crew(Optional<Stream> stream) {
        if (controller.isLeader()) {
            Optional<Crew> crew = stream.flatMap(Stream::crew);
            return new CrewState(
                    "LEADER",
                    crew.map(Crew::me),
                    crew.map(known -> sorted(known.hand().lanes())).orElse(List.of()),
                    crew.map(Crew::deals).orElse(0L),
                    0,
                    0,
                    Optional.empty(),
                    stream.flatMap(Stream::applier).map(Applier::mates).orElse(List.of()).stream()
                            .map(StatusBoard::other)
                            .toList());
        }
        return controller
                .following()
                .map(
                        status ->
                                new CrewState(
                                        "FOLLOWER",
                                        Optional.of(status.name()),
                                        sorted(status.lanes()),
                                        status.deals(),
                                        status.rounds(),
                                        status.rows(),
                                        known(status.lagRecords()),
                                        List.of()))
                .orElse(CrewState.WAITING);
    }

    private static OtherAgent other(Mate mate) {
        return new OtherAgent(
                mate.agent(), sorted(mate.lanes()), mate.rounds(), mate.rows(), mate.silence());
    }

    private static List<Integer> sorted(Set<Integer> lanes) {
        return lanes.stream().sorted().toList();
    }

    private CutoverState cutover() {
        Optional<CutoverRecord> last = work.lastCutover();
        return new CutoverState(
                last.map(StatusBoard::attempt),
                last.map(record -> record.steps().stream().map(StatusBoard::step).toList())
                        .orElse(List.of()),
                readiness.objections(),
                work.probe.felt());
    }

    private static Attempt attempt(CutoverRecord record) {
        return new Attempt(
                record.attempt(), record.kind(), record.status().name(), record.failure());
    }

    private static CutoverStep step(StepRecord step) {
        String facts =
                step.facts().entrySet().stream()
                        .map(fact -> fact.getKey() + ": " + fact.getValue())
                        .collect(Collectors.joining(", "));
        return new CutoverStep(
                step.name(),
                step.state().name(),
                step.startedAt(),
                step.took(),
                step.failure().orElse(facts));
    }

    /** The load's own word while there is one in this process, else what it left at the target. */
    private Optional<LoadStatus> loadStatus() {
        return work.load
                .map(BulkLoad::status)
                .or(work.forth::load)
                .or(() -> work.knownTables().map(StatusBoard::loadedBefore));
    }

    private static LoadStatus loadedBefore(Tables tables) {
        return new LoadStatus(
                false,
                tables.states().values().stream()
                        .sorted(Comparator.comparing(state -> state.table()))
                        .map(
                                state ->
                                        TableLoad.standing(
                                                state.table(),
                                                state.isLoaded(),
                                                0,
                                                state.rows(),
                                                state.bytes()))
                        .toList(),
                0,
                0,
                Optional.empty(),
                0,
                Optional.empty());
    }

    private Identity identity(MigrationState state) {
        return new Identity(
                state.migration(),
                state.strategy().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                work.site.source().config().display(),
                work.site.target().config().display(),
                controller.isLeader());
    }

    private static Stage stage(MigrationState state) {
        return new Stage(
                state.phase().name(),
                state.ended().isPresent() ? "" : state.step().name(),
                state.since(),
                state.startedAt(),
                state.paused(),
                state.rewound()
                        .map(
                                where ->
                                        new MigrationStatus.Rewound(
                                                where.to(),
                                                where.position().text(),
                                                where.committedAt())));
    }

    private TransportState transport(MigrationState state) {
        Mode wanted = work.transport.wanted();
        return new TransportState(
                spelling(state.streamStart().isPresent() ? state.carriedBy() : wanted),
                spelling(wanted));
    }

    private static String spelling(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private CaptureState capture(Stream stream) {
        CaptureStatus capture = stream.capture().status();
        return new CaptureState(
                switch (capture.state()) {
                    case STOPPED -> "OFF";
                    case RECOVERING -> "RECONNECTING";
                    case STARTING, STREAMING, FAILED -> capture.state().name();
                },
                capture.captured().map(SourcePosition::text),
                behind(capture.captured()),
                capture.transactions(),
                capture.changes(),
                capture.restarts(),
                capture.connector().map(StatusBoard::connector));
    }

    private static ConnectorState connector(ConnectorStatus status) {
        return new ConnectorState(
                status.state().name(),
                status.restarts(),
                known(status.lagRecords()),
                known(status.lagBytes()));
    }

    private static Optional<Long> known(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    /** Bytes of log between {@code position} and where the source was when last looked at. */
    private Optional<Long> behind(Optional<SourcePosition> position) {
        Optional<SourcePosition> source = gauges.sourcePosition();
        if (position.isPresent()
                && source.isPresent()
                && position.get() instanceof Lsn here
                && source.get() instanceof Lsn there) {
            return Optional.of(Math.max(0, there.bytesSince(here)));
        }
        return Optional.empty();
    }

    private ApplyState apply(Applier applier) {
        ApplierStatus status = applier.status();
        return new ApplyState(
                switch (status.state()) {
                    case NEW, CLOSED -> "OFF";
                    case HELD -> "HELD";
                    case RUNNING, RETRYING, FAILED -> status.mode().name();
                },
                work.site.config().apply().workers(),
                status.applied().map(SourcePosition::text),
                status.committedAt().map(this::age),
                behind(status.applied()),
                status.transactions(),
                status.changes(),
                new Batches(
                        status.batches(),
                        status.written(),
                        status.lastBatchChanges(),
                        status.lastBatchMillis()),
                status.retries(),
                status.fallbacks());
    }

    /**
     * How old the last applied commit is. Heartbeats commit at the source all the time, so this is
     * the lag even when the application writes nothing; up to a heartbeat's interval counts as
     * none.
     */
    private Duration age(Instant committedAt) {
        Duration age = Duration.between(committedAt, work.site.clock().instant());
        return age.compareTo(HEARTBEAT) < 0 ? Duration.ZERO : age;
    }

    private void load(MigrationStatusBuilder builder, MigrationState state, LoadStatus load) {
        Map<TableId, Stop> stopped =
                work.openStream()
                        .flatMap(Stream::applier)
                        .map(applier -> applier.status().stopped())
                        .orElse(Map.of());
        Map<TableId, Long> changes =
                work.openStream()
                        .flatMap(Stream::applier)
                        .map(Applier::changesByTable)
                        .orElse(Map.of());
        List<TableProgress> tables =
                load.tables().stream()
                        .map(
                                table ->
                                        progress(
                                                table,
                                                state,
                                                changes.getOrDefault(table.table(), 0L),
                                                stopped.get(table.table())))
                        .toList();
        builder.load(
                new LoadTotals(
                        load.tables().size(),
                        load.tablesLoaded(),
                        load.rows(),
                        load.rowsEstimated(),
                        load.bytes(),
                        load.bytesEstimated(),
                        load.rowsPerSecond(),
                        load.bytesPerSecond(),
                        load.timeLeft()),
                tables);
    }

    private static TableProgress progress(
            TableLoad table, MigrationState state, long changes, Stop stop) {
        return new TableProgress(
                table.table(),
                tableState(table, state.step(), stop),
                table.rows(),
                table.rowsEstimated(),
                table.bytes(),
                table.bytesEstimated(),
                table.rowsPerSecond(),
                table.timeLeft(),
                changes,
                Optional.ofNullable(stop).map(s -> new StopReason(s.code().name(), s.reason())));
    }

    private static TableState tableState(TableLoad table, Step step, Stop stop) {
        if (stop != null) {
            return TableState.STOPPED;
        }
        return switch (step) {
            case BUILD_KEYS, BUILD_REST -> TableState.BUILDING;
            case CONVERGE, FOLLOW, VALIDATE, CUT_OVER, MONITOR, SWITCH_BACK -> TableState.FOLLOWING;
            default ->
                    table.loaded()
                            ? TableState.LOADED
                            : table.rows() > 0 ? TableState.LOADING : TableState.PENDING;
        };
    }

    private Slot slot(LogRetention retention) {
        return new Slot(
                work.openStream()
                        .map(stream -> stream.route().log())
                        .orElse(work.site.log())
                        .name(),
                retention.bytes(),
                retention.confirmed().text(),
                retention.walStatus().orElse(""),
                known(retention.safeBytesLeft()),
                retention.untilLost(),
                retention.bytes() >= work.site.config().metrics().retentionAlarmBytes());
    }

    static Assessment assessment(AssessmentReport report) {
        return new Assessment(
                report.at(),
                report.count(Severity.BLOCKER),
                report.count(Severity.WARNING),
                report.count(Severity.NOTE),
                report.findings().stream()
                        .map(
                                finding ->
                                        new Finding(
                                                finding.severity().name(),
                                                finding.code().name(),
                                                finding.object(),
                                                finding.why(),
                                                finding.whatToDo()))
                        .toList());
    }

    private RepairResult repairing() {
        return new RepairResult(
                "RUNNING",
                controller.state().since(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                List.of(),
                List.of());
    }

    private static RepairResult repair(RepairReport report) {
        return new RepairResult(
                report.clean() ? "REPAIRED" : "NOT_REPAIRED",
                report.startedAt(),
                Optional.of(report.startedAt().plus(report.duration())),
                Optional.of(report.position()),
                report.tables().size(),
                report.mended(),
                report.tables().stream()
                        .filter(RepairedTable::restarted)
                        .map(RepairedTable::table)
                        .toList(),
                report.unrepaired().stream().map(RepairedTable::table).toList());
    }

    private ValidationResult running(Validation validation) {
        return new ValidationResult(
                "RUNNING",
                work.site.config().validation().mode().name(),
                controller.state().since(),
                Optional.empty(),
                Optional.empty(),
                work.knownTables().map(tables -> (long) tables.source().size()).orElse(0L),
                validation.progress(),
                0,
                0,
                List.of(),
                0);
    }

    private static ValidationResult validation(ValidationReport report) {
        return new ValidationResult(
                report.clean() ? "CLEAN" : "DIFFERENT",
                report.mode().name(),
                report.startedAt(),
                Optional.of(report.startedAt().plus(report.duration())),
                Optional.of(report.position()).filter(text -> !text.isEmpty()),
                report.tables().size(),
                report.tables().size(),
                report.comparedRows(),
                report.differences(),
                report.failed().stream().map(TableResult::table).toList(),
                report.blocking());
    }
}
