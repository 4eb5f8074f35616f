package io.landbridge.phase;

import io.landbridge.apply.FollowerStatus;
import io.landbridge.config.Configuration;
import io.landbridge.cutover.CutoverRecord;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.Requests.Request;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a migration from step to step. The thread that calls {@link #runUntil} owns it and all
 * rooms; operators' requests come in through {@link #control} from other threads.
 *
 * <p>What always holds: a step is written down before it begins, so that whoever starts after a
 * crash repeats it; a passing fault is retried for ever with growing pauses; any other one is
 * written down and stops the migration, resumable.
 */
public final class Controller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
    private static final String CONFIGURATION = "configuration";
    private static final int TRIES_TO_BEGIN = 4;
    private static final int TRIES_TO_CUT_OVER = 3;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** So soon after its death another agent leads. */
    private static final long FOLLOWING_MILLIS = 500;

    private final Site site;
    private final StateStore store;
    private final Leadership leadership;
    private final Workplace work;
    private final Following following;
    private final Steps steps;
    private final Gauges gauges;
    private final Requests requests;
    private final FaultBoard faults;
    private final Clock clock;
    private final BiConsumer<Phase, Phase> phases;
    private final MigrationState fresh;
    private final MigrationControl control;
    private volatile Journal journal;
    private Instant runBegan;

    /** Connects to nothing yet. */
    public Controller(Site site) {
        this(site, (from, to) -> {});
    }

    /**
     * As the other.
     *
     * @param phases told of every change of the phase, on the thread that changes it; must return
     *     at once
     */
    public Controller(Site site, BiConsumer<Phase, Phase> phases) {
        this.site = site;
        this.phases = phases;
        this.clock = site.clock();
        this.store = new StateStore(site.target(), site.migration());
        this.leadership = new Leadership(site.target(), site.migration());
        this.requests = new Requests();
        this.faults = new FaultBoard();
        this.work = new Workplace(site, leadership, requests, faults);
        this.following = new Following(work, store);
        this.steps = new Steps(work);
        this.gauges = new Gauges(work);
        this.fresh =
                MigrationState.begin(
                        site.migration(), site.config().migration().strategy(), clock.instant());
        this.control = new OperatorControl(this, work, new StatusBoard(work, gauges, this));
        this.runBegan = clock.instant();
    }

    /** Only looks, on both sides, and writes nothing anywhere. */
    public static MigrationStatus.Assessment assess(Site site) {
        return StatusBoard.assessment(Steps.lookAtAll(site));
    }

    public MigrationControl control() {
        return control;
    }

    /** Asks {@link #runUntil} to return at the next safe point; from any thread. */
    public void stop() {
        requests.stop();
    }

    /** Holds or lets go; takes effect at the next chunk or batch. */
    void pause(boolean paused) {
        Journal known = journal;
        if (known != null) {
            known.update(state -> state.paused(paused));
        }
        requests.pause(paused);
        work.pause(paused);
    }

    /**
     * Takes over what can be changed while it runs, from any thread: which transport carries the
     * changes, and how it is reached.
     */
    public void reconfigure(Configuration now) {
        site.transports().reconfigure(now, state().carriedBy());
        site.hosts().reconfigure(now);
        work.transport.want(now.transport().mode());
        faults.clear(CONFIGURATION);
    }

    /** Says that a changed configuration can't be taken over, and why. */
    public void refuseConfiguration(Fault why) {
        faults.raise(CONFIGURATION, why, clock.instant());
    }

    /**
     * Carries the migration on until {@code goal}.
     *
     * @return true when the goal is reached, false when {@link Requests#stop} came before
     * @throws Fault when it can't go on and nobody is there to help: always but for {@link
     *     Until#STOPPED}, which waits for an operator's resume or rollback instead
     */
    public boolean runUntil(Until goal) throws InterruptedException {
        int failures = 0;
        runBegan = clock.instant();
        gauges.start();
        while (!requests.isStopped()) {
            try {
                if (!lead()) {
                    requests.await(FOLLOWING_MILLIS);
                    continue;
                }
                if (isReached(goal)) {
                    return true;
                }
                if (isIdle()) {
                    requests.await(500);
                    takeRequest();
                    continue;
                }
                guarded(() -> advance(goal));
                faults.clear("step");
                failures = 0;
            } catch (Fault fault) {
                if (requests.isStopped()) {
                    LOG.info("stopped during {}: {}", describeStep(), fault.getMessage());
                    return false;
                }
                if (faults.raise("step", fault, clock.instant())) {
                    LOG.warn(
                            "{}",
                            fault.describe(),
                            fault.code() == FaultCode.INTERNAL ? fault : null);
                }
                if (!fault.code().isPassing()) {
                    if (isVerdict(fault) && goal != Until.STOPPED) {
                        throw fault;
                    }
                    fail(fault, goal);
                    failures = 0;
                    continue;
                }
                failures++;
                if (isNotBegun() && goal != Until.STOPPED && failures >= TRIES_TO_BEGIN) {
                    throw fault;
                }
                requests.await(pause(failures).toMillis());
                takeRequest();
            }
        }
        return false;
    }

    /** Before anything was touched, somebody at a terminal wants to hear of a wrong address. */
    private boolean isNotBegun() {
        return journal == null || journal.state().step() == Step.ASSESS;
    }

    /**
     * Takes the lead, or keeps it.
     *
     * @return false when another agent leads and this one shares the work
     * @throws Fault NOT_LEADER when another agent leads and this one can only wait
     */
    private boolean lead() {
        try {
            leadership.take();
        } catch (Fault fault) {
            if (fault.code() == FaultCode.NOT_LEADER) {
                yieldLead();
                if (following.follow()) {
                    faults.clear("step");
                    return false;
                }
            }
            throw fault;
        }
        following.end();
        if (work.openStream().filter(Stream::wasTakenOver).isPresent()) {
            yieldLead();
        }
        faults.clear("lead");
        if (journal == null) {
            Optional<MigrationState> stored = store.read();
            MigrationState state = stored.orElse(fresh);
            checkStrategy(state);
            journal = new Journal(store, phases, state, stored.isPresent());
            requests.pause(state.paused());
            requests.takeResume();
            if (state.failure().isPresent()) {
                LOG.info(
                        "trying again after {}: {}",
                        state.failure().get().code(),
                        state.failure().get().message());
                enter(state.step());
            }
            work.open(journal);
        }
        return true;
    }

    /** Whoever leads by now goes by what is written down: nothing known here counts any more. */
    private void yieldLead() {
        if (journal != null) {
            LOG.warn("another agent leads, or has led since: what is known here is void");
            journal = null;
            work.closeStream();
        }
    }

    private void checkStrategy(MigrationState state) {
        if (state.strategy() != fresh.strategy()) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "migration '"
                                    + state.migration()
                                    + "' was begun with strategy "
                                    + state.strategy()
                                    + " and can't go on with "
                                    + fresh.strategy())
                    .hint("set the strategy back, or roll the migration back first");
        }
    }

    /** True when there is nothing to do until somebody asks for something. */
    private boolean isIdle() {
        MigrationState state = journal.state();
        return state.ended().isPresent() || state.failure().isPresent();
    }

    private boolean isReached(Until goal) {
        MigrationState state = journal.state();
        if (state.phase() == Phase.ROLLED_BACK && goal != Until.STOPPED) {
            throw Fault.of(
                            FaultCode.ILLEGAL_TRANSITION,
                            "migration '" + state.migration() + "' was rolled back")
                    .hint("choose another migration.name, or drop the target's schema landbridge");
        }
        if (state.phase() == Phase.COMPLETE) {
            return goal != Until.STOPPED;
        }
        return switch (goal) {
            case ASSESSED, LOADED, CAUGHT_UP -> state.isPast(goal);
            case VALIDATED -> validated(state);
            case COMPLETE -> {
                var unused = validated(state);
                checkUndone();
                yield false;
            }
            case STOPPED -> false;
        };
    }

    /** Whoever waits for the cutover is told when it fails again and again. */
    private void checkUndone() {
        if (work.undone >= TRIES_TO_CUT_OVER) {
            work.undone = 0;
            throw Fault.of(
                            FaultCode.CUTOVER_REFUSED,
                            "the cutover was undone "
                                    + TRIES_TO_CUT_OVER
                                    + " times, writers go on at the source: "
                                    + work.lastCutover()
                                            .flatMap(CutoverRecord::failure)
                                            .orElse("no reason is known"))
                    .hint("see to the cause, then cut over again");
        }
    }

    /** Whether this run has found both sides equal; one that found otherwise is told at once. */
    private boolean validated(MigrationState state) {
        var ofThisRun = state.lastValidation().filter(last -> !last.at().isBefore(runBegan));
        ofThisRun
                .filter(last -> !last.clean() && state.step() == Step.FOLLOW)
                .ifPresent(
                        last -> {
                            throw Fault.of(
                                            FaultCode.VALIDATION_FAILED,
                                            "the target does not equal the source")
                                    .hint("see " + last.report());
                        });
        return ofThisRun.filter(MigrationState.ValidationOutcome::clean).isPresent()
                && state.step() == Step.FOLLOW;
    }

    /** What no room foresaw is a fault of ours, with a code like any other. */
    private static void guarded(Requests.Blocking<RuntimeException> step)
            throws InterruptedException {
        try {
            step.run();
        } catch (Fault fault) {
            throw fault;
        } catch (RuntimeException e) {
            throw Fault.of(FaultCode.INTERNAL, "unexpected: " + e, e)
                    .hint("report it with the log; the migration can be resumed");
        }
    }

    private void advance(Until goal) throws InterruptedException {
        Step step = journal.state().step();
        Optional<Step> next = steps.perform(step, goal);
        if (next.isPresent()) {
            enter(next.get());
        }
        takeRequest();
    }

    private void enter(Step next) {
        Phase before = journal.state().phase();
        journal.update(state -> state.enter(next, clock.instant()));
        Phase now = journal.state().phase();
        if (before != now) {
            LOG.info("phase {} -> {}", before, now);
        }
        LOG.info("step {}", describeStep());
    }

    /** Turns what an operator asked for into the next step. */
    private void takeRequest() {
        if (requests.takeResume() && journal != null && journal.state().failure().isPresent()) {
            enter(journal.state().step());
        }
        Optional<Request> asked = requests.peek();
        if (asked.isEmpty() || journal == null) {
            return;
        }
        switch (asked.get()) {
            case ROLL_BACK, ABORT -> {
                Request request = requests.take().orElseThrow();
                MigrationState state = journal.state();
                if (state.step() == Step.MONITOR && !state.phase().isEnd()) {
                    enter(Step.SWITCH_BACK);
                } else if (state.step() != Step.SWITCH_BACK && !state.phase().isEnd()) {
                    journal.update(known -> known.removing(request == Request.ABORT));
                    enter(Step.ROLL_BACK);
                }
            }
            case FINISH -> {
                if (journal.state().phase() == Phase.COMPLETE) {
                    requests.take().ifPresent(finish -> steps.takeDownFence());
                }
            }
            case VALIDATE, REPAIR, REWIND, REHEARSE, CUT_OVER -> {
                // Taken by FOLLOW, the step that can answer them.
            }
        }
    }

    private void fail(Fault fault, Until goal) {
        if (isNotBegun()) {
            throw fault;
        }
        if (isVerdict(fault)) {
            return;
        }
        work.forth.letGo();
        work.closeStream();
        if (journal.state().failure().isEmpty()) {
            journal.update(state -> state.failed(fault, clock.instant()));
            LOG.error("phase FAILED in step {}: {}", describeStep(), fault.describe());
        }
        if (goal != Until.STOPPED) {
            throw fault;
        }
    }

    /** What was judged leaves the migration where it is; only who waits for a goal must hear it. */
    private boolean isVerdict(Fault fault) {
        return journal != null
                && journal.state().step() == Step.FOLLOW
                && (fault.code() == FaultCode.VALIDATION_FAILED
                        || fault.code() == FaultCode.CUTOVER_REFUSED);
    }

    private static Duration pause(int failures) {
        long millis = 200L << Math.min(failures - 1, 10);
        return Duration.ofMillis(Math.min(millis, LONGEST_PAUSE.toMillis()));
    }

    private String describeStep() {
        return journal == null ? "start" : journal.state().step().name();
    }

    /** The state as far as it is known: before the first contact with the target, a fresh one. */
    MigrationState state() {
        Journal known = journal;
        return known == null ? following.seen().orElse(fresh) : known.state();
    }

    /**
     * Whether the migration was carried as far as ASSESSED, LOADED or CAUGHT_UP, by whatever agent;
     * from any thread.
     */
    public boolean isPast(Until goal) {
        return state().isPast(goal);
    }

    /** Takes off the board what came of an earlier request of that kind. */
    void forget(String kind) {
        faults.clear(kind);
    }

    /** What this agent writes for another that leads. */
    Optional<FollowerStatus> following() {
        return following.status();
    }

    boolean isLeader() {
        return journal != null;
    }

    Instant now() {
        return clock.instant();
    }

    @Override
    public void close() {
        try (leadership) {
            Closing.all(following, gauges, work);
        }
    }
}
