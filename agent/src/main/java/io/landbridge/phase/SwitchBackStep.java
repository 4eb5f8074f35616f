package io.landbridge.phase;

import io.landbridge.apply.ApplierStatus;
import io.landbridge.config.CutoverConfig;
import io.landbridge.cutover.Clients;
import io.landbridge.cutover.CutoverRecord;
import io.landbridge.cutover.CutoverRecord.Status;
import io.landbridge.cutover.CutoverSite;
import io.landbridge.cutover.Evidence;
import io.landbridge.cutover.ForwardSteps;
import io.landbridge.cutover.TrafficDrivers;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.source.LockPatience;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the writes back to the source: the same steps the other way round, with the target fenced
 * and the source's fence taken down where the way out opens the way back.
 */
final class SwitchBackStep {

    static final String KIND = "rollback";

    private static final Logger LOG = LoggerFactory.getLogger(SwitchBackStep.class);

    private final Workplace work;
    private final CutoverConfig config;
    private final StreamDrain drain;

    SwitchBackStep(Workplace work) {
        this.work = work;
        this.config = work.site.config().cutover();
        this.drain = new StreamDrain(work, work::streamBack);
    }

    /** The step to go on with: removing what is ours, or monitoring when it was undone. */
    Optional<Step> perform() throws InterruptedException {
        CutoverRecord record =
                new Move(work, KIND, ForwardSteps::of).carryOut(this::site, drain::breakOff);
        if (record.status() == Status.DONE) {
            work.faults.clear(KIND);
            LOG.info("rolled back: the source takes the writes");
            return Optional.of(Step.ROLL_BACK);
        }
        Fault undone =
                Fault.of(
                                FaultCode.CUTOVER_REFUSED,
                                "the rollback was undone, writers go on at the target: "
                                        + record.failure().orElse("no reason is known"))
                        .hint("see to the cause, then roll back again");
        work.faults.raise(KIND, undone, work.site.clock().instant());
        LOG.error("{}", undone.describe());
        return Optional.of(Step.MONITOR);
    }

    private CutoverSite site(boolean resuming) {
        if (!resuming) {
            endForth();
        }
        LockPatience patience = new LockPatience(config.lockTimeout(), config.lockTries());
        return new CutoverSite(
                readiness(),
                work.site.promptTarget().fence(),
                resuming ? List.of() : work.routeBack().tableIds(),
                patience,
                work.site.promptTarget().log()::emitMarker,
                drain,
                config.drainTimeout(),
                new CutoverProof(work, work::streamBack, () -> {}),
                new SourceOpening(work, work.site.promptSource().fence(), patience),
                new Clients(
                        TrafficDrivers.back(
                                config.traffic(),
                                work.site.migration(),
                                work.site.source().config(),
                                work.site.target().config()),
                        config.holdTimeout(),
                        TrafficDrivers.probe(config.traffic())));
    }

    /** Whoever asked for the traffic was quicker than the end of what carried rows forth. */
    private void endForth() {
        try {
            work.forth.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(FaultCode.CUTOVER_REFUSED, "interrupted", e);
        }
    }

    private io.landbridge.cutover.Readiness readiness() {
        return new io.landbridge.cutover.Readiness()
                .ask("lag", () -> lag(work.streamBack().applier().orElseThrow().status()))
                .ask(
                        "stopped tables",
                        () -> stopped(work.streamBack().applier().orElseThrow().status()));
    }

    /** A way back that has only just been opened has applied nothing yet: the drain will tell. */
    private Evidence lag(ApplierStatus applier) {
        Duration lag =
                applier.committedAt()
                        .map(at -> Duration.between(at, work.site.clock().instant()))
                        .orElse(Duration.ZERO);
        return Evidence.lag(lag, config.monitoring().maxLag(), "the way back lags");
    }

    private static Evidence stopped(ApplierStatus applier) {
        return applier.stopped().isEmpty()
                ? Evidence.good("stopped tables", "none")
                : Evidence.bad(
                        "stopped tables",
                        "not all tables flow back: " + applier.stopped().keySet());
    }
}
