package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.change.TableId;
import io.landbridge.config.CutoverConfig;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Sequence;
import io.landbridge.schema.Sequences;
import io.landbridge.schema.Table;
import io.landbridge.source.LockPatience;
import io.landbridge.source.PostgresFence;
import io.landbridge.validate.ValidationReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the writes: fence the source, drain to the fence's marker, set the sequences, compare both
 * sides as they stand. Everything before the end undoes itself when it fails: the fence comes down
 * and the applier goes on. A killed agent begins again at the fence, which may be raised twice.
 *
 * <p>The marker is the proof: it is in the transaction that shut the source, so everything before
 * it is applied and nothing after it exists.
 */
final class CutoverStep {

    private static final Logger LOG = LoggerFactory.getLogger(CutoverStep.class);

    private final Workplace work;
    private final CutoverConfig config;
    private final PostgresFence fence;

    CutoverStep(Workplace work) {
        this.work = work;
        this.config = work.site.config().cutover();
        this.fence = new PostgresFence(work.site.source(), work.site.log());
    }

    /** The step to go on with: monitoring, or following when it was undone. */
    Optional<Step> perform() throws InterruptedException {
        Applier applier = work.stream().startApplying(work.state().convergeThrough());
        applier.release();
        try {
            cutOver(applier);
            return Optional.of(Step.MONITOR);
        } catch (Fault fault) {
            undo(applier, fault);
            if (work.requests.wantsBreakOff()) {
                return Optional.empty();
            }
            Fault undone =
                    Fault.of(
                                    FaultCode.CUTOVER_REFUSED,
                                    "the cutover was undone, writers go on at the source: "
                                            + fault.describe(),
                                    fault)
                            .hint("see to the cause, then cut over again");
            work.faults.raise("cutover", undone, work.site.clock().instant());
            LOG.error("{}", undone.describe());
            return Optional.of(Step.FOLLOW);
        }
    }

    private void cutOver(Applier applier) throws InterruptedException {
        refuseStopped(applier);
        List<TableId> tables = work.tables().source().stream().map(Table::id).toList();
        LockPatience patience = new LockPatience(config.lockTimeout(), config.lockTries());
        fence.arm(tables, patience);

        String marker = "fence:" + UUID.randomUUID();
        CompletableFuture<SourcePosition> drained = applier.awaitMarker(marker);
        long began = System.nanoTime();
        fence.raise(tables, marker, patience);
        LOG.info("cutover: source fenced after {} ms", millisSince(began));
        long fenced = System.nanoTime();

        drain(drained);
        LOG.info(
                "cutover: drained to {} after {} ms",
                applier.status().applied().orElseThrow(),
                millisSince(fenced));

        setSequences();
        work.schema().buildLast();
        compare();
        LOG.info(
                "cutover: the target may take the writes {} ms after the fence",
                millisSince(fenced));
        work.faults.clear("cutover");
    }

    private void refuseStopped(Applier applier) {
        var stopped = applier.status().stopped();
        if (!stopped.isEmpty()) {
            throw Fault.of(FaultCode.CUTOVER_REFUSED, "tables are stopped: " + stopped.keySet())
                    .hint("see their reasons in status; start over, or repair them");
        }
    }

    private void drain(CompletableFuture<SourcePosition> drained) throws InterruptedException {
        if (!work.waitFor(drained, config.drainTimeout())) {
            throw Fault.of(
                            FaultCode.CUTOVER_REFUSED,
                            "the applier did not reach the fence's marker within "
                                    + config.drainTimeout())
                    .hint("wait until the lag is small, or raise cutover.drain-timeout");
        }
    }

    private void setSequences() {
        List<Sequence> sequences =
                Sequences.read(
                        work.site.source(), work.site.config().tables(), work.tables().source());
        Sequences.set(work.site.target(), sequences);
        List<Sequence> differing = Sequences.differing(work.site.target(), sequences);
        if (!differing.isEmpty()) {
            throw Fault.of(FaultCode.CUTOVER_REFUSED, "sequences could not be set: " + differing);
        }
        LOG.info("cutover: {} sequences set", sequences.size());
    }

    private void compare() {
        ValidationReport report = new ValidateStep(work).compareStanding();
        if (!report.clean()) {
            throw Fault.of(
                    FaultCode.VALIDATION_FAILED,
                    "both sides differ behind the fence: " + report.differences() + " rows");
        }
    }

    private void undo(Applier applier, Fault cause) {
        Closing.after(cause, fence::lower, applier::release);
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
