package io.landbridge.phase;

import io.landbridge.cutover.CutoverRecord;
import io.landbridge.cutover.CutoverRecord.Status;
import io.landbridge.cutover.ForwardSteps;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves the writes to the target. */
final class CutoverStep {

    static final String KIND = "cutover";

    private static final Logger LOG = LoggerFactory.getLogger(CutoverStep.class);

    private final Workplace work;

    CutoverStep(Workplace work) {
        this.work = work;
    }

    /** The step to go on with: monitoring, or following when it was undone. */
    Optional<Step> perform() throws InterruptedException {
        work.faults.clear(RehearseStep.KIND);
        ForwardGround ground = new ForwardGround(work);
        CutoverRecord record =
                new Move(work, KIND, ForwardSteps::of).carryOut(ground::site, ground::breakOff);
        return Optional.of(record.status() == Status.DONE ? done(record) : undone(record));
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
