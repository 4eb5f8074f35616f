package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.apply.ApplierStatus;
import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.cutover.Drain;
import io.landbridge.cutover.Evidence;
import io.landbridge.cutover.Proof;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.validate.EqualParts;
import io.landbridge.validate.ValidationReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A load and a stream of ours. Close to the source means: a position read there just now is applied
 * here within {@code cutover.max-lag}.
 */
final class StreamForth implements WayForth {

    private static final Logger LOG = LoggerFactory.getLogger(StreamForth.class);

    private final Workplace work;
    private final Site site;
    private final StreamDrain drain;

    StreamForth(Workplace work) {
        this.work = work;
        this.site = work.site;
        this.drain = new StreamDrain(work, this::applied);
    }

    @Override
    public void check() {
        if (work.strategy() != Strategy.FULL_LOAD) {
            site.forthLine().check(work.transport.wanted());
        }
    }

    /**
     * From the slot's first position on nothing can be missed. A slot whose position was never
     * written down is made anew: nothing has been copied under it yet.
     */
    @Override
    public void open() {
        if (work.state().streamStart().isEmpty()) {
            // Before the log is opened: what happens to a partition from here on is seen.
            work.partitions.begin(work.tables().source());
            SourcePosition start = site.source().openLog(work.tables().source());
            work.forgetTables();
            Mode mode = work.transport.wanted();
            work.journal().update(state -> state.startingAt(start, mode));
        }
        SourcePosition start = work.state().streamStart().orElseThrow();
        site.target()
                .inTransaction(
                        "setting the progress to the stream's start",
                        connection -> {
                            site.progress()
                                    .reset(
                                            connection,
                                            site.config().apply().workers(),
                                            start,
                                            0,
                                            0);
                            return null;
                        });
        LOG.info("stream starts at {}", start);
    }

    @Override
    public void copy() throws InterruptedException {
        new CopyStep(work).perform();
    }

    @Override
    public void converge() throws InterruptedException {
        new ConvergeStep(work).perform();
    }

    @Override
    public boolean follow() throws InterruptedException {
        Stream stream = work.transport.stream();
        Optional<SourcePosition> converge = work.state().convergeThrough();
        boolean paused = work.requests.isPaused();
        Applier applier = paused ? stream.startHeld(converge) : stream.goOnApplying(converge);
        if (!work.state().caughtUp()) {
            if (paused) {
                stream.check();
                work.requests.await(250);
                return false;
            }
            if (!comesClose(stream, applier)) {
                return false;
            }
            work.journal().update(MigrationState::closeToSource);
            LOG.info("caught up with the source");
        }
        stream.acknowledgeApplied();
        return true;
    }

    private boolean comesClose(Stream stream, Applier applier) throws InterruptedException {
        SourcePosition now = site.log().currentPosition();
        Duration bound = site.config().cutover().maxLag();
        long start = System.nanoTime();
        while (!applier.status().applied().filter(at -> at.covers(now)).isPresent()) {
            if (work.requests.wantsBreakOff()
                    || work.requests.peek().isPresent()
                    || work.requests.isPaused()) {
                return false;
            }
            stream.check();
            work.requests.await(20);
        }
        return System.nanoTime() - start < bound.toNanos();
    }

    @Override
    public void idle() throws InterruptedException {
        work.stream().check();
        if (!work.transport.perform()) {
            work.requests.await(250);
        }
    }

    @Override
    public boolean isClose() {
        return status().map(applier -> lag(applier).good()).orElse(false);
    }

    @Override
    public List<Evidence> evidence() {
        List<Evidence> evidence = new ArrayList<>();
        Optional<ApplierStatus> applier = status();
        evidence.add(
                applier.map(this::lag).orElse(Evidence.bad("lag", "nothing is being applied")));
        applier.ifPresent(status -> evidence.add(stopped(status)));
        return evidence;
    }

    private Optional<ApplierStatus> status() {
        return work.openStream().flatMap(Stream::applier).map(Applier::status);
    }

    private static Evidence stopped(ApplierStatus applier) {
        String stopped =
                applier.stopped().entrySet().stream()
                        .map(
                                one ->
                                        "table "
                                                + one.getKey()
                                                + " is stopped: "
                                                + one.getValue().reason())
                        .collect(Collectors.joining("; "));
        return stopped.isEmpty()
                ? Evidence.good("stopped tables", "none")
                : Evidence.bad("stopped tables", stopped);
    }

    private Evidence lag(ApplierStatus applier) {
        Instant now = site.clock().instant();
        if (applier.committedAt().isEmpty()) {
            return Evidence.bad("lag", "nothing has been applied yet");
        }
        Duration lag = Duration.between(applier.committedAt().get(), now);
        return Evidence.lag(lag, site.config().cutover().maxLag(), "the lag is");
    }

    @Override
    public void checkCan(Step step) {
        // All of them.
    }

    /** Without a stream nothing is written to either side. */
    @Override
    public ValidationReport compare(ComparisonOrder order, EqualParts known) {
        Comparison comparison = new Comparison(work, work.routeForth());
        return work.state().streamStart().isPresent()
                ? comparison.following(applied(), order, known)
                : comparison.standing(known);
    }

    private Stream applied() {
        Stream stream = work.stream();
        var unused = stream.startApplying(work.state().convergeThrough());
        return stream;
    }

    @Override
    public void emitMarker(String content) {
        site.promptSource().log().emitMarker(content);
    }

    @Override
    public Drain drain() {
        return drain;
    }

    @Override
    public void breakOff() {
        drain.breakOff();
    }

    @Override
    public Proof proof(Runnable last) {
        return new CutoverProof(work, this::applied, last);
    }

    /** What was written forth must not be captured any more once we write back. */
    @Override
    public void end() {
        boolean isBack =
                work.openStream()
                        .filter(stream -> stream.route().log() == site.backLog())
                        .isPresent();
        if (!isBack) {
            work.closeStream();
        }
        remove();
    }

    @Override
    public void remove() {
        site.log().drop();
        work.transport.removeAll();
    }

    /** The stream is the workplace's, which it shares with the way back. */
    @Override
    public void letGo() {
        work.closeStream();
    }
}
