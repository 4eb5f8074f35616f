package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.apply.ApplierStatus;
import io.landbridge.apply.Sharing;
import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.buffer.Crew;
import io.landbridge.capture.Capture;
import io.landbridge.change.TableId;
import io.landbridge.config.Configuration;
import io.landbridge.config.TransportConfig;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.offsets.WorkerProgress;
import io.landbridge.validate.TouchedRows;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Capture, buffer and apply as one, and the proof that follows them. Opened by the controller's
 * thread; {@link #check} and the statuses may be read by any.
 *
 * <p>Where it goes on is decided by what both sides say: the target's progress, the buffer's last
 * complete transaction, the slot's confirmed position. A hole between them is a fault, never a
 * guess.
 */
final class Stream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Stream.class);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Configuration config;
    private final Route route;
    private final ChangeBuffer buffer;
    private final Capture capture;
    private final Optional<Sharing> sharing;
    private volatile Applier applier;
    private volatile ProofSoFar proof;
    private final History history;
    private CompletableFuture<SourcePosition> converged = CompletableFuture.completedFuture(null);

    private Stream(
            Configuration config,
            Route route,
            ChangeBuffer buffer,
            Capture capture,
            Optional<Sharing> sharing) {
        this.config = config;
        this.sharing = sharing;
        this.route = route;
        this.buffer = buffer;
        this.capture = capture;
        this.history = new History(config.rollback().history());
    }

    /**
     * Starts to capture, from where the target and the buffer are.
     *
     * @param sharing who writes with this agent
     * @throws Fault SOURCE_GAP or BUFFER_GAP when changes between them are missing
     */
    static Stream open(
            Configuration config,
            Route route,
            Mode mode,
            SourcePosition start,
            Optional<Sharing> sharing) {
        TransportConfig transport = config.transport();
        SourcePosition applied = applied(route);
        ChangeBuffer buffer = route.line().open(mode, start);
        try {
            // A hole between the target and the buffer must be found before the source forgets.
            buffer.readAfter(applied).close();
            Capture capture =
                    route.from()
                            .capture(
                                    route.hosts().of(mode),
                                    route.tables(),
                                    buffer,
                                    first(transport.acknowledge()),
                                    applied);
            capture.start();
            LOG.info(
                    "stream open: target at {}, buffer at {}",
                    applied,
                    buffer.last().map(SourcePosition::text).orElse("nothing"));
            return new Stream(config, route, buffer, capture, sharing);
        } catch (RuntimeException e) {
            Closing.after(e, buffer);
            throw e;
        }
    }

    private static Acknowledge first(Acknowledge configured) {
        return configured == Acknowledge.AUTO ? Acknowledge.BUFFERED : configured;
    }

    /** How far every worker is; the target's word. */
    static SourcePosition applied(Route route) {
        List<WorkerProgress> progress =
                route.to().destination().with("reading the progress", route.progress()::read);
        return progress.stream()
                .map(WorkerProgress::position)
                .min(Comparator.naturalOrder())
                .orElseThrow(
                        () ->
                                Fault.of(
                                                FaultCode.STATE_UNREADABLE,
                                                "there is no progress of migration '"
                                                        + route.progress().migration()
                                                        + "', stream "
                                                        + route.progress().stream())
                                        .hint("start over with 'landbridge rollback'"));
    }

    /** Starts to apply; converging through {@code converge}, strictly after it. */
    Applier startApplying(Optional<SourcePosition> converge) {
        return start(converge, false);
    }

    /** As {@link #startApplying}, but an applier that this starts holds before it applies. */
    Applier startHeld(Optional<SourcePosition> converge) {
        return start(converge, true);
    }

    private Applier start(Optional<SourcePosition> converge, boolean held) {
        if (applier != null) {
            return applier;
        }
        Applier opened =
                new Applier(
                        route.to().destination(),
                        buffer,
                        config.apply(),
                        route.progress(),
                        route.states(),
                        route.counterparts(),
                        route.leftOut(),
                        route.from().rows(),
                        sharing);
        opened.addCommitListener(capture::acknowledge);
        // Asked once only: asking again would take back what a row read from the source extended.
        converge.ifPresent(end -> converged = opened.convergeThrough(end));
        if (held) {
            var unused = opened.hold();
        }
        opened.start();
        applier = opened;
        return opened;
    }

    /**
     * As {@link #startApplying}, and goes on behind the place where the applier holds since all
     * that converges is applied. Can be called again and again.
     */
    Applier goOnApplying(Optional<SourcePosition> converge) {
        var unused = startApplying(converge);
        return goOn();
    }

    /** Lets a started applier go on, behind the place where it holds since all converged. */
    Applier goOn() {
        Applier started = applier;
        if (converged.isDone()) {
            started.release();
        } else {
            // Released before it holds there, it would hold for ever.
            var unused = converged.thenRun(started::release);
        }
        return started;
    }

    /** Completes when the applier is past what it was told to converge through. */
    CompletableFuture<SourcePosition> converged() {
        return converged;
    }

    /** From now on the source forgets only what is applied: the stream is close. */
    void acknowledgeApplied() {
        if (config.transport().acknowledge() == Acknowledge.AUTO) {
            capture.setAcknowledge(Acknowledge.APPLIED);
        }
    }

    /**
     * Ends the capture between two of the source's transactions; what it has brought is still
     * applied.
     */
    void endCapture() {
        capture.close();
        buffer.flush();
    }

    /** Whether every whole transaction that was captured is applied, for good. */
    boolean isDrained() {
        Optional<SourcePosition> last = buffer.last();
        return last.isEmpty()
                || applier.status().applied().filter(at -> at.covers(last.get())).isPresent();
    }

    Route route() {
        return route;
    }

    Optional<Applier> applier() {
        return Optional.ofNullable(applier);
    }

    /** Who writes with this agent. */
    Optional<Crew> crew() {
        return sharing.map(Sharing::crew);
    }

    Capture capture() {
        return capture;
    }

    ChangeBuffer buffer() {
        return buffer;
    }

    /**
     * What is proven of both sides, and what was changed since; followed from the first call on,
     * which needs a running applier.
     */
    ProofSoFar proof() {
        if (proof == null) {
            proof = ProofSoFar.begin(buffer, seated());
        }
        return proof;
    }

    /** As the applier is, once it has asked the target where it stands: soon after its start. */
    private ApplierStatus seated() {
        long began = System.nanoTime();
        while (applier.status().applied().isEmpty()
                && System.nanoTime() - began < FIRST_LOOK.toNanos()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return applier.status();
    }

    /**
     * Begins to note which rows of {@code tables} are touched from where the applier stands; the
     * caller's to close.
     */
    TouchedRows touched(Set<TableId> tables) {
        SourcePosition at = ProofSoFar.applied(seated());
        return new TouchedRows(buffer.readAfter(at), at, ProofSoFar.MOST_ROWS, tables::contains);
    }

    /**
     * Says that both sides were equal at {@code start}; means nothing once the applier is past it.
     * Before {@link #startApplying}.
     */
    void equalAt(SourcePosition start) {
        if (applied(route).equals(start)) {
            proof = ProofSoFar.ofEqualSides(buffer, start);
        }
    }

    /** Lets the buffer forget what is applied, and followed by the proof. */
    void trim() {
        Applier current = applier;
        if (current != null) {
            ApplierStatus status = current.status();
            status.applied()
                    .flatMap(
                            applied ->
                                    history.trimmable(
                                            applied, status.committedAt(), buffer.status()))
                    .map(this::followed)
                    .ifPresent(buffer::trimTo);
        }
    }

    private SourcePosition followed(SourcePosition applied) {
        ProofSoFar following = proof;
        if (following == null || following.through().covers(applied)) {
            return applied;
        }
        return following.through();
    }

    /** Whether apply ended since another agent has moved the stream on. */
    boolean wasTakenOver() {
        return applier()
                .map(Applier::status)
                .filter(status -> status.state() == ApplierStatus.State.FAILED)
                .flatMap(ApplierStatus::fault)
                .filter(fault -> fault.code() == FaultCode.NOT_LEADER)
                .isPresent();
    }

    /** Throws the fault that capture or apply ended with, if one did. */
    void check() {
        capture.status().fault().ifPresent(Stream::raise);
        applier().flatMap(opened -> opened.status().fault()).ifPresent(Stream::raise);
    }

    private static void raise(Fault fault) {
        if (!fault.code().isPassing()) {
            throw fault;
        }
    }

    @Override
    public void close() {
        Closing.all(proof, applier, capture, buffer);
    }
}
