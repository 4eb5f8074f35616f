package io.landbridge.apply;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.config.ApplyConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.fault.FaultKind;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.offsets.WorkerProgress;
import io.landbridge.target.Refusal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The applier's loop: reads the stream, forms batches, sends them to the workers and decides what a
 * failure means. While one batch is on its way, the next one is formed. Everything here belongs to
 * the dispatch thread, but {@link #post}, {@link #status} and {@link #stop}.
 *
 * <p>After any failure that leaves open what the target holds, connections and stream are made anew
 * from the positions that the target itself says.
 */
final class Dispatch implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    private static final long BATCH_BYTES = 32L << 20;
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final long IDLE_NANOS = 1_000_000;
    private static final long TRIM_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String NO_DATA = "02000";

    private final Database target;
    private final ChangeBuffer buffer;
    private final ApplyConfig config;
    private final ProgressStore progress;
    private final SourceRows sourceRows;
    private final Consumer<SourcePosition> committed;
    private final TablePlans plans;
    private final BatchFormer.Limits limits;
    private final LinkedBlockingQueue<Request> posted = new LinkedBlockingQueue<>();
    private final Holds holds = new Holds();
    private final Convergence convergence = new Convergence();
    private final Tally tally = new Tally();

    private volatile boolean closing;
    private volatile Fault ended;
    private volatile ApplierStatus status;
    private ApplierStatus.State state = ApplierStatus.State.NEW;

    private Fleet fleet;
    private Stream stream;
    private BatchFormer former;
    private List<WorkerProgress> resumed = List.of();
    private SourcePosition applied;
    private Round next;
    private Flight flight;
    private Batch pieces;
    private long rows;
    private long trimmedAt;
    private Duration wait = FIRST_WAIT;

    Dispatch(
            Database target,
            ChangeBuffer buffer,
            ApplyConfig config,
            ProgressStore progress,
            TablePlans plans,
            SourceRows sourceRows,
            Consumer<SourcePosition> committed) {
        this.target = target;
        this.buffer = buffer;
        this.config = config;
        this.progress = progress;
        this.plans = plans;
        this.sourceRows = sourceRows;
        this.committed = committed;
        this.limits = new BatchFormer.Limits(config.batchRows(), BATCH_BYTES);
        publish();
    }

    /** Something that others want done here; its future fails when the loop has ended. */
    private record Request(Runnable action, CompletableFuture<?> answer) {}

    /**
     * Has {@code action} run on the dispatch thread soon.
     *
     * @param answer fails when the loop ends before
     */
    void post(Runnable action, CompletableFuture<?> answer) {
        posted.add(new Request(action, answer));
        if (ended != null) {
            answer.completeExceptionally(ended);
        }
    }

    private void wake() {
        posted.add(new Request(() -> {}, CompletableFuture.completedFuture(null)));
    }

    ApplierStatus status() {
        return status;
    }

    /** Asks the loop to end without waiting for what is in flight. */
    void stop() {
        closing = true;
        wake();
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
            end(why);
        }
    }

    private Fault failed(Fault fault) {
        LOG.error("apply ends: {}", fault.describe(), fault);
        tally.failed(fault);
        state = ApplierStatus.State.FAILED;
        return fault;
    }

    private void end(Fault why) {
        publish();
        ended = why;
        holds.fail(why);
        convergence.fail(why);
        Request request;
        while ((request = posted.poll()) != null) {
            request.answer().completeExceptionally(why);
        }
    }

    /** Works until something goes wrong that may pass, and waits a little then. */
    private void attempt() {
        Fault fault;
        try {
            connect();
            state = ApplierStatus.State.RUNNING;
            while (!closing) {
                step();
            }
            return;
        } catch (SQLException e) {
            if (NO_DATA.equals(e.getSQLState())) {
                throw Fault.of(FaultCode.NOT_LEADER, "another agent has taken the stream over", e);
            }
            fault = target.fault("applied changes", e);
        } catch (Fault e) {
            if (e.code() == FaultCode.NOT_LEADER
                    || e.code() == FaultCode.STATE_UNREADABLE
                    || (e.code().kind() != FaultKind.TARGET
                            && e.code().kind() != FaultKind.SOURCE)) {
                throw e;
            }
            fault = e;
        }
        disconnect();
        if (closing) {
            return;
        }
        LOG.warn("apply waits {}: {}", wait, fault.describe());
        tally.failed(fault);
        state = ApplierStatus.State.RETRYING;
        publish();
        pause(wait);
        wait =
                wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0
                        ? wait.multipliedBy(2)
                        : LONGEST_WAIT;
    }

    /** Waits, but does what is asked meanwhile. */
    private void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long left;
        while (!closing && (left = end - System.nanoTime()) > 0) {
            await(left);
        }
    }

    private void connect() throws SQLException {
        resumed = readProgress();
        applied =
                resumed.stream()
                        .map(WorkerProgress::position)
                        .min(SourcePosition::compareTo)
                        .orElseThrow();
        plans.refresh(convergence.covers(applied));
        fleet = new Fleet(target, progress, resumed.size(), this::wake);
        stream = new Stream(buffer.readAfter(applied), applied);
        former = new BatchFormer(stream, plans, limits, new Resumption());
        bound();
        publish();
    }

    /** Where every worker stands; deals anew when their number changed and all stand together. */
    private List<WorkerProgress> readProgress() {
        List<WorkerProgress> all = target.with("reading the progress", progress::read);
        if (all.isEmpty()) {
            throw Fault.of(
                            FaultCode.STATE_UNREADABLE,
                            "the target has no progress of stream " + progress.stream())
                    .hint("start the migration again with 'landbridge abort' and 'landbridge run'");
        }
        if (all.size() == config.workers() || !isTogether(all)) {
            return all;
        }
        SourcePosition position = all.get(0).position();
        long transactions = all.stream().mapToLong(WorkerProgress::transactions).sum();
        long changes = all.stream().mapToLong(WorkerProgress::changes).sum();
        return target.inTransaction(
                "a new number of workers",
                connection -> {
                    progress.reset(connection, config.workers(), position, transactions, changes);
                    return progress.read(connection);
                });
    }

    private static boolean isTogether(List<WorkerProgress> all) {
        return all.stream().map(WorkerProgress::position).distinct().count() == 1;
    }

    private void disconnect() {
        flight = null;
        next = null;
        pieces = null;
        if (fleet != null) {
            fleet.close();
            fleet = null;
        }
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }

    /** Knows which workers lack a batch, right after a crash between two commits. */
    private final class Resumption implements BatchFormer.Start {

        @Override
        public Batch batch(Stream.Place place) {
            BitSet lacking = new BitSet();
            for (WorkerProgress worker : resumed) {
                lacking.set(worker.worker(), place.after().covers(worker.position()));
            }
            return new Batch(place, convergence.covers(place.after()), lacking);
        }

        @Override
        public Optional<SourcePosition> end(SourcePosition after) {
            return resumed.stream()
                    .map(WorkerProgress::position)
                    .filter(position -> position.isAfter(after))
                    .min(SourcePosition::compareTo);
        }
    }

    private void step() throws SQLException {
        Request request = posted.poll();
        boolean worked = request != null;
        if (worked) {
            request.action().run();
        }
        if (flight != null && flight.isDone()) {
            land();
            worked = true;
        }
        if (flight == null && pieces == null) {
            worked |= stand();
        }
        if (flight == null && next != null && !holds.isHeld()) {
            Round round = next;
            next = null;
            launch(round);
            worked = true;
        }
        if (next == null && !holds.isHeld()) {
            long before = former.eventsRead();
            next = former.read();
            worked |= next != null || former.eventsRead() != before;
            if (next == null && flight == null && former.hasOpen() && isDue()) {
                next = former.close();
                worked = true;
            }
        }
        if (!worked) {
            idle();
        }
    }

    private void idle() {
        if (flight == null) {
            if (tally.recovered()) {
                publish();
            }
        }
        await(holds.isHeld() ? TimeUnit.MILLISECONDS.toNanos(100) : IDLE_NANOS);
    }

    private boolean isDue() {
        return System.nanoTime() - former.openSince() >= config.batchInterval().toNanos();
    }

    /** Waits for something to be posted, and does it. */
    private void await(long nanos) {
        try {
            Request request = posted.poll(nanos, TimeUnit.NANOSECONDS);
            if (request != null) {
                request.action().run();
            }
        } catch (InterruptedException e) {
            closing = true;
            Thread.currentThread().interrupt();
        }
    }

    /** At a batch's end: stands still if somebody asked for it. */
    private boolean stand() {
        if (holds.isHeld()) {
            return false;
        }
        if (holds.wantsNow()) {
            unread();
            holds.hold(applied);
        } else if (!former.isBoundedBy(boundary().orElse(null))) {
            // Somebody took a request back.
            bound();
            return true;
        } else if (next == null && former.isAtBoundary()) {
            arrive();
        } else {
            return false;
        }
        state = ApplierStatus.State.HELD;
        publish();
        return true;
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

    /** Forgets what was read ahead, unless it is part of what is in flight. */
    private void unread() {
        if (pieces != null) {
            return;
        }
        former.discard();
        if (next != null) {
            stream.rewind(next.batch().start());
            former.forget();
            next = null;
        }
    }

    private void bound() {
        if (former != null) {
            former.bound(boundary().orElse(null));
        }
    }

    private void launch(Round round) throws SQLException {
        switch (round.form()) {
            case ORDERED -> {
                if (pieces != null) {
                    rollback();
                }
                applyOrdered(round.batch());
            }
            case VOID -> rollback();
            default -> {
                pieces = round.form() == Round.Form.WHOLE ? null : round.batch();
                flight = fleet.launch(round);
                rows += round.fold().size();
            }
        }
    }

    /** Goes on with what the workers have done. */
    private void land() throws SQLException {
        Flight landed = flight;
        Round round = landed.round();
        try {
            landed.check();
        } catch (RowsDiffer e) {
            fallBack(landed, e);
            return;
        } catch (SQLException e) {
            if (landed.committing() || Verdict.of(e) == Verdict.RETRY) {
                throw e;
            }
            fallBack(landed, e);
            return;
        }
        if (landed.alone() || landed.committing()) {
            flight = null;
            finish(round.batch(), (System.nanoTime() - landed.since()) / 1_000_000);
        } else {
            flight = round.ends() ? fleet.commit(landed) : null;
        }
    }

    private void fallBack(Flight landed, Exception why) throws SQLException {
        Batch batch = landed.round().batch();
        LOG.info(
                "the batch after {} goes in the source's order: {}",
                batch.start().after().text(),
                why instanceof SQLException error ? Refusal.describe(error) : why.getMessage());
        flight = null;
        next = null;
        rollback();
        applyOrdered(batch);
    }

    private void rollback() throws SQLException {
        try {
            fleet.rollback();
        } catch (RowsDiffer e) {
            throw new AssertionError(e);
        }
        pieces = null;
        rows = 0;
    }

    /** Writes a batch in the source's order, stopping each table that refuses a change. */
    private void applyOrdered(Batch batch) throws SQLException {
        tally.fellBack();
        former.forget();
        long since = System.nanoTime();
        SourcePosition boundary = batch.end() == null ? boundary().orElse(null) : null;
        int oneByOne = 0;
        while (true) {
            OrderedPass pass =
                    new OrderedPass(
                            stream,
                            plans,
                            fleet.dealing(),
                            fleet.first(),
                            sourceRows,
                            limits,
                            batch,
                            boundary,
                            oneByOne,
                            () -> closing);
            try {
                switch (pass.run()) {
                    case COMPLETE -> {
                        pass.readAt().ifPresent(convergence::extend);
                        fleet.commitOrdered(pass.done());
                        rows += pass.done().changes();
                        finish(pass.done(), (System.nanoTime() - since) / 1_000_000);
                        bound();
                    }
                    case PAST_BOUNDARY -> {
                        rollback();
                        stream.rewind(batch.start());
                        former.block();
                    }
                    case ABANDONED, CLOSING -> rollback();
                }
                return;
            } catch (RowRefused refused) {
                rollback();
                if (refused.isOne()) {
                    plans.stop(refused.fault());
                    publish();
                    oneByOne = 0;
                } else {
                    oneByOne = refused.run();
                }
            }
        }
    }

    private void finish(Batch batch, long millis) {
        pieces = null;
        applied = batch.end();
        wait = FIRST_WAIT;
        tally.applied(batch, rows, millis);
        rows = 0;
        holds.passed(batch.markers(), applied);
        if (holds.isHeld()) {
            unread();
            state = ApplierStatus.State.HELD;
        }
        publish();
        committed.accept(applied);
        trim();
        if (resumed.size() != config.workers()
                && resumed.stream().allMatch(one -> applied.covers(one.position()))) {
            renew();
        }
    }

    private void trim() {
        long now = System.nanoTime();
        if (now - trimmedAt >= TRIM_NANOS) {
            trimmedAt = now;
            buffer.trimTo(applied);
        }
    }

    /** Connects again: all workers stand together now, and another number was configured. */
    private void renew() {
        disconnect();
        try {
            connect();
        } catch (SQLException e) {
            throw target.fault("a new number of workers", e);
        }
    }

    // Commands; each runs on the dispatch thread.

    void convergeThrough(SourcePosition position, CompletableFuture<SourcePosition> reached) {
        if (applied != null && applied.covers(position)) {
            holds.addNow(reached);
        } else if (flight != null || pieces != null) {
            post(() -> convergeThrough(position, reached), reached);
        } else {
            convergence.through(position, reached);
            if (former != null) {
                unread();
                plans.refresh(true);
                fleet.forgetPlans();
                bound();
            }
        }
        publish();
    }

    void hold(CompletableFuture<SourcePosition> reached) {
        if (holds.isHeld()) {
            reached.complete(applied);
        } else {
            holds.addNow(reached);
        }
    }

    void holdAt(SourcePosition position, CompletableFuture<SourcePosition> reached) {
        SourcePosition sent = sent();
        if (sent != null && sent.isAfter(position)) {
            reached.completeExceptionally(
                    Fault.of(FaultCode.INTERNAL, "the applier is past " + position.text())
                            .at(sent));
            return;
        }
        holds.addPosition(position, reached);
        if (former != null) {
            unread();
            bound();
        }
    }

    /** Where the target will stand once all that has been decided is applied. */
    private SourcePosition sent() {
        Batch last = flight != null ? flight.round().batch() : pieces;
        return last == null || last.end() == null ? applied : last.end();
    }

    void awaitMarker(String content, CompletableFuture<SourcePosition> reached) {
        holds.addMarker(content, reached);
    }

    void release() {
        if (!holds.isHeld()) {
            return;
        }
        holds.release();
        state = ApplierStatus.State.RUNNING;
        if (former != null) {
            plans.refresh(convergence.covers(applied));
            fleet.forgetPlans();
            bound();
        }
        publish();
    }

    private void publish() {
        status = tally.status(state, convergence.through().isPresent(), applied, plans.stopped());
    }
}
