package io.landbridge.apply;

import io.landbridge.apply.Order.Work;
import io.landbridge.buffer.Changes;
import io.landbridge.buffer.Crew;
import io.landbridge.buffer.Crew.Hand;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Table;
import io.landbridge.target.ApplyNotes;
import io.landbridge.target.Destination;
import io.landbridge.target.LaneLocks;
import io.landbridge.target.PostgresDestination;
import io.landbridge.target.TableStates;
import io.landbridge.target.Wire;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lanes for an agent that leads: what it is told, when it is told, each lane in a
 * transaction of its own with the lane's progress. It decides nothing: what it can't do it says,
 * and the one that leads goes on without it.
 *
 * <p>One thread hears and forms shares, one for each lane writes, one says every second that this
 * agent is there. An {@link Error} ends the following for good. Those who lead may change; an order
 * of one that leads no more writes nothing, since its session was ended and the lane's progress has
 * moved.
 */
public final class Follower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration EAR = Duration.ofMillis(100);
    private static final long BEAT_MILLIS = 1_000;
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long CLOSE_MILLIS = 3_000;
    private static final long SKIMMED_AT_ONCE = 20_000;

    private final Database database;
    private final Destination target;
    private final Crew crew;
    private final ProgressStore progress;
    private final TablePlans plans;
    private final ShareReader reader;
    private final LaneLocks locks;
    private final Thread thread;
    private final ScheduledExecutorService beats =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread made = new Thread(task, "landbridge-beat");
                        made.setDaemon(true);
                        return made;
                    });
    private final Map<Integer, Worker> lanes = new TreeMap<>();
    private final BitSet mine = new BitSet();
    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private volatile Wire wire;
    private volatile boolean closing;
    private volatile boolean fit;
    private volatile Fault fault;
    private volatile SourcePosition applied;

    /** What a lane's thread met and the one that hears has to end with. */
    private volatile Error broken;

    private long term;
    private int plansOf = -1;

    /**
     * @param database the target
     * @param changes the stream that the one which leads applies
     * @param targetTables by the table's name at the source
     */
    public Follower(
            Database database,
            Crew crew,
            Changes changes,
            ProgressStore progress,
            TableStates states,
            Map<TableId, Table> targetTables) {
        this.database = database;
        this.target = new PostgresDestination(database);
        this.crew = crew;
        this.progress = progress;
        this.plans =
                TablePlans.following(
                        target,
                        new ApplyNotes(progress.migration(), progress.stream()),
                        states,
                        targetTables);
        this.reader = new ShareReader(changes, plans, () -> closing);
        this.locks = new LaneLocks(database, progress.migration(), progress.stream());
        this.thread = new Thread(this::run, "landbridge-follow");
        this.thread.setDaemon(true);
    }

    /** Begins; once. */
    public void start() {
        thread.start();
        var unused =
                beats.scheduleWithFixedDelay(
                        () -> beat(false), 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** From any thread. */
    public FollowerStatus status() {
        return new FollowerStatus(
                crew.me(),
                hand().lanes(),
                crew.deals(),
                rounds.get(),
                rows.get(),
                crew.lag(),
                Optional.ofNullable(applied),
                Optional.ofNullable(fault));
    }

    private Hand hand() {
        return fit ? crew.hand() : Hand.EMPTY;
    }

    private void beat(boolean leaves) {
        Wire now = wire;
        if (now == null) {
            return;
        }
        try {
            Hand hand = leaves ? Hand.EMPTY : hand();
            Beat beat = new Beat(crew.me(), hand, leaves, rounds.get(), rows.get());
            now.send(Switchboard.LEAD, beat.word());
        } catch (SQLException e) {
            // Whoever hears on the same wire meets the same, and makes a new one.
            LOG.debug("a beat was not sent", e);
        }
    }

    private void run() {
        while (!closing) {
            Fault why;
            try {
                follow();
                continue;
            } catch (SQLException e) {
                why = target.fault("following the one that leads", e);
            } catch (Fault e) {
                why = e;
            } catch (RuntimeException e) {
                why = Fault.of(FaultCode.INTERNAL, "following failed: " + e, e);
                LOG.error("{}", why.describe(), e);
            } catch (Error e) {
                // Not heard any more it is given up, and its sessions ended; who runs it ends it.
                fit = false;
                beats.shutdownNow();
                throw e;
            }
            if (!closing) {
                LOG.warn("follows again in 2 s: {}", why.describe());
                fault = why;
                letGo();
                LockSupport.parkNanos(REST_NANOS);
            }
        }
        letGo();
    }

    /** Does what it is told until something goes wrong. */
    private void follow() throws SQLException {
        wire = new Wire(database, progress.migration(), crew.me());
        while (!closing) {
            if (broken != null) {
                throw broken;
            }
            for (String word : wire.receive(EAR)) {
                if (Lead.isOne(word)) {
                    applied = Lead.read(word).applied();
                } else {
                    obey(Order.read(word));
                }
            }
            if (applied != null) {
                skim();
            }
        }
    }

    /** Keeps near to where the next round begins; when that works this agent is fit to write. */
    private void skim() {
        try {
            reader.skim(applied, SKIMMED_AT_ONCE);
            fit = true;
            fault = null;
        } catch (Fault e) {
            if (e.code() != FaultCode.BUFFER_GAP) {
                throw e;
            }
            // The one that leads has gone on, and deleted what it spoke of: it will speak again.
            reader.close();
            applied = null;
        }
    }

    private void obey(Order order) {
        if (order.term() < term) {
            return;
        }
        if (order.term() > term) {
            term = order.term();
            plansOf = -1;
            dropLanes();
        }
        try {
            switch (order.kind()) {
                case OPEN -> open(order);
                case WRITE -> write(order, order.work().orElseThrow());
                case COMMIT -> does(order, worker -> worker.connection().commit());
                case ROLLBACK -> does(order, worker -> worker.connection().rollback());
                case CLOSE -> drop(order.lane());
            }
        } catch (SQLException | RowsDiffer e) {
            refuse(order, e);
        } catch (Fault e) {
            refuse(order, e);
            throw e;
        }
    }

    private void open(Order order) throws SQLException {
        drop(order.lane());
        Worker worker = new Worker(target, order.lane(), () -> {});
        try {
            locks.take(worker.connection(), order.lane());
        } catch (SQLException e) {
            worker.close();
            throw e;
        }
        lanes.put(order.lane(), worker);
        mine.set(order.lane());
        answer(Answer.done(order.number(), worker.sessionId()));
    }

    private void write(Order order, Work work) throws SQLException, RowsDiffer {
        if (plansOf != work.plans()) {
            plans.refresh(work.plansConverge(), true);
            reader.forgetPlans();
            lanes.values().forEach(Worker::forgetPlans);
            plansOf = work.plans();
        }
        List<TableWrite> share = reader.share(work, order.lane(), mine);
        does(
                order,
                worker -> {
                    worker.write(share);
                    if (work.stride().isPresent()) {
                        work.stride().get().move(progress, worker.connection());
                    }
                    rounds.incrementAndGet();
                    rows.addAndGet(work.rows());
                });
    }

    private void does(Order order, Worker.Task task) throws SQLException {
        Worker worker = lanes.get(order.lane());
        if (worker == null) {
            throw new SQLException("lane " + order.lane() + " is not open here", "08003");
        }
        CompletableFuture<Void> done = worker.submit(task);
        var unused =
                done.whenComplete(
                        (nothing, failure) -> {
                            if (failure != null && cause(failure) instanceof Error error) {
                                broken = error;
                            }
                            answer(
                                    failure == null
                                            ? Answer.done(order.number(), worker.sessionId())
                                            : Answer.failed(
                                                    order.number(), cause(failure), target));
                        });
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    }

    private void refuse(Order order, Exception why) {
        LOG.info("lane {} can't {}: {}", order.lane(), order.kind(), why.getMessage());
        answer(Answer.failed(order.number(), why, target));
    }

    private void answer(Answer answer) {
        Wire now = wire;
        if (now == null) {
            return;
        }
        try {
            now.send(Switchboard.LEAD, answer.word());
        } catch (SQLException e) {
            LOG.warn("an answer was not sent: {}", e.getMessage());
        }
    }

    private void drop(int lane) {
        Worker worker = lanes.remove(lane);
        mine.clear(lane);
        if (worker != null) {
            worker.close();
        }
    }

    private void dropLanes() {
        List.copyOf(lanes.keySet()).forEach(this::drop);
    }

    /** Back to where it has nothing, so that it can begin anew. */
    private void letGo() {
        fit = false;
        applied = null;
        beat(true);
        dropLanes();
        try {
            reader.close();
        } catch (RuntimeException e) {
            LOG.debug("the stream was not closed", e);
        }
        if (wire != null) {
            wire.close();
            wire = null;
        }
    }

    /**
     * Ends it; what it has not committed is void. What waits for Kafka may outlive this a little,
     * and does no harm: whoever leads ends its sessions first.
     */
    @Override
    public void close() {
        closing = true;
        beats.shutdownNow();
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
