package io.landbridge.phase;

import io.landbridge.buffer.Line;
import io.landbridge.capture.Capture;
import io.landbridge.capture.CaptureStatus;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.fault.FaultKind;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has another transport carry the stream, from the end of one of the source's transactions on. What
 * lies in one transport another knows nothing of: so the capture ends, what it brought is applied,
 * and only then is the other one written down as the stream's, and opened where the target stands.
 * At that moment neither holds anything that counts, so that an agent killed at any point goes on
 * with the one that is written down.
 *
 * <p>Belongs to the controller's thread, but for {@link #want} and {@link #wanted}.
 */
final class TransportSwitch {

    private static final Logger LOG = LoggerFactory.getLogger(TransportSwitch.class);
    private static final String WHO = "transport";
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    /** After so long without any progress nothing more is expected from a transport. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A connector may have to wait for a worker. */
    private static final long LONGEST_START_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Workplace work;
    private volatile Mode wanted;
    private volatile long retryAt = System.nanoTime();
    private Duration pause = FIRST_PAUSE;
    private long clearUpAt = System.nanoTime();

    TransportSwitch(Workplace work) {
        this.work = work;
        this.wanted = work.site.config().transport().mode();
    }

    /** What is to carry the changes; from any thread. */
    Mode wanted() {
        return wanted;
    }

    /** Asks for {@code mode}, at the next moment that allows it; from any thread. */
    void want(Mode mode) {
        if (mode != wanted) {
            LOG.info("{} is to carry the changes", spelling(mode));
        }
        wanted = mode;
        retryAt = System.nanoTime();
    }

    /**
     * The stream to the target, opened where that is not done. When what carries it can't be
     * reached, another one is wanted, and the source keeps everything that is not applied, then by
     * that one.
     */
    Stream stream() throws InterruptedException {
        try {
            return work.stream();
        } catch (Fault lost) {
            Mode from = work.state().carriedBy();
            Mode to = wanted;
            if (lost.code().kind() != FaultKind.TRANSPORT || to == from || !isKeptBySource()) {
                throw lost;
            }
            LOG.warn("{} can't be opened: {}", spelling(from), lost.getMessage());
            work.site.forthLine().check(to);
            begin(from, to);
            return work.stream();
        }
    }

    /**
     * Hands the stream over if another transport is wanted than the one that carries it.
     *
     * @return whether the stream was closed
     */
    boolean perform() throws InterruptedException {
        Mode from = work.state().carriedBy();
        Mode to = wanted;
        if (to == from) {
            work.faults.clear(WHO);
            clearUp();
            return false;
        }
        if (System.nanoTime() - retryAt < 0 || work.requests.isPaused()) {
            return false;
        }
        try {
            work.site.forthLine().check(to);
        } catch (Fault why) {
            refuse(from, to, why);
            return false;
        }
        LOG.info("from {} to {}: the capture ends", spelling(from), spelling(to));
        if (drain()) {
            begin(from, to);
        }
        return true;
    }

    /**
     * Ends the stream where everything that was captured is applied.
     *
     * @return false when it ended before that
     */
    private boolean drain() throws InterruptedException {
        try {
            Stream stream = work.stream();
            stream.endCapture();
            return isDrained(stream);
        } finally {
            work.closeStream();
        }
    }

    private boolean isDrained(Stream stream) throws InterruptedException {
        Progress progress = Progress.of(stream);
        long since = System.nanoTime();
        while (!stream.isDrained()) {
            if (work.requests.wantsBreakOff()) {
                return false;
            }
            stream.check();
            work.requests.await(20);
            Progress now = Progress.of(stream);
            if (!now.equals(progress)) {
                progress = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > STUCK_NANOS) {
                return isLeftBehind();
            }
        }
        return true;
    }

    /** What shows that a transport gives something out. */
    private record Progress(Optional<SourcePosition> applied, long waiting) {

        static Progress of(Stream stream) {
            return new Progress(
                    stream.applier().flatMap(applier -> applier.status().applied()),
                    stream.buffer().status().events());
        }
    }

    /** Gives up what lies in a transport that gives nothing out, if the source has it still. */
    private boolean isLeftBehind() {
        Mode from = work.state().carriedBy();
        if (isKeptBySource()) {
            LOG.warn("{} gives nothing out; the source sends it again", spelling(from));
            return true;
        }
        refuse(
                from,
                wanted,
                Fault.of(
                                FaultCode.TRANSPORT_SWITCH,
                                "what lies there can't be read, and the source keeps it no more")
                        .hint("see why apply does not go on"));
        return false;
    }

    private boolean isKeptBySource() {
        Route route = work.routeForth();
        try {
            route.log().checkKept(Stream.applied(route));
            return true;
        } catch (Fault why) {
            LOG.warn("{}", why.describe());
            return false;
        }
    }

    /** Opens the other one; the one before again when it can't be opened, or brings nothing. */
    private void begin(Mode from, Mode to) throws InterruptedException {
        try {
            work.site.forthLine().remove(to);
            work.journal().update(state -> state.handedOver(to));
            awaitStreaming(work.stream().capture());
        } catch (Fault why) {
            if (work.state().carriedBy() == to) {
                work.closeStream();
                work.journal().update(state -> state.handedOver(from));
            }
            refuse(from, to, why);
            return;
        }
        pause = FIRST_PAUSE;
        work.faults.clear(WHO);
        LOG.info("{} carries the changes", spelling(to));
    }

    /**
     * Returns when something has come through. Until then the source was told nothing, so that the
     * transport before can have all of it. A source that is away is no reason to go back.
     */
    private void awaitStreaming(Capture capture) throws InterruptedException {
        long since = System.nanoTime();
        while (!work.requests.wantsBreakOff()) {
            CaptureStatus status = capture.status();
            Optional<Fault> fault = status.fault();
            boolean given =
                    status.state() == CaptureStatus.State.FAILED
                            || System.nanoTime() - since > LONGEST_START_NANOS;
            if (status.state() == CaptureStatus.State.STREAMING
                    || fault.filter(why -> why.code() == FaultCode.SOURCE_UNREACHABLE)
                            .isPresent()) {
                return;
            }
            if (given) {
                throw fault.orElseGet(
                        () ->
                                Fault.of(FaultCode.CAPTURE_STOPPED, "nothing comes through")
                                        .hint("see the log of what reads the source's log"));
            }
            work.requests.await(20);
        }
    }

    private void refuse(Mode from, Mode to, Fault why) {
        Fault refused =
                Fault.of(
                                FaultCode.TRANSPORT_SWITCH,
                                "transport.mode is to be "
                                        + spelling(to)
                                        + ", but "
                                        + spelling(from)
                                        + " goes on: "
                                        + why.code()
                                        + ": "
                                        + why.getMessage(),
                                why)
                        .hint(why.hint());
        if (work.faults.raise(WHO, refused, work.site.clock().instant())) {
            LOG.warn("{}", refused.describe());
        }
        retryAt = System.nanoTime() + pause.toNanos();
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    /** Removes what the transport before holds, once the one after it is at work. */
    private void clearUp() {
        Optional<Mode> leftover = work.state().leftover();
        if (leftover.isEmpty()
                || System.nanoTime() - clearUpAt < 0
                || work.stream().capture().status().state() != CaptureStatus.State.STREAMING) {
            return;
        }
        try {
            work.site.forthLine().remove(leftover.get());
            work.journal().update(MigrationState::clearedUp);
        } catch (Fault why) {
            LOG.warn(
                    "what {} holds of ours stays for now: {}",
                    spelling(leftover.get()),
                    why.getMessage());
            clearUpAt = System.nanoTime() + LONGEST_PAUSE.toNanos();
        }
    }

    /** Removes what the stream left in any transport. One that was left behind may be away. */
    void removeAll() {
        Line line = work.site.forthLine();
        line.remove(work.state().carriedBy());
        work.state()
                .leftover()
                .ifPresent(
                        mode -> {
                            try {
                                line.remove(mode);
                            } catch (Fault why) {
                                LOG.warn(
                                        "what {} holds of ours stays, remove it by hand: {}",
                                        spelling(mode),
                                        why.describe());
                            }
                        });
    }

    private static String spelling(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
