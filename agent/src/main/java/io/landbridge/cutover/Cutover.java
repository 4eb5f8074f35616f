package io.landbridge.cutover;

import io.landbridge.cutover.CutoverRecord.Status;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out steps one after the other, each written down before it begins and after it ended.
 *
 * <pre>
 * RUNNING  -> DONE       every step is done
 *          -> UNDOING    a step failed before the point of no return, or an agent that was killed
 *                        there has come back: clients wait, so nothing is tried twice
 *          -> RUNNING    a step failed behind the point of no return: carried on by resume()
 * UNDOING  -> UNDONE     what was begun is taken back, last step first
 * </pre>
 *
 * <p>One thread at a time runs or resumes it; {@link #record} may be read by any.
 */
public final class Cutover {

    private static final Logger LOG = LoggerFactory.getLogger(Cutover.class);
    private static final int UNDO_TRIES = 5;
    private static final Duration UNDO_PAUSE = Duration.ofMillis(300);

    private final String kind;
    private final List<CutoverStep> steps;
    private final CutoverJournal journal;
    private final Clock clock;
    private volatile CutoverRecord record;

    /**
     * @param kind {@code cutover} or {@code rollback}
     * @param steps in their order, names unique
     */
    public Cutover(String kind, List<CutoverStep> steps, CutoverJournal journal, Clock clock) {
        this.kind = kind;
        this.steps = List.copyOf(steps);
        this.journal = journal;
        this.clock = clock;
    }

    /** The attempt under way, or the last one of this object. */
    public Optional<CutoverRecord> record() {
        return Optional.ofNullable(record);
    }

    /**
     * Makes one attempt.
     *
     * @return DONE, or UNDONE with the reason
     * @throws Fault CUTOVER_REFUSED when another attempt isn't over: {@link #resume} it first; any
     *     other when this one is neither done nor undone: {@link #resume} goes on
     */
    public CutoverRecord run() {
        Optional<CutoverRecord> before = journal.read();
        if (before.filter(last -> !last.status().isOver()).isPresent()) {
            throw Fault.of(
                    FaultCode.CUTOVER_REFUSED,
                    "the " + before.get().kind() + " before is not over yet");
        }
        String attempt = UUID.randomUUID().toString().substring(0, 8);
        save(
                CutoverRecord.begin(
                        attempt,
                        kind,
                        clock.instant(),
                        steps.stream().map(CutoverStep::name).toList()));
        return carryOn();
    }

    /**
     * Brings the last attempt of this kind to an end if a crash or a failure left it unfinished: on
     * to the end when the point of no return was reached, back to the beginning else.
     *
     * @return the attempt as it is now; empty when there was nothing to do
     */
    public Optional<CutoverRecord> resume() {
        Optional<CutoverRecord> last =
                journal.read().filter(one -> one.kind().equals(kind) && !one.status().isOver());
        if (last.isEmpty()) {
            return Optional.empty();
        }
        record = last.get();
        LOG.info("{} {} was left {}", kind, record.attempt(), record.status());
        if (record.status() == Status.RUNNING && isPastReturn()) {
            return Optional.of(carryOn());
        }
        return Optional.of(undo("the agent was stopped in the middle of it"));
    }

    private CutoverRecord carryOn() {
        try {
            return carryOnWriting();
        } catch (Unwritten e) {
            if (!e.decides) {
                takeBackUnwritten(e.fault);
            }
            throw e.fault;
        }
    }

    /**
     * The journal can't be written, perhaps for long, and clients wait: what was begun is taken
     * back as far as it goes. The journal still says RUNNING, so that the next {@link #resume} does
     * it again and writes it down.
     */
    private void takeBackUnwritten(RuntimeException cause) {
        LOG.warn("{}: the journal can't be written: {}", kind, cause.getMessage());
        for (int i = steps.size() - 1; i >= 0; i--) {
            CutoverStep step = steps.get(i);
            if (record.step(step.name()).state().hasBegun()) {
                try {
                    step.undo();
                } catch (RuntimeException e) {
                    cause.addSuppressed(e);
                }
            }
        }
    }

    private CutoverRecord carryOnWriting() {
        for (CutoverStep step : steps) {
            if (record.step(step.name()).state() == StepState.DONE) {
                continue;
            }
            Optional<Fault> failure = perform(step);
            if (failure.isPresent() && isPastReturn()) {
                save(record.standing(failure.get().describe()));
                throw failure.get();
            }
            if (failure.isPresent()) {
                return undo(failure.get().describe());
            }
        }
        save(record.ended(Status.DONE, clock.instant()));
        LOG.info("{} {} is done", kind, record.attempt());
        return record;
    }

    private Optional<Fault> perform(CutoverStep step) {
        LOG.info("{}: {}", kind, step.name());
        begin(step);
        long started = System.nanoTime();
        Map<String, String> facts;
        try {
            facts = step.perform(record.attempt());
        } catch (RuntimeException e) {
            Fault fault =
                    e instanceof Fault known
                            ? known
                            : Fault.of(
                                    FaultCode.INTERNAL, "step " + step.name() + " failed: " + e, e);
            LOG.warn("{}: {} failed: {}", kind, step.name(), fault.describe());
            write(step, one -> one.failed(since(started), fault.describe()));
            return Optional.of(fault);
        }
        write(step, one -> one.done(since(started), facts));
        return Optional.empty();
    }

    /**
     * Writes down that a step begins. For the point of no return it can't be known whether a
     * failing write got through: what the journal says later decides, so nothing is taken back.
     */
    private void begin(CutoverStep step) {
        try {
            update(step, one -> one.running(clock.instant()));
        } catch (RuntimeException e) {
            throw new Unwritten(e, step.isPointOfNoReturn() || isPastReturn());
        }
    }

    private void write(CutoverStep step, UnaryOperator<StepRecord> change) {
        try {
            update(step, change);
        } catch (RuntimeException e) {
            throw new Unwritten(e, isPastReturn());
        }
    }

    /** The journal could not be written. */
    private static final class Unwritten extends RuntimeException {

        private final transient RuntimeException fault;

        /** Whether the write that failed may have decided that there is no way back. */
        private final boolean decides;

        Unwritten(RuntimeException fault, boolean decides) {
            super(fault);
            this.fault = fault;
            this.decides = decides;
        }
    }

    private CutoverRecord undo(String why) {
        try {
            save(record.undoing(why));
        } catch (RuntimeException e) {
            takeBackUnwritten(e);
            throw e;
        }
        try {
            for (int i = steps.size() - 1; i >= 0; i--) {
                CutoverStep step = steps.get(i);
                if (record.step(step.name()).state().hasBegun()) {
                    undo(step);
                }
            }
        } catch (Unwritten e) {
            takeBackUnwritten(e.fault);
            throw e.fault;
        }
        save(record.ended(Status.UNDONE, clock.instant()));
        LOG.info("{} {} was undone: {}", kind, record.attempt(), why);
        return record;
    }

    /** A connection may have broken just when it was needed: worth some tries. */
    private void undo(CutoverStep step) {
        LOG.info("{}: undoing {}", kind, step.name());
        for (int failed = 1; ; failed++) {
            try {
                step.undo();
                break;
            } catch (RuntimeException e) {
                LOG.warn("{}: undoing {} failed: {}", kind, step.name(), e.getMessage());
                if (failed == UNDO_TRIES) {
                    update(step, one -> one.notUndone("could not be undone: " + e.getMessage()));
                    if (e instanceof Fault fault && fault.code().isPassing()) {
                        throw fault;
                    }
                    throw Fault.of(
                                    FaultCode.CUTOVER_REFUSED,
                                    "step "
                                            + step.name()
                                            + " of the "
                                            + kind
                                            + " could not be undone: "
                                            + e.getMessage(),
                                    e)
                            .hint("see to the cause; the agent tries again when it is restarted");
                }
                LockSupport.parkNanos(UNDO_PAUSE.multipliedBy(failed).toNanos());
            }
        }
        write(step, StepRecord::undone);
    }

    private boolean isPastReturn() {
        return steps.stream()
                .anyMatch(
                        step ->
                                step.isPointOfNoReturn()
                                        && record.step(step.name()).state().hasBegun());
    }

    private void update(CutoverStep step, UnaryOperator<StepRecord> change) {
        save(record.with(step.name(), change));
    }

    private void save(CutoverRecord next) {
        journal.write(next);
        record = next;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
