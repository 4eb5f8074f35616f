package io.landbridge.phase;

import io.landbridge.assess.AssessmentReport;
import io.landbridge.assess.Finding;
import io.landbridge.assess.FindingCode;
import io.landbridge.assess.Severity;
import io.landbridge.change.TableId;
import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.schema.SchemaProgress;
import io.landbridge.schema.SchemaTransfer;
import io.landbridge.schema.Table;
import io.landbridge.target.TableStates;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the work of each step, and says which step comes next. Owned by the controller's thread. */
final class Steps {

    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    private final Workplace work;
    private final Site site;
    private final FollowStep follow;
    private final MonitorStep monitor;
    private final RollBackStep rollBack;

    Steps(Workplace work) {
        this.work = work;
        this.site = work.site;
        this.follow = new FollowStep(work);
        this.monitor = new MonitorStep(work);
        this.rollBack = new RollBackStep(work);
    }

    /**
     * Does {@code step}, from its start or from where a crash left it.
     *
     * @return the step to go on with; empty to be called again for the same
     */
    Optional<Step> perform(Step step, Until goal) throws InterruptedException {
        switch (step) {
            case ASSESS -> assess();
            case PREPARE_TARGET -> prepareTarget();
            case OPEN_STREAM -> work.forth.open();
            case COPY -> work.forth.copy();
            case BUILD_KEYS -> build(schema -> schema.buildKeys(new BuildLog()));
            case CONVERGE -> work.forth.converge();
            // The applier holds: an index build and a writer would only wait for each other.
            case BUILD_REST -> build(schema -> schema.buildRest(new BuildLog()));
            case FOLLOW -> {
                return follow.perform(goal);
            }
            case VALIDATE -> {
                new ValidateStep(work).perform();
                if (work.strategy() == Strategy.FULL_LOAD && !work.requests.wantsBreakOff()) {
                    return endLoad();
                }
            }
            case REPAIR -> new RepairStep(work).perform();
            case REWIND -> new RewindStep(work).perform();
            case REHEARSE -> new RehearseStep(work).perform();
            case CUT_OVER -> {
                return new CutoverStep(work).perform();
            }
            case MONITOR -> {
                return monitor.perform();
            }
            case SWITCH_BACK -> {
                return new SwitchBackStep(work).perform();
            }
            case ROLL_BACK -> {
                return rollBack.perform();
            }
        }
        return work.requests.wantsBreakOff()
                ? Optional.empty()
                : Optional.of(step.next(work.strategy()));
    }

    /** Nothing follows a load without a stream: equal is complete. */
    private Optional<Step> endLoad() {
        var outcome = work.state().lastValidation().orElseThrow();
        if (!outcome.clean()) {
            throw Fault.of(FaultCode.VALIDATION_FAILED, "the target does not equal the source")
                    .hint("see " + outcome.report());
        }
        work.journal().update(state -> state.end(Phase.COMPLETE, site.clock().instant()));
        return Optional.empty();
    }

    private void assess() {
        AssessmentReport report = look(site);
        work.assessment = Optional.of(report);
        List<String> blockers = report.blockers().stream().map(f -> f.describe()).toList();
        if (!blockers.isEmpty()) {
            throw Fault.of(
                            FaultCode.ASSESSMENT_BLOCKED,
                            "the assessment found "
                                    + blockers.size()
                                    + " blocker(s):\n  "
                                    + String.join("\n  ", blockers))
                    .hint("nothing was touched; solve them and start again");
        }
        work.forth.check();
    }

    /** Ends what the source still keeps of ours after a cutover: it takes writes again. */
    void takeDownFence() {
        site.source().fence().lift();
        LOG.info("finished: the source holds nothing of migration {}", site.migration());
    }

    static AssessmentReport look(Site site) {
        return site.source().assess();
    }

    /** As {@link #look}, and whether what is to carry the changes could be used. */
    static AssessmentReport lookAtAll(Site site) {
        AssessmentReport report = look(site);
        Mode mode = site.config().transport().mode();
        if (mode == Mode.CHRONICLE || site.config().migration().strategy() == Strategy.FULL_LOAD) {
            return report;
        }
        try {
            site.forthLine().check(mode);
            return report;
        } catch (Fault why) {
            return report.with(
                    new Finding(
                            Severity.BLOCKER,
                            FindingCode.TRANSPORT,
                            "transport.mode",
                            why.code() + ": " + why.getMessage(),
                            why.hint()));
        }
    }

    private void prepareTarget() throws InterruptedException {
        work.journal().persist();
        if (work.schema().tables().isEmpty()) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "tables.include selects no table at the source")
                    .hint("check tables.include and tables.exclude, and the role's rights");
        }
        SnapshotStep snapshot = new SnapshotStep(work);
        snapshot.take();
        if (work.requests.wantsBreakOff()) {
            return;
        }
        build(
                schema -> {
                    schema.prepare();
                    if (work.strategy() != Strategy.CDC_ONLY) {
                        schema.dropForLoad();
                    }
                });
        if (work.requests.wantsBreakOff()) {
            return;
        }
        snapshot.makeWay();
        List<TableId> tables = work.schema().tables().stream().map(Table::id).toList();
        site.target()
                .inTransaction(
                        "registering the tables",
                        connection -> {
                            ProgressStore.createTable(connection);
                            TableStates.createTable(connection);
                            site.states().register(connection, tables);
                            return null;
                        });
        work.forgetTables();
        LOG.info("{} tables to move", work.tables().source().size());
    }

    /** DDL can take hours; a stop must not wait for it. */
    private void build(Consumer<SchemaTransfer> what) throws InterruptedException {
        SchemaTransfer schema = work.schema();
        try (StreamWatch watch = new StreamWatch(work, schema::cancel)) {
            work.requests.breakable(schema::cancel, () -> what.accept(schema));
            watch.check();
        }
    }

    /** Says once what kind of object is being built; the rest is for who debugs. */
    private static final class BuildLog implements Consumer<SchemaProgress> {

        private String doing = "";

        @Override
        public synchronized void accept(SchemaProgress progress) {
            if (!progress.doing().equals(doing)) {
                doing = progress.doing();
                LOG.info("building {}", doing);
            }
            LOG.debug("built {} of {}", progress.done(), progress.total());
        }
    }
}
