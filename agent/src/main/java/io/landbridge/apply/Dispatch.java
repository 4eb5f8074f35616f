package io.landbridge.apply;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.fault.FaultKind;
import io.landbridge.offsets.SourcePosition;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The applier's loop: carries out requests, drives the {@link Pipeline}, and begins a new one at
 * what the target says when something failed. Everything here belongs to the dispatch thread, but
 * {@link #mailbox}, {@link #status} and {@link #stop}.
 */
final class Dispatch implements Runnable, Pipeline.Landed {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long HELD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long TRIM_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String NO_DATA = "02000";

    private final Site site;
    private final Consumer<SourcePosition> committed;
    private final Mailbox mailbox = new Mailbox();
    private final Holds holds = new Holds();
    private final Convergence convergence = new Convergence();
    private final Tally tally = new Tally();
    private final LockWatch locks;

    private volatile boolean closing;
    private volatile ApplierStatus status;
    private ApplierStatus.State state = ApplierStatus.State.NEW;
    private SourcePosition applied;
    private Pipeline pipeline;
    private boolean renew;
    private long trimmedAt;
    private Duration wait = FIRST_WAIT;

    Dispatch(Site site, Consumer<SourcePosition> committed) {
        this.site = site;
        this.committed = committed;
        this.locks = new LockWatch(site.target());
        publish();
    }

    Mailbox mailbox() {
        return mailbox;
    }

    ApplierStatus status() {
        return status;
    }

    Map<TableId, Long> changesByTable() {
        return tally.changesByTable();
    }

    /** Asks the loop to end without waiting for what is in flight. */
    void stop() {
        closing = true;
        mailbox.wake();
    }

    @Override
    public void run() {
        Fault why = Fault.of(FaultCode.INTERNAL, "the applier was closed");
        try {
            while (!closing) {
                attempt();
            }
            state = ApplierStatus.State.CLOSED;
        } catch (Fault e) {
            why = failed(e);
        } catch (RuntimeException | Error e) {
            why = failed(Fault.of(FaultCode.INTERNAL, "the applier failed: " + e, e));
        } finally {
            disconnect();
            site.lanes().close();
            publish();
            holds.fail(why);
            convergence.fail(why);
            mailbox.close(why);
        }
    }

    private Fault failed(Fault fault) {
        LOG.error("apply ends: {}", fault.describe(), fault);
        tally.failed(fault);
        state = ApplierStatus.State.FAILED;
        return fault;
    }

    /** Works until something goes wrong that may pass, and waits a little then. */
    private void attempt() {
        Fault fault;
        try {
            connect();
            while (!closing) {
                step();
            }
            return;
        } catch (SQLException e) {
            if (NO_DATA.equals(e.getSQLState())) {
                throw Fault.of(FaultCode.NOT_LEADER, "another agent has taken the stream over", e);
            }
            fault = site.target().fault("applied changes", e);
        } catch (Fault e) {
            if (!mayPass(e)) {
                throw e;
            }
            fault = e;
        }
        disconnect();
        if (!closing) {
            LOG.warn("apply tries again in {}: {}", wait, fault.describe());
            tally.failed(fault);
            state = ApplierStatus.State.RETRYING;
            publish();
            pause(wait);
            Duration longer = wait.multipliedBy(2);
            wait = longer.compareTo(LONGEST_WAIT) < 0 ? longer : LONGEST_WAIT;
        }
    }

    /** What a database refuses may pass, be it by an operator's doing; what we find wrong won't. */
    private static boolean mayPass(Fault fault) {
        if (fault.code().kind() == FaultKind.TRANSPORT) {
            return fault.code().isPassing();
        }
        boolean database =
                fault.code().kind() == FaultKind.TARGET || fault.code().kind() == FaultKind.SOURCE;
        return database
                && fault.code() != FaultCode.NOT_LEADER
                && fault.code() != FaultCode.STATE_UNREADABLE;
    }

    /** Waits, but does what is asked meanwhile. */
    private void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long left;
        while (!closing && (left = end - System.nanoTime()) > 0) {
            await(left);
        }
    }

    private void await(long nanos) {
        try {
            mailbox.await(nanos);
        } catch (InterruptedException e) {
            closing = true;
            Thread.currentThread().interrupt();
        }
    }

    private void connect() {
        site.target().createTables();
        site.lanes().clear();
        Resumption resumption = Resumption.read(site);
        applied = resumption.least();
        site.target()
                .with("reading how far rows were read", site.notes()::convergeThrough)
                .ifPresent(convergence::extend);
        site.plans().refresh(convergence.covers(applied), resumption.isTogether());
        pipeline = new Pipeline(site, resumption, convergence, this, mailbox::wake, () -> closing);
        renew = false;
        bound();
        state = holds.isHeld() ? ApplierStatus.State.HELD : ApplierStatus.State.RUNNING;
        publish();
    }

    private void disconnect() {
        if (pipeline != null) {
            pipeline.close();
            pipeline = null;
        }
    }

    private void step() throws SQLException {
        boolean worked = mailbox.open();
        worked |= pipeline.collect();
        if (pipeline.isQuiet()) {
            if (renew || site.lanes().isStale()) {
                disconnect();
                connect();
            }
            worked |= !holds.isHeld() && stand();
        }
        worked |= !holds.isHeld() && pipeline.advance();
        if (!worked) {
            idle();
        }
    }

    private void idle() {
        if (pipeline.flight().isPresent()) {
            if (tally.waitsFor(locks.holders(pipeline.flight().get()))) {
                publish();
            }
        } else if (tally.recovered()) {
            publish();
        }
        await(holds.isHeld() ? HELD_NANOS : IDLE_NANOS);
    }

    /** At a batch's end: stands still if somebody asked for it. */
    private boolean stand() {
        if (holds.wantsNow()) {
            holds.hold(applied);
        } else if (!pipeline.isBoundedBy(boundary())) {
            // Somebody took a request back.
            bound();
            return true;
        } else if (pipeline.isAtBoundary()) {
            arrive();
        } else {
            return false;
        }
        standStill();
        return true;
    }

    private void standStill() {
        pipeline.unread();
        state = ApplierStatus.State.HELD;
        publish();
    }

    private void arrive() {
        SourcePosition boundary = boundary().orElseThrow();
        if (convergence.through().filter(boundary::covers).isPresent()) {
            convergence.finish(applied);
        }
        holds.reached(boundary, applied);
        bound();
    }

    private Optional<SourcePosition> boundary() {
        Optional<SourcePosition> asked = holds.boundary();
        Optional<SourcePosition> converged = convergence.through();
        return asked.isPresent() && converged.isPresent()
                ? asked.filter(position -> converged.get().isAfter(position)).or(() -> converged)
                : asked.or(() -> converged);
    }

    private void bound() {
        if (pipeline != null) {
            pipeline.bound(boundary());
        }
    }

    @Override
    public void landed(Batch batch, long rows, long nanos) {
        applied = batch.end();
        wait = FIRST_WAIT;
        renew = pipeline.hasCaughtUpAll(applied);
        tally.applied(batch, rows, nanos);
        // Whoever waits for a marker finds its transaction counted.
        publish();
        if (holds.passed(batch.markers(), applied)) {
            standStill();
        }
        publish();
        committed.accept(applied);
        long now = System.nanoTime();
        if (now - trimmedAt >= TRIM_NANOS) {
            trimmedAt = now;
            site.buffer().trimTo(applied);
        }
    }

    @Override
    public void fellBack() {
        tally.fellBack();
    }

    // Requests; each runs on the dispatch thread.

    void convergeThrough(SourcePosition position, CompletableFuture<SourcePosition> reached) {
        if (applied != null && applied.covers(convergence.endOf(position))) {
            hold(reached);
        } else if (pipeline == null) {
            convergence.through(position, reached);
        } else if (!pipeline.isQuiet()) {
            mailbox.post(() -> convergeThrough(position, reached), reached);
        } else {
            convergence.through(position, reached);
            refreshPlans();
        }
        publish();
    }

    private void refreshPlans() {
        pipeline.unread();
        site.plans().refresh(convergence.covers(applied));
        pipeline.forgetPlans();
        bound();
    }

    void hold(CompletableFuture<SourcePosition> reached) {
        if (holds.isHeld()) {
            reached.complete(applied);
        } else {
            holds.addNow(reached);
        }
    }

    void holdAt(SourcePosition position, CompletableFuture<SourcePosition> reached) {
        SourcePosition sent = pipeline == null ? applied : pipeline.underWay().orElse(applied);
        if (sent != null && sent.isAfter(position)) {
            reached.completeExceptionally(
                    Fault.of(FaultCode.INTERNAL, "the applier is past " + position.text())
                            .at(sent));
            return;
        }
        holds.addPosition(position, reached);
        if (pipeline != null) {
            pipeline.unread();
            bound();
        }
    }

    void awaitMarker(String content, CompletableFuture<SourcePosition> reached) {
        holds.addMarker(content, reached);
    }

    void release() {
        if (holds.isHeld()) {
            holds.release();
            if (pipeline != null) {
                state = ApplierStatus.State.RUNNING;
                refreshPlans();
            }
            publish();
        }
    }

    private void publish() {
        status =
                tally.status(
                        state, convergence.through().isPresent(), applied, site.plans().stopped());
    }
}
