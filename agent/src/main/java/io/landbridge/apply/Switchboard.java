package io.landbridge.apply;

import io.landbridge.apply.Order.Work;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.Wire;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the agent that leads talks with the others. An agent that falls silent, or leaves, fails
 * what it was asked for. A thread of its own hears; {@link #ask} may be called from any.
 */
final class Switchboard implements AutoCloseable {

    /** Where whoever leads is spoken to. */
    static final String LEAD = "lead";

    private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);
    private static final Duration EAR = Duration.ofMillis(250);

    /** connection_failure: the attempt is over, what the target holds is open. */
    private static final String GONE = "08006";

    private record Asked(String agent, CompletableFuture<Answer> answer) {}

    private final Wire wire;
    private final Roster roster;
    private final Supplier<Optional<SourcePosition>> applied;
    private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean closed;
    private volatile boolean broken;

    /**
     * @param applied what others are told: everything up to there is in the target
     */
    Switchboard(
            Database target,
            String migration,
            Roster roster,
            Supplier<Optional<SourcePosition>> applied) {
        this.wire = new Wire(target, migration, LEAD);
        this.roster = roster;
        this.applied = applied;
        Thread thread = new Thread(this::hear, "landbridge-switchboard");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether its connections are lost: nothing can be asked any more. */
    boolean isBroken() {
        return broken;
    }

    /** Sends an order; the future fails with what went wrong there, or on the way. */
    CompletableFuture<Answer> ask(
            String agent, Order.Kind kind, long term, int lane, Optional<Work> work) {
        long number = numbers.incrementAndGet();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        asked.put(number, new Asked(agent, answer));
        try {
            wire.send(agent, new Order(kind, term, lane, number, work).word());
        } catch (SQLException e) {
            broken = true;
        }
        if (broken) {
            fail(one -> one == answer, "the words between agents were cut off");
        }
        return answer;
    }

    /** Sends an order that has no answer, if that is possible. */
    void tell(String agent, Order order) {
        try {
            wire.send(agent, order.word());
        } catch (SQLException e) {
            LOG.debug("{} was not told {}", agent, order.kind(), e);
            broken = true;
        }
    }

    private void hear() {
        try {
            while (!closed) {
                for (String word : wire.receive(EAR)) {
                    hear(word);
                }
                for (String agent : roster.dropSilent()) {
                    LOG.warn("{} has fallen silent: its lanes are written by others", agent);
                    failAll(agent, "has fallen silent");
                }
            }
        } catch (SQLException e) {
            if (!closed) {
                LOG.warn("words between agents are cut off: {}", e.getMessage());
            }
        } catch (RuntimeException | Error e) {
            LOG.error("words between agents can't be heard", e);
        } finally {
            broken = true;
            fail(answer -> true, "the words between agents were cut off");
        }
    }

    private void hear(String word) throws SQLException {
        if (Answer.isOne(word)) {
            Answer answer = Answer.read(word);
            Asked by = asked.remove(answer.number());
            if (by == null) {
                return;
            }
            if (answer.kind() == Answer.Kind.DONE) {
                by.answer.complete(answer);
            } else {
                by.answer.completeExceptionally(answer.failure(by.agent));
            }
            return;
        }
        Beat beat = Beat.read(word);
        roster.heard(beat);
        if (beat.leaves()) {
            failAll(beat.agent(), "leaves");
        } else if (applied.get().isPresent()) {
            wire.send(beat.agent(), new Lead(applied.get().get()).word());
        }
    }

    private void failAll(String agent, String why) {
        asked.values().stream()
                .filter(one -> one.agent.equals(agent))
                .toList()
                .forEach(one -> fail(answer -> answer == one.answer, agent + " " + why));
    }

    private void fail(Predicate<CompletableFuture<Answer>> which, String why) {
        asked.entrySet()
                .removeIf(
                        entry -> {
                            CompletableFuture<Answer> answer = entry.getValue().answer;
                            return which.test(answer)
                                    && answer.completeExceptionally(new SQLException(why, GONE));
                        });
    }

    @Override
    public void close() {
        closed = true;
        wire.close();
    }
}
