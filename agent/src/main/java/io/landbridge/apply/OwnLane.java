package io.landbridge.apply;

import io.landbridge.offsets.ProgressStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A lane that this process writes. */
final class OwnLane implements Lane {

    private final Worker worker;
    private final ProgressStore progress;

    /**
     * @param worker closed with the lane, whose number it has
     */
    OwnLane(Worker worker, ProgressStore progress) {
        this.worker = worker;
        this.progress = progress;
    }

    @Override
    public int number() {
        return worker.number();
    }

    @Override
    public long sessionId() {
        return worker.sessionId();
    }

    @Override
    public Optional<Worker> worker() {
        return Optional.of(worker);
    }

    @Override
    public CompletableFuture<Void> write(Share share) {
        return worker.submit(
                one -> {
                    one.write(share.writes());
                    if (share.stride().isPresent()) {
                        share.stride().get().move(progress, one.connection());
                    }
                });
    }

    @Override
    public CompletableFuture<Void> commit() {
        return worker.submit(one -> one.connection().commit());
    }

    @Override
    public CompletableFuture<Void> rollback() {
        return worker.submit(one -> one.connection().rollback());
    }

    @Override
    public void forgetPlans() {
        worker.forgetPlans();
    }

    @Override
    public void close() {
        worker.close();
    }
}
