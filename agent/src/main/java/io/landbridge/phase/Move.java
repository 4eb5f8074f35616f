package io.landbridge.phase;

import io.landbridge.cutover.Cutover;
import io.landbridge.cutover.CutoverRecord;
import io.landbridge.cutover.CutoverSite;
import io.landbridge.cutover.MoveReport;
import io.landbridge.validate.Validation;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to move the traffic, there or back, within the phase controller. An attempt that an
 * earlier agent, or a fault, left unfinished is brought to its end first: nothing else is opened
 * before, so that nobody is shut out for longer than it takes to reach both databases.
 */
final class Move {

    private static final Logger LOG = LoggerFactory.getLogger(Move.class);

    private final Workplace work;
    private final String kind;
    private final Function<CutoverSite, List<io.landbridge.cutover.CutoverStep>> steps;

    /**
     * @param kind as in {@link CutoverRecord}
     * @param steps what it consists of
     */
    Move(
            Workplace work,
            String kind,
            Function<CutoverSite, List<io.landbridge.cutover.CutoverStep>> steps) {
        this.work = work;
        this.kind = kind;
        this.steps = steps;
    }

    /** What the attempt works on. */
    interface Ground {
        /**
         * Puts it together.
         *
         * @param resuming whether only the end of an attempt is to come: it needs no tables
         */
        CutoverSite site(boolean resuming);
    }

    /**
     * Carries it out, or to its end.
     *
     * @param breakOff ends what the attempt waits for, from any thread
     * @return DONE or UNDONE
     */
    CutoverRecord carryOut(Ground ground, Runnable breakOff) throws InterruptedException {
        Optional<CutoverRecord> last = work.site.cutovers().read();
        if (last.isPresent() && last.get().status().isOver() && isOfThisStep(last.get())) {
            return last.get();
        }
        boolean resuming = last.isPresent() && !last.get().status().isOver();
        CutoverSite site = ground.site(resuming);
        Cutover cutover =
                new Cutover(kind, steps.apply(site), work.site.cutovers(), work.site.clock());
        work.cutover = Optional.of(cutover);
        work.probe = site.clients().probe();
        work.tableProofs = List.of();
        try {
            work.requests.breakable(
                    () -> {
                        breakOff.run();
                        work.validation.ifPresent(Validation::cancel);
                    },
                    () -> {
                        if (resuming) {
                            cutover.resume();
                        } else {
                            cutover.run();
                        }
                    });
        } finally {
            work.site.closeReady();
        }
        CutoverRecord record = cutover.record().orElseThrow();
        LOG.info("{}: see {}", kind, work.reports().write(report(record)));
        return record;
    }

    private MoveReport report(CutoverRecord record) {
        String source = work.site.source().config().display();
        String target = work.site.target().config().display();
        boolean back = kind.equals(SwitchBackStep.KIND);
        return new MoveReport(
                work.site.migration(),
                back ? target : source,
                back ? source : target,
                record,
                work.probe.felt(),
                work.tableProofs);
    }

    /** Whether this entry into the step made the attempt: it ended, but the step did not. */
    private boolean isOfThisStep(CutoverRecord attempt) {
        return attempt.kind().equals(kind) && !attempt.startedAt().isBefore(work.state().since());
    }
}
