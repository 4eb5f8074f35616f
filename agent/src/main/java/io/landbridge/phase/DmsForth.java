package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.cutover.Drain;
import io.landbridge.cutover.Evidence;
import io.landbridge.cutover.Proof;
import io.landbridge.dms.DmsClient;
import io.landbridge.dms.MarkerRow;
import io.landbridge.dms.ReplicationTask;
import io.landbridge.dms.TableStatistic;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.load.LoadStatus;
import io.landbridge.load.LoadStatus.TableLoad;
import io.landbridge.phase.MigrationStatus.ApplyState;
import io.landbridge.phase.MigrationStatus.Batches;
import io.landbridge.phase.MigrationStatus.CaptureState;
import io.landbridge.schema.Table;
import io.landbridge.target.Documents;
import io.landbridge.target.PostgresTables;
import io.landbridge.validate.EqualParts;
import io.landbridge.validate.ValidationReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replication task of AWS DMS. While it is to be running it is watched; it stands still while
 * indexes are built, while the migration is paused, and from the drain on.
 */
final class DmsForth implements WayForth {

    private static final Logger LOG = LoggerFactory.getLogger(DmsForth.class);
    private static final long GLANCE_MILLIS = 50;
    private static final long IDLE_MILLIS = 250;

    private final Workplace work;
    private final Site site;
    private final Database source;
    private final DmsClient client;
    private final ReplicationTask task;
    private final MarkerRow marker;
    private final DmsDrain drain;
    private volatile Optional<DmsWatch> watch = Optional.empty();

    /** Whether we have stopped the task, and not let it go on since. */
    private volatile boolean held;

    DmsForth(Workplace work) {
        this.work = work;
        this.site = work.site;
        this.source = new Database(site.config().source(), Side.SOURCE);
        this.client = new DmsClient(site.config().dms());
        this.task =
                new ReplicationTask(
                        client,
                        site.config().dms(),
                        site.migration(),
                        new Documents(site.target(), site.migration()));
        this.marker =
                new MarkerRow(
                        source.answeringWithin(Site.SILENCE),
                        site.target().answeringWithin(Site.SILENCE),
                        site.migration());
        this.drain = new DmsDrain(site, marker, this);
    }

    @Override
    public void check() {
        task.check();
    }

    /** The task is there and not started: its first position is before the first row it copies. */
    @Override
    public void open() throws InterruptedException {
        work.partitions.begin(work.tables().source());
        marker.make();
        List<TableId> moving =
                new ArrayList<>(work.tables().source().stream().map(Table::id).toList());
        moving.add(MarkerRow.TABLE);
        task.prepare(moving, this::unlessBrokenOff);
    }

    @Override
    public void copy() throws InterruptedException {
        if (!task.isStarted()) {
            site.target().inTransaction("looking whether the tables are empty", this::takeOver);
        }
        while (!work.requests.wantsBreakOff()) {
            if (work.requests.isPaused()) {
                halt(this::unlessBrokenOff);
                work.requests.await(IDLE_MILLIS);
                continue;
            }
            go().check();
            if (go().running().filter(ReplicationTask.Running::isLoaded).isPresent()) {
                return;
            }
            work.requests.await(GLANCE_MILLIS);
        }
    }

    /** From here on the rows in these tables came by the migration, and go with it. */
    private Void takeOver(Connection connection) throws SQLException {
        PostgresTables.refuseRows(
                connection, work.tables().target().values().stream().map(Table::id).toList());
        for (Table table : work.tables().source()) {
            site.states().markLoaded(connection, table.id(), null);
        }
        return null;
    }

    /** All that was cached during the copy is applied once a marker behind it has arrived. */
    @Override
    public void converge() throws InterruptedException {
        DmsWatch running = go();
        long number = marker.write();
        while (!marker.hasArrived(number)) {
            if (work.requests.wantsBreakOff()) {
                return;
            }
            running.check();
            work.requests.await(GLANCE_MILLIS);
        }
        halt(this::unlessBrokenOff);
    }

    @Override
    public boolean follow() throws InterruptedException {
        if (work.requests.isPaused()) {
            halt(this::unlessBrokenOff);
        } else {
            go().check();
            if (!work.state().caughtUp() && isClose()) {
                work.journal().update(MigrationState::closeToSource);
                LOG.info("caught up with the source");
            }
        }
        if (!work.state().caughtUp()) {
            work.requests.await(GLANCE_MILLIS);
        }
        return work.state().caughtUp();
    }

    @Override
    public void idle() throws InterruptedException {
        work.requests.await(IDLE_MILLIS);
    }

    @Override
    public boolean isClose() {
        return lag().good();
    }

    @Override
    public List<Evidence> evidence() {
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(lag());
        evidence.add(
                watch.flatMap(DmsWatch::running)
                        .map(running -> Evidence.good("DMS", running.task().describe()))
                        .orElse(Evidence.bad("DMS", "the replication task is not known to run")));
        watch.flatMap(DmsWatch::latency)
                .ifPresent(
                        told ->
                                evidence.add(
                                        new Evidence(
                                                "DMS latency",
                                                told.longest().compareTo(bound()) <= 0,
                                                told.describe())));
        return evidence;
    }

    private Evidence lag() {
        return watch.flatMap(DmsWatch::lag)
                .map(lag -> Evidence.lag(lag, bound(), "the lag is"))
                .orElse(Evidence.bad("lag", "no marker has arrived yet"));
    }

    private Duration bound() {
        return site.config().cutover().maxLag();
    }

    @Override
    public void checkCan(Step step) {
        if (step == Step.REPAIR || step == Step.REWIND) {
            throw Fault.of(
                            FaultCode.USAGE,
                            "DMS moves the rows, and its stream can't be held for that")
                    .hint(
                            step == Step.REPAIR
                                    ? "reload the tables that differ at DMS (ReloadTables), then"
                                            + " validate again"
                                    : "'landbridge rollback' without --to is possible");
        }
    }

    @Override
    public ValidationReport compare(ComparisonOrder order, EqualParts known) {
        try {
            var unused = go();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return new Comparison(work, work.routeForth()).settling(order, known, this::travel);
    }

    /** Returns once all that is committed by now has arrived. */
    private void travel() {
        Duration patience = site.config().validation().meetTimeout();
        long deadline = System.nanoTime() + patience.toNanos();
        long number = marker.write();
        try {
            while (!marker.hasArrived(number)) {
                watch.ifPresent(DmsWatch::check);
                if (work.requests.wantsBreakOff()) {
                    throw Fault.of(FaultCode.VALIDATION_MISSED, "somebody asked to stop");
                }
                if (System.nanoTime() - deadline > 0) {
                    throw Fault.of(
                                    FaultCode.VALIDATION_MISSED,
                                    "no marker came through DMS within "
                                            + patience.toSeconds()
                                            + " s")
                            .hint("see to DMS's latency, or raise validation.meet-timeout");
                }
                work.requests.await(GLANCE_MILLIS);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Fault interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return Fault.of(FaultCode.VALIDATION_FAILED, "the validation was interrupted", e);
    }

    @Override
    public void emitMarker(String content) {
        drain.mark();
    }

    @Override
    public Drain drain() {
        return drain;
    }

    @Override
    public void breakOff() {
        drain.breakOff();
    }

    @Override
    public Proof proof(Runnable last) {
        return new DmsProof(work, last);
    }

    /**
     * A rollback that is asked for meanwhile waits: DMS would carry what flows back forth again.
     */
    @Override
    public void end() throws InterruptedException {
        remove(
                millis -> {
                    work.requests.await(millis);
                    return !work.requests.isStopped();
                });
    }

    @Override
    public void remove() throws InterruptedException {
        remove(this::unlessBrokenOff);
    }

    private void remove(ReplicationTask.Pause pause) throws InterruptedException {
        closeWatch();
        if (task.isGiven()) {
            LOG.warn(
                    "the replication task that was given is stopped and stays; delete it at DMS, since"
                            + " its slot keeps the source's log");
        }
        task.remove(pause);
        marker.remove();
    }

    /** The watch of the task, which runs when this returns. */
    private DmsWatch go() throws InterruptedException {
        if (watch.isEmpty()) {
            task.go(this::unlessBrokenOff);
            held = false;
            watch = Optional.of(DmsWatch.start(work, task, marker));
        }
        return watch.orElseThrow();
    }

    /** As far as it can be done without waiting; from any thread. */
    void goSoon() {
        held = false;
        task.goSoon();
    }

    /** Nothing moves when this returns; from any thread, while no other one waits here. */
    void halt(ReplicationTask.Pause pause) throws InterruptedException {
        if (!held) {
            closeWatch();
            task.halt(pause);
            held = true;
        }
    }

    private boolean unlessBrokenOff(long millis) throws InterruptedException {
        work.requests.await(millis);
        return !work.requests.wantsBreakOff();
    }

    private void closeWatch() {
        watch.ifPresent(DmsWatch::close);
        watch = Optional.empty();
    }

    @Override
    public void letGo() {
        held = false;
        closeWatch();
        client.close();
    }

    @Override
    public void close() {
        Closing.all(this::letGo, source);
    }

    @Override
    public Optional<LoadStatus> load() {
        return watch.flatMap(DmsWatch::running)
                .filter(running -> running.tables().stream().anyMatch(this::isOurs))
                .map(
                        running ->
                                new LoadStatus(
                                        false,
                                        running.tables().stream()
                                                .filter(this::isOurs)
                                                .map(DmsForth::load)
                                                .sorted(
                                                        (one, other) ->
                                                                one.table()
                                                                        .compareTo(other.table()))
                                                .toList(),
                                        0,
                                        0,
                                        Optional.empty(),
                                        0,
                                        Optional.empty()));
    }

    /** A task that was given may carry others, too, and each carries the markers. */
    private boolean isOurs(TableStatistic one) {
        return work.knownTables()
                .filter(tables -> tables.states().containsKey(one.table()))
                .isPresent();
    }

    private static TableLoad load(TableStatistic table) {
        return TableLoad.standing(table.table(), table.isLoaded(), 1, table.rows(), 0);
    }

    @Override
    public CaptureState capture() {
        return watch.isPresent()
                ? new CaptureState(
                        watch.flatMap(DmsWatch::running).isPresent() ? "STREAMING" : "STARTING",
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        changes(),
                        0,
                        Optional.empty())
                : CaptureState.OFF;
    }

    @Override
    public ApplyState apply() {
        return watch.isPresent()
                ? new ApplyState(
                        "STRICT",
                        1,
                        Optional.empty(),
                        watch.flatMap(DmsWatch::lag),
                        Optional.empty(),
                        0,
                        changes(),
                        Batches.NONE,
                        0,
                        0)
                : ApplyState.OFF;
    }

    private long changes() {
        return watch.flatMap(DmsWatch::running)
                .map(running -> running.tables().stream().mapToLong(TableStatistic::changes).sum())
                .orElse(0L);
    }
}
