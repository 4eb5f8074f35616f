package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.apply.Rewind;
import io.landbridge.apply.Rewind.Undone;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.ApplyNotes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the target back to what the source was at a moment, and leaves the migration paused there:
 * {@code rollback --to}. Capture goes on into the buffer, so that a resume applies again what was
 * undone. What can't be exact is refused and changes nothing; the migration then goes on following.
 */
final class RewindStep {

    static final String KIND = "rewind";

    private static final Logger LOG = LoggerFactory.getLogger(RewindStep.class);
    private static final Duration LONG = Duration.ofDays(365);

    private final Workplace work;

    RewindStep(Workplace work) {
        this.work = work;
    }

    /** What came of it is in the state afterwards, unless the step was broken off. */
    void perform() throws InterruptedException {
        Instant to = work.state().rewindTo().orElseThrow();
        try {
            rewind(to);
        } catch (Fault fault) {
            if (fault.code() != FaultCode.REWIND_REFUSED) {
                throw fault;
            }
            work.faults.raise(KIND, fault, work.site.clock().instant());
            LOG.error("the target can't be taken back to {}: {}", to, fault.describe());
            work.journal().update(MigrationState::rewindRefused);
        }
    }

    private void rewind(Instant to) throws InterruptedException {
        Stream stream = work.stream();
        Applier applier = stream.startHeld(work.state().convergeThrough());
        CompletableFuture<SourcePosition> held = applier.hold();
        if (!work.waitFor(held, LONG)) {
            return;
        }
        SourcePosition applied = held.join();
        Instant began = work.site.clock().instant();
        try (Rewind rewind =
                new Rewind(
                        stream.buffer()
                                .readHeld()
                                .orElseThrow(() -> refused("the queue holds no transaction")),
                        to,
                        applied)) {
            checkConverged(rewind.position());
            Optional<Undone> undone = undo(rewind, applied, applier);
            if (undone.isPresent()) {
                conclude(to, rewind, applied, undone.get(), began);
            }
        }
    }

    private static Fault refused(String why) {
        return Fault.of(FaultCode.REWIND_REFUSED, why);
    }

    /** Before, the target was at no moment what the source was. */
    private void checkConverged(SourcePosition position) {
        Route route = work.routeForth();
        Optional<SourcePosition> noted =
                route.to()
                        .destination()
                        .with(
                                "reading up to where changes converged",
                                connection ->
                                        new ApplyNotes(
                                                        work.site.migration(),
                                                        route.progress().stream())
                                                .convergeThrough(connection));
        for (Optional<SourcePosition> end :
                java.util.List.of(work.state().convergeThrough(), noted)) {
            if (end.filter(converged -> !position.covers(converged)).isPresent()) {
                throw refused(
                                "the load was not complete then: both sides were equal for the first"
                                        + " time at "
                                        + end.get().text())
                        .hint("choose a later moment");
            }
        }
    }

    /** Empty when it was broken off. */
    private Optional<Undone> undo(Rewind rewind, SourcePosition applied, Applier applier)
            throws InterruptedException {
        if (!rewind.position().isAfter(applied)) {
            return Optional.of(
                    rewind.position().equals(applied)
                            ? Undone.NOTHING
                            : rewind.run(
                                    work.site.target(),
                                    work.routeForth().progress(),
                                    work.routeForth().states(),
                                    applied));
        }
        // The target lags behind that moment: it gets there by going on.
        CompletableFuture<SourcePosition> reached = applier.holdAt(rewind.position());
        applier.release();
        return work.waitFor(reached, LONG) ? Optional.of(Undone.NOTHING) : Optional.empty();
    }

    private void conclude(
            Instant to, Rewind rewind, SourcePosition applied, Undone undone, Instant began) {
        // Where the applier and the proof believe to stand is not true any more.
        work.closeStream();
        RewindReport report =
                new RewindReport(
                        work.site.migration(),
                        began,
                        Duration.between(began, work.site.clock().instant()),
                        to,
                        applied.text(),
                        rewind.position().text(),
                        rewind.committedAt(),
                        rewind.nextAt(),
                        undone);
        Path file = work.reports().write(report);
        work.requests.pause(true);
        work.journal()
                .update(
                        state ->
                                state.rewound(
                                        new MigrationState.Rewound(
                                                to, rewind.position(), rewind.committedAt())));
        work.faults.clear(KIND);
        LOG.info(
                "the target is what the source was at {}, after its commit of {}: {} transactions"
                        + " undone, {} changes; paused there, see {}",
                to,
                rewind.committedAt(),
                undone.transactions(),
                undone.changes(),
                file);
    }
}
