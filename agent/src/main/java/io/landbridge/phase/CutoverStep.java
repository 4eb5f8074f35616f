package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.config.CutoverConfig;
import io.landbridge.cutover.Cutover;
import io.landbridge.cutover.CutoverJournal;
import io.landbridge.cutover.CutoverRecord;
import io.landbridge.cutover.CutoverRecord.Status;
import io.landbridge.cutover.CutoverSite;
import io.landbridge.cutover.ForwardSteps;
import io.landbridge.cutover.ReversePath;
import io.landbridge.cutover.TrafficDriver;
import io.landbridge.cutover.TrafficDrivers;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Table;
import io.landbridge.source.LockPatience;
import io.landbridge.source.PostgresFence;
import io.landbridge.validate.Validation;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the writes, by the journaled steps of {@link ForwardSteps}. An attempt that an earlier
 * agent, or a fault, left unfinished is brought to its end first: nothing else is opened before, so
 * that the source does not stay shut for longer than it takes to reach both databases.
 */
final class CutoverStep {

    private static final Logger LOG = LoggerFactory.getLogger(CutoverStep.class);

    private final Workplace work;
    private final CutoverConfig config;
    private final StreamDrain drain;

    CutoverStep(Workplace work) {
        this.work = work;
        this.config = work.site.config().cutover();
        this.drain = new StreamDrain(work);
    }

    /** The step to go on with: monitoring, or following when it was undone. */
    Optional<Step> perform() throws InterruptedException {
        CutoverJournal journal = work.site.cutovers();
        Optional<CutoverRecord> last = journal.read();
        if (last.isPresent() && last.get().status().isOver() && isOfThisStep(last.get())) {
            return Optional.of(conclude(last.get()));
        }
        boolean resuming = last.isPresent() && !last.get().status().isOver();
        List<TableId> tables =
                resuming ? List.of() : work.tables().source().stream().map(Table::id).toList();
        Cutover cutover =
                new Cutover("cutover", ForwardSteps.of(site(tables)), journal, work.site.clock());
        work.cutover = Optional.of(cutover);
        work.requests.breakable(
                this::breakOff,
                () -> {
                    if (resuming) {
                        cutover.resume();
                    } else {
                        cutover.run();
                    }
                });
        return Optional.of(conclude(cutover.record().orElseThrow()));
    }

    /** Whether this entry into the step made the attempt: it ended, but the step did not. */
    private boolean isOfThisStep(CutoverRecord attempt) {
        return !attempt.startedAt().isBefore(work.state().since());
    }

    private CutoverSite site(List<TableId> tables) {
        return new CutoverSite(
                new Readiness(work).questions(),
                new PostgresFence(work.site.source(), work.site.log()),
                tables,
                new LockPatience(config.lockTimeout(), config.lockTries()),
                work.site.log()::emitMarker,
                drain,
                config.drainTimeout(),
                new CutoverProof(work),
                ReversePath.NONE,
                driver(),
                config.holdTimeout());
    }

    private TrafficDriver driver() {
        return TrafficDrivers.forward(
                config.traffic(),
                work.site.migration(),
                work.site.source().config(),
                work.site.target().config());
    }

    private void breakOff() {
        drain.breakOff();
        work.validation.ifPresent(Validation::cancel);
    }

    private Step conclude(CutoverRecord record) {
        work.reports().write(record);
        if (record.status() == Status.DONE) {
            work.faults.clear("cutover");
            work.undone = 0;
            return Step.MONITOR;
        }
        Fault undone =
                Fault.of(
                                FaultCode.CUTOVER_REFUSED,
                                "the cutover was undone, writers go on at the source: "
                                        + record.failure().orElse("no reason is known"))
                        .hint("see to the cause, then cut over again");
        work.faults.raise("cutover", undone, work.site.clock().instant());
        LOG.error("{}", undone.describe());
        work.undone++;
        return Step.FOLLOW;
    }
}
