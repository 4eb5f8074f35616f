package io.landbridge.apply;

import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.Destination;
import io.landbridge.target.LaneLocks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lanes that several agents write, as the one that leads sees them. A lane is written by whom the
 * crew has dealt it to, as long as that agent speaks; by this one otherwise. Every session that
 * writes a lane holds the lane's lock, and all of them are ended before the progress is read anew:
 * whoever was cut off, or stood still, can commit nothing after that.
 *
 * <p>Owned by the dispatch thread.
 */
final class SharedLanes implements Lanes {

    private static final Logger LOG = LoggerFactory.getLogger(SharedLanes.class);
    private static final long OPEN_SECONDS = 5;

    private final Destination target;
    private final Database database;
    private final ProgressStore progress;
    private final TablePlans plans;
    private final BooleanSupplier leads;
    private final LaneLocks locks;
    private final Roster roster;
    private final Supplier<Optional<SourcePosition>> applied;
    private Switchboard switchboard;
    private long term;
    private int count;
    private Map<Integer, String> holders = Map.of();

    /**
     * @param roster kept up to date here
     * @param applied everything up to there is in the target; empty before the first connection
     */
    SharedLanes(
            Destination target,
            ProgressStore progress,
            TablePlans plans,
            Sharing sharing,
            Roster roster,
            Supplier<Optional<SourcePosition>> applied) {
        this.target = target;
        this.database = sharing.target();
        this.progress = progress;
        this.plans = plans;
        this.leads = sharing.leads();
        this.applied = applied;
        this.locks = new LaneLocks(database, progress.migration(), progress.stream());
        this.roster = roster;
        LOG.info("{} shares the writing with whoever else there is", sharing.crew().me());
    }

    @Override
    public void clear() {
        if (!leads.getAsBoolean()) {
            throw Fault.of(FaultCode.NOT_LEADER, "another agent leads by now");
        }
        term = locks.endAll();
        if (switchboard == null || switchboard.isBroken()) {
            Closing.all(switchboard);
            // Others may have lost their connections as well: who is heard again counts again.
            roster.forgetAll();
            switchboard = new Switchboard(database, progress.migration(), roster, applied);
        }
    }

    @Override
    public List<Lane> open(int number, Runnable signal) {
        count = number;
        holders = new TreeMap<>(roster.holders(count));
        Map<Integer, CompletableFuture<Long>> asked = new TreeMap<>();
        holders.forEach(
                (lane, agent) ->
                        asked.put(
                                lane,
                                switchboard
                                        .ask(agent, Order.Kind.OPEN, term, lane, Optional.empty())
                                        .thenApply(answer -> Long.valueOf(answer.detail()))));
        List<Lane> lanes = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                lanes.add(asked.containsKey(i) ? other(i, asked.get(i), signal) : own(i, signal));
            }
        } catch (RuntimeException e) {
            lanes.forEach(Lane::close);
            throw e;
        }
        LOG.info("of {} lanes {} are written by others: {}", count, holders.size(), holders);
        return lanes;
    }

    private Lane other(int lane, CompletableFuture<Long> asked, Runnable signal) {
        String agent = holders.get(lane);
        try {
            long session = asked.get(OPEN_SECONDS, TimeUnit.SECONDS);
            return new OtherLane(switchboard, agent, term, lane, session, count, plans, signal);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} does not take lane {}: {}", agent, lane, e.toString());
            roster.rest(agent);
            throw Fault.of(FaultCode.TARGET_UNREACHABLE, agent + " does not take lane " + lane, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(FaultCode.TARGET_UNREACHABLE, "interrupted", e);
        }
    }

    private Lane own(int lane, Runnable signal) {
        Worker worker = new Worker(target, lane, signal);
        try {
            Connection connection = worker.connection();
            locks.take(connection, lane);
            return new OwnLane(worker, progress);
        } catch (SQLException e) {
            worker.close();
            throw target.fault("taking lane " + lane, e);
        }
    }

    @Override
    public boolean isStale() {
        return switchboard.isBroken() || !holders.equals(roster.holders(count));
    }

    @Override
    public void close() {
        Closing.all(switchboard);
    }
}
