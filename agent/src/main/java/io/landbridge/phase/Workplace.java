package io.landbridge.phase;

import io.landbridge.apply.Sharing;
import io.landbridge.assess.AssessmentReport;
import io.landbridge.buffer.Crew;
import io.landbridge.change.TableId;
import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.cutover.Cutover;
import io.landbridge.cutover.CutoverRecord;
import io.landbridge.cutover.Probe;
import io.landbridge.cutover.TableProof;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.load.BulkLoad;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.SchemaTransfer;
import io.landbridge.validate.Repair;
import io.landbridge.validate.RepairReport;
import io.landbridge.validate.Validation;
import io.landbridge.validate.ValidationReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * What the steps share: the state, the tables, the rooms that are open. Changed by the controller's
 * thread; the status reads it from others, so fields are volatile.
 */
final class Workplace implements AutoCloseable {

    private static final Duration REST = Duration.ofSeconds(15);

    final Site site;
    final Requests requests;
    final FaultBoard faults;
    final PartitionWatch partitions;
    final TransportSwitch transport;
    final WayForth forth;
    private final Leadership leadership;
    private volatile Journal journal;

    volatile Optional<AssessmentReport> assessment = Optional.empty();
    volatile Optional<BulkLoad> load = Optional.empty();
    volatile Optional<Validation> validation = Optional.empty();
    volatile Optional<ValidationReport> validationReport = Optional.empty();
    volatile Optional<Repair> repair = Optional.empty();
    volatile Optional<RepairReport> repairReport = Optional.empty();
    volatile Optional<Cutover> cutover = Optional.empty();

    /** Of the move that runs, or ran last in this process. */
    volatile Probe probe = Probe.NONE;

    /** What that move has shown of each table behind the fence. */
    volatile List<TableProof> tableProofs = List.of();

    /** When the last validation came to nothing since both sides did not meet. */
    volatile Optional<Instant> missedValidation = Optional.empty();

    /** Attempts undone, one after the other, in this process; the controller's thread only. */
    int undone;

    private volatile Optional<CutoverRecord> earlierCutover = Optional.empty();
    private volatile Tables tables;
    private volatile long shapes;
    private volatile SchemaTransfer schema;
    private volatile Stream stream;

    Workplace(Site site, Leadership leadership, Requests requests, FaultBoard faults) {
        this.site = site;
        this.leadership = leadership;
        this.requests = requests;
        this.faults = faults;
        this.partitions = new PartitionWatch(site, faults);
        this.transport = new TransportSwitch(this);
        this.forth =
                site.config().migration().strategy() == Strategy.AWS_DMS
                        ? new DmsForth(this)
                        : new StreamForth(this);
    }

    /** Gives the steps the state to work on; called once, when this agent leads. */
    void open(Journal opened) {
        journal = opened;
        earlierCutover = site.cutovers().read();
    }

    /** The attempt to move the traffic that runs or ran last, whoever made it. */
    Optional<CutoverRecord> lastCutover() {
        return cutover.flatMap(Cutover::record).or(() -> earlierCutover);
    }

    Journal journal() {
        return journal;
    }

    MigrationState state() {
        return journal.state();
    }

    Strategy strategy() {
        return state().strategy();
    }

    /** The registered tables, read once; {@link #forgetTables} makes them read again. */
    Tables tables() {
        long now = site.source().shapes();
        if (now != shapes) {
            forgetTables();
            shapes = now;
        }
        if (tables == null) {
            tables = Tables.registered(site, schema());
        }
        return tables;
    }

    Optional<Tables> knownTables() {
        return Optional.ofNullable(tables);
    }

    void forgetTables() {
        tables = null;
        schema = null;
    }

    /** The target's schema for the registered tables. */
    SchemaTransfer schema() {
        if (schema == null) {
            schema = site.source().schema();
        }
        return schema;
    }

    Route routeForth() {
        return site.forth(tables());
    }

    Route routeBack() {
        return site.back(tables(), LeftOut.kept(site, tables()));
    }

    /** The stream to the target, opened at first use. */
    Stream stream() {
        if (stream == null) {
            stream =
                    Stream.open(
                            site.config(),
                            routeForth(),
                            state().carriedBy(),
                            state().streamStart().orElseThrow(),
                            crew(state().carriedBy())
                                    .map(
                                            crew ->
                                                    new Sharing(
                                                            crew,
                                                            site.target(),
                                                            leadership::isHeld)));
        }
        return stream;
    }

    /**
     * The agents that share the writing of the stream to the target, where {@code mode} lets them.
     */
    Optional<Crew> crew(Mode mode) {
        return site.forthLine().crew(mode, site.config().apply().workers());
    }

    /** The stream back to the source, applied by the time it is returned. */
    Stream streamBack() {
        if (stream == null) {
            SourcePosition start = state().wayBack().orElseThrow();
            Stream opened =
                    Stream.open(
                            site.config(),
                            routeBack(),
                            state().carriedBy(),
                            start,
                            Optional.empty());
            opened.equalAt(start);
            stream = opened;
        }
        var unused = stream.startApplying(Optional.empty());
        return stream;
    }

    /**
     * Whether a cutover was undone so lately that the next one that nobody asked for should wait:
     * what stood in its way may still be there, and every attempt makes clients wait.
     */
    boolean isTooEarlyToTryAgain() {
        return cutover.flatMap(Cutover::record)
                .filter(last -> last.status() == CutoverRecord.Status.UNDONE)
                .flatMap(CutoverRecord::endedAt)
                .filter(end -> end.plus(REST).isAfter(site.clock().instant()))
                .isPresent();
    }

    /** Whether a validation that nobody ordered came to nothing so lately that it would again. */
    boolean isTooEarlyToValidate() {
        Duration interval = site.config().validation().interval();
        Duration wait = interval.isZero() ? REST : interval;
        return missedValidation
                .filter(missed -> missed.plus(wait).isAfter(site.clock().instant()))
                .isPresent();
    }

    /** Whether the last comparison is clean and young enough to cut over on. */
    boolean isProven() {
        return Readiness.isFresh(state(), site) && partitions.isCoveredBy(state().lastValidation());
    }

    /** Looks whether partitions of {@code moving} changed behind the stream's back. */
    void lookAtPartitions(Tables moving) {
        partitions.look(moving.source(), state().lastValidation());
    }

    Reports reports() {
        return new Reports(site.config().stateDir());
    }

    /** As the longer form, for as long as it takes. */
    void waitFor(Future<?> future) throws InterruptedException {
        var unused = waitFor(future, Duration.ofDays(365));
    }

    /**
     * Waits for {@code future} while looking after the stream and after what is asked for.
     *
     * @return false when it did not come within {@code atMost}, or the step is broken off
     */
    boolean waitFor(Future<?> future, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!future.isDone() && !requests.wantsBreakOff() && System.nanoTime() - deadline < 0) {
            checkStream();
            requests.await(20);
        }
        if (future.isDone()) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Fault fault
                        ? fault
                        : Fault.of(FaultCode.INTERNAL, "the stream refused a request", e);
            }
            return true;
        }
        future.cancel(false);
        return false;
    }

    /** Holds or lets go what moves rows now. */
    void pause(boolean paused) {
        load.ifPresent(paused ? BulkLoad::pause : BulkLoad::resume);
        if (paused) {
            openStream()
                    .flatMap(Stream::applier)
                    .ifPresent(
                            applier -> {
                                var unused = applier.hold();
                            });
        }
    }

    Optional<Stream> openStream() {
        return Optional.ofNullable(stream);
    }

    void closeStream() {
        Stream open = stream;
        stream = null;
        Closing.all(open);
    }

    /** Throws what the stream ended with, if it did: looked at while a step waits. */
    void checkStream() {
        openStream().ifPresent(Stream::check);
    }

    /**
     * Keeps what a move has shown behind the fence, for its report.
     *
     * @param applied changes of each table, as far as they are counted
     */
    void keepProof(ValidationReport report, Map<TableId, Long> applied) {
        tableProofs =
                report.tables().stream()
                        .map(
                                table ->
                                        new TableProof(
                                                table.table(),
                                                applied.getOrDefault(table.table(), 0L),
                                                table.comparedRows(),
                                                table.sourceHash(),
                                                table.targetHash()))
                        .toList();
        if (!report.clean()) {
            reports().write(report);
        }
    }

    @Override
    public void close() {
        probe.end();
        Closing.all(forth, this::closeStream);
    }
}
