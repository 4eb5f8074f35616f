package io.landbridge.phase;

import io.landbridge.cutover.CutoverRecord;
import io.landbridge.cutover.CutoverRecord.Status;
import io.landbridge.cutover.RehearsalSteps;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rehearses the cutover: what it finds is told, what it makes goes again, nobody is held. */
final class RehearseStep {

    static final String KIND = "dry-run";

    private static final Logger LOG = LoggerFactory.getLogger(RehearseStep.class);

    private final Workplace work;

    RehearseStep(Workplace work) {
        this.work = work;
    }

    void perform() throws InterruptedException {
        ForwardGround ground = new ForwardGround(work);
        CutoverRecord record =
                new Move(work, KIND, RehearsalSteps::of).carryOut(ground::site, ground::breakOff);
        if (record.status() == Status.DONE) {
            work.faults.clear(KIND);
            LOG.info(
                    "a cutover would go through; expected pause: {}",
                    record.step(RehearsalSteps.LAST).facts().get(RehearsalSteps.EXPECTED_PAUSE));
            return;
        }
        Fault failed =
                Fault.of(
                                FaultCode.CUTOVER_REFUSED,
                                "a cutover would not go through: "
                                        + record.failure().orElse("no reason is known"))
                        .hint("see to the cause; the dry run has taken back what it made");
        work.faults.raise(KIND, failed, work.site.clock().instant());
        LOG.warn("{}", failed.describe());
    }
}
