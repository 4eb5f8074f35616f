package io.landbridge.apply;

import io.landbridge.apply.Order.Work;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A lane that another agent writes. It is told which round, and forms the lane's share itself out
 * of the same stream; how many rows that has is told too, so that a share formed otherwise is never
 * committed: the batch goes in the source's order then.
 */
final class OtherLane implements Lane {

    private final Switchboard switchboard;
    private final String agent;
    private final long term;
    private final int number;
    private final long session;
    private final int lanes;
    private final TablePlans plans;
    private final Runnable signal;

    /**
     * @param agent who writes it
     * @param session its session
     * @param lanes how many there are
     * @param plans by which rounds are formed
     */
    OtherLane(
            Switchboard switchboard,
            String agent,
            long term,
            int number,
            long session,
            int lanes,
            TablePlans plans,
            Runnable signal) {
        this.switchboard = switchboard;
        this.agent = agent;
        this.term = term;
        this.number = number;
        this.session = session;
        this.lanes = lanes;
        this.plans = plans;
        this.signal = signal;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public long sessionId() {
        return session;
    }

    @Override
    public Optional<Worker> worker() {
        return Optional.empty();
    }

    @Override
    public CompletableFuture<Void> write(Share share) {
        Round round = share.round();
        Batch batch = round.batch();
        return ask(
                Order.Kind.WRITE,
                Optional.of(
                        new Work(
                                lanes,
                                plans.revision(),
                                plans.converge(),
                                batch.converging(),
                                round.form(),
                                batch.start().after(),
                                round.through(),
                                round.ends() ? Optional.of(batch.end()) : Optional.empty(),
                                TableWrite.rows(share.writes()),
                                share.stride())));
    }

    @Override
    public CompletableFuture<Void> commit() {
        return ask(Order.Kind.COMMIT, Optional.empty());
    }

    @Override
    public CompletableFuture<Void> rollback() {
        return ask(Order.Kind.ROLLBACK, Optional.empty());
    }

    private CompletableFuture<Void> ask(Order.Kind kind, Optional<Work> work) {
        return switchboard
                .ask(agent, kind, term, number, work)
                .<Void>thenApply(done -> null)
                .whenComplete((done, failure) -> signal.run());
    }

    @Override
    public void forgetPlans() {
        // It is told with each round which plans count.
    }

    @Override
    public void close() {
        switchboard.tell(agent, new Order(Order.Kind.CLOSE, term, number, 0, Optional.empty()));
    }
}
