package io.landbridge;

import io.landbridge.config.Configuration;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.ComparisonOrder;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.phase.MigrationStatus.RepairResult;
import io.landbridge.phase.MigrationStatus.Rewound;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import io.landbridge.phase.Outcome;
import io.landbridge.phase.Phase;
import io.landbridge.phase.Until;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A migration in this process: what {@code landbridge run} is, for programs.
 *
 * <pre>{@code
 * try (Migration migration = Migration.from(Path.of("landbridge.yaml")).open()) {
 *     migration.start();
 *     migration.await(Until.CAUGHT_UP, Duration.ofHours(12));
 *     if (migration.validate().outcome().equals("CLEAN")) {
 *         migration.cutover();
 *     }
 * }
 * }</pre>
 *
 * <p>Its state lives at the target. Whatever ends it ({@link #close}, a crash), the next one with
 * the same configuration goes on from there, in whatever process; of several, one leads and the
 * others wait.
 *
 * <p><b>Threads.</b> All methods may be called from any thread. {@link #start} makes the thread
 * that carries the migration on; {@link #runUntil} takes the caller's instead. Methods that wait,
 * wait for as long as it takes: who interrupts the waiting thread ends the wait, while what was
 * asked for goes on. {@link #control} asks for the same without waiting. The {@link
 * MigrationListener} has a thread of its own, on which nothing here may be waited for.
 *
 * <p><b>Errors.</b> All that goes wrong is a {@link Fault}, unchecked, with a code that {@code
 * agent/docs/errors.md} explains, and a hint. What passes (a server that restarts) is waited out
 * and shown among {@link MigrationStatus#faults}; anything else puts the migration into phase
 * FAILED, where it stands, resumable, until {@link #resume}: then every method that waits throws
 * that fault. Before anything was touched, and when another configuration is needed, the migration
 * ends instead. A method used in the wrong order throws {@link IllegalStateException}.
 */
public final class Migration implements AutoCloseable {

    private static final long POLL_MILLIS = 50;

    private final Engine engine;
    private final Watch watch;
    private final Edges edges;

    /** Held by whoever carries the migration on, or closes it. */
    private final Semaphore lead = new Semaphore(1);

    private volatile boolean started;
    private volatile boolean closed;
    private volatile Fault endedBy;

    Migration(Engine engine, Watch watch, Edges edges) {
        this.engine = engine;
        this.watch = watch;
        this.edges = edges;
    }

    /** Configured by values alone: {@link MigrationBuilder#set} and the environment. */
    public static MigrationBuilder configure() {
        return new MigrationBuilder(new Wiring());
    }

    /** Configured by a file, as for {@code landbridge run --config}. */
    public static MigrationBuilder from(Path file) {
        return configure().file(file);
    }

    /** Opens what was configured already, without a listener. */
    public static Migration open(Configuration configuration) {
        return configure().configuration(configuration).open();
    }

    /**
     * Carries the migration on, on a thread of its own, until {@link #stop}; returns at once.
     *
     * @throws IllegalStateException when it was started before or is closed
     */
    public void start() {
        if (started) {
            throw new IllegalStateException("the migration was started already");
        }
        take();
        started = true;
        Thread thread = new Thread(this::carryOn, "migration-" + name());
        thread.start();
    }

    private String name() {
        return progress().migration().name();
    }

    private void carryOn() {
        try {
            var unused = engine.runUntil(Until.STOPPED);
        } catch (Fault e) {
            endedBy = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            endedBy = Fault.of(FaultCode.INTERNAL, "the migration can't go on here: " + e, e);
        } finally {
            lead.release();
            watch.ended(Optional.ofNullable(endedBy));
        }
    }

    private void take() {
        if (closed || !lead.tryAcquire()) {
            throw new IllegalStateException(
                    closed ? "the migration is closed" : "the migration is carried on already");
        }
    }

    /**
     * Carries the migration on, from wherever the target's state says it stands, until {@code
     * goal}, on the thread that calls; for programs that want to go so far and no further. May be
     * called again with a later goal.
     *
     * @return true when the goal is reached; false when {@link #stop} ended it before
     * @throws Fault when it can't go on; everything is left resumable
     * @throws IllegalStateException when it is carried on already, or is closed
     */
    public boolean runUntil(Until goal) throws InterruptedException {
        take();
        try {
            return engine.runUntil(goal);
        } finally {
            lead.release();
        }
    }

    /**
     * Waits until a started migration has come as far as {@code goal}: VALIDATED once the newest
     * validation is clean, STOPPED once it runs no more.
     *
     * @return false when that took longer than {@code longest}
     * @throws Fault what made the migration fail or end
     */
    public boolean await(Until goal, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            boolean running = isRunning();
            if (goal == Until.STOPPED ? !running : isPast(goal)) {
                return true;
            }
            checkGoesOn(running);
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private boolean isPast(Until goal) {
        MigrationStatus now = progress();
        return switch (goal) {
            case VALIDATED ->
                    now.validation().filter(one -> one.outcome().equals("CLEAN")).isPresent();
            case COMPLETE -> now.stage().phase().equals(Phase.COMPLETE.name());
            default -> engine.isPast(goal);
        };
    }

    private boolean isRunning() {
        return !closed && lead.availablePermits() == 0;
    }

    private void checkGoesOn(boolean running) {
        Outcome.checkNotFailed(progress());
        if (running) {
            return;
        }
        if (endedBy != null) {
            throw endedBy;
        }
        throw new IllegalStateException(
                started ? "the migration was stopped" : "nobody carries the migration on: start()");
    }

    /** What can be asked for without waiting for it. */
    public MigrationControl control() {
        return engine.control();
    }

    /** The whole migration at this moment; cheap, never waits for a database. */
    public MigrationStatus progress() {
        return control().status();
    }

    /** Compares both sides as the configuration says, while writes go on. */
    public ValidationResult validate() throws InterruptedException {
        return validate(ComparisonOrder.USUAL);
    }

    /**
     * Compares both sides while writes go on; takes as long as reading both.
     *
     * @return what was found: outcome CLEAN or DIFFERENT
     * @throws Fault ILLEGAL_TRANSITION when the stream is not followed yet, or no more
     */
    public ValidationResult validate(ComparisonOrder order) throws InterruptedException {
        return ask(control -> control.validate(order), Outcome::ofValidation);
    }

    /**
     * Makes rows that differ equal again while writes go on; stopped tables follow again.
     *
     * @throws Fault ILLEGAL_TRANSITION when the stream is not followed yet, or no more
     */
    public RepairResult repair(ComparisonOrder order) throws InterruptedException {
        return ask(control -> control.repair(order), Outcome::ofRepair);
    }

    /**
     * Tries a cutover without moving anybody, and leaves nothing of it.
     *
     * @throws Fault CUTOVER_REFUSED when a cutover would not go through
     */
    public CutoverState rehearse() throws InterruptedException {
        return ask(MigrationControl::rehearse, Outcome::ofRehearsal);
    }

    /**
     * Moves the traffic to the target. Needs a validation that found both sides equal.
     *
     * @return how it went, once the target takes the writes
     * @throws Fault CUTOVER_REFUSED with all that speaks against it, or when it was undone: then
     *     writes go on at the source
     */
    public CutoverState cutover() throws InterruptedException {
        return ask(MigrationControl::cutover, Outcome::ofCutover);
    }

    /**
     * Before the switch: removes what was made on both sides. After it: takes the traffic back to
     * the source without losing a write.
     *
     * @throws Fault CUTOVER_REFUSED when it was undone: then writes go on at the target
     */
    public MigrationStatus rollback() throws InterruptedException {
        return ask(MigrationControl::rollback, Outcome::ofRollback);
    }

    /**
     * Before the switch: takes the target back to what the source was at {@code moment}, and pauses
     * there.
     *
     * @throws Fault REWIND_REFUSED with the reason
     */
    public Rewound rollbackTo(Instant moment) throws InterruptedException {
        return ask(
                control -> control.rollbackTo(moment),
                (before, now) -> Outcome.ofRewind(moment, now));
    }

    /** Ends the observation after a cutover and removes the way back; then phase is COMPLETE. */
    public MigrationStatus finish() throws InterruptedException {
        return ask(MigrationControl::finish, (before, now) -> Outcome.ofFinish(now));
    }

    /** Gives the migration up and removes its objects; rows that were copied stay. */
    public MigrationStatus abort() throws InterruptedException {
        return ask(MigrationControl::abort, (before, now) -> Outcome.ofAbort(now));
    }

    private <T> T ask(
            Consumer<MigrationControl> request,
            BiFunction<MigrationStatus, MigrationStatus, Optional<T>> outcome)
            throws InterruptedException {
        MigrationStatus before = progress();
        boolean running = isRunning();
        if (!running) {
            checkGoesOn(false);
        }
        request.accept(control());
        while (true) {
            Optional<T> found = outcome.apply(before, progress());
            if (found.isPresent()) {
                return found.get();
            }
            if (!running) {
                checkGoesOn(false);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            running = isRunning();
        }
    }

    /** Stops reading and writing at the next boundary; capture goes on into the buffer. */
    public void pause() {
        control().pause();
    }

    /** Goes on after {@link #pause}, and tries again after a failure. */
    public void resume() {
        control().resume();
    }

    /**
     * Has another transport carry the changes, from the end of one of the source's transactions on.
     *
     * @throws Fault TRANSPORT_SWITCH when it can't: the transport so far goes on
     */
    public MigrationStatus mode(Mode mode) throws InterruptedException {
        return ask(
                control -> control.transport(mode),
                (before, now) -> Outcome.ofTransport(mode, now));
    }

    /**
     * Takes over what can be changed while it runs: {@code transport.mode}, and how what it names
     * is reached.
     *
     * @param reading gives the configuration; what it throws stands among the faults, as whatever
     *     else keeps the configuration from being taken over, until one is
     * @throws Fault why the configuration stays as it is
     */
    public void reconfigure(Supplier<Configuration> reading) {
        try {
            engine.reconfigure(reading.get());
        } catch (Fault why) {
            engine.refuseConfiguration(why);
            throw why;
        } catch (RuntimeException | Error e) {
            Fault why =
                    Fault.of(FaultCode.INTERNAL, "the configuration can't be taken over: " + e, e);
            engine.refuseConfiguration(why);
            throw why;
        }
    }

    /** Where page, health and API answer; empty unless {@link MigrationBuilder#serve} asked for. */
    public Optional<URI> url() {
        return edges.url();
    }

    /**
     * Asks the migration to end at the next boundary, within a few seconds. Returns at once; may be
     * called more than once, and before it is started.
     */
    public void stop() {
        engine.stop();
    }

    /**
     * Stops the migration, waits for its end and lets go of everything. What was made at source and
     * target stays, and the source keeps its log: the next one goes on from there.
     */
    @Override
    public void close() {
        stop();
        lead.acquireUninterruptibly();
        try {
            if (!closed) {
                closed = true;
                Closing.all(watch, edges, engine);
            }
        } finally {
            lead.release();
        }
    }
}
