package io.landbridge.phase;

import io.landbridge.config.CutoverConfig;
import io.landbridge.cutover.CutoverRecord;
import io.landbridge.cutover.CutoverRecord.Status;
import io.landbridge.cutover.CutoverSite;
import io.landbridge.cutover.Evidence;
import io.landbridge.cutover.ReversePath;
import io.landbridge.cutover.TrafficDrivers;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.source.LockPatience;
import io.landbridge.source.PostgresFence;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves the writes to the target. */
final class CutoverStep {

    static final String KIND = "cutover";

    private static final Logger LOG = LoggerFactory.getLogger(CutoverStep.class);

    private final Workplace work;
    private final CutoverConfig config;
    private final StreamDrain drain;

    CutoverStep(Workplace work) {
        this.work = work;
        this.config = work.site.config().cutover();
        this.drain = new StreamDrain(work, this::stream);
    }

    /** The step to go on with: monitoring, or following when it was undone. */
    Optional<Step> perform() throws InterruptedException {
        CutoverRecord record = new Move(work, KIND).carryOut(this::site, drain::breakOff);
        return Optional.of(record.status() == Status.DONE ? done(record) : undone(record));
    }

    private Stream stream() {
        Stream stream = work.stream();
        var unused = stream.startApplying(work.state().convergeThrough());
        return stream;
    }

    private CutoverSite site(boolean resuming) {
        return new CutoverSite(
                new Readiness(work).questions(),
                new PostgresFence(work.site.source(), work.site.log()),
                resuming ? List.of() : work.routeForth().tableIds(),
                new LockPatience(config.lockTimeout(), config.lockTries()),
                work.site.log()::emitMarker,
                drain,
                config.drainTimeout(),
                new CutoverProof(work, this::stream, this::complete),
                config.keepsWayBack() ? new WayBack(work) : ReversePath.NONE,
                TrafficDrivers.forward(
                        config.traffic(),
                        work.site.migration(),
                        work.site.source().config(),
                        work.site.target().config()),
                config.holdTimeout());
    }

    /** Behind the fence: what the log does not tell can't happen any more unless it has. */
    private void complete() {
        Evidence partitions = new Readiness(work).partitions();
        if (!partitions.good()) {
            throw Fault.of(FaultCode.CUTOVER_REFUSED, partitions.detail())
                    .hint("run 'landbridge validate', then cut over again");
        }
        work.schema().buildLast();
    }

    private Step done(CutoverRecord record) {
        Optional<SourcePosition> wayBack =
                Optional.ofNullable(record.step("REVERSE").facts().get(WayBack.POSITION))
                        .map(SourcePosition::parse);
        work.journal().update(state -> state.switched(wayBack));
        work.faults.clear(KIND);
        work.undone = 0;
        return Step.MONITOR;
    }

    private Step undone(CutoverRecord record) {
        Fault undone =
                Fault.of(
                                FaultCode.CUTOVER_REFUSED,
                                "the cutover was undone, writers go on at the source: "
                                        + record.failure().orElse("no reason is known"))
                        .hint("see to the cause, then cut over again");
        work.faults.raise(KIND, undone, work.site.clock().instant());
        LOG.error("{}", undone.describe());
        work.undone++;
        return Step.FOLLOW;
    }
}
