package io.landbridge.apply;

import io.landbridge.target.Destination;
import io.landbridge.target.RowWriter;
import io.landbridge.target.TargetSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One connection to the target and the thread that works on it. Tasks run one after another; the
 * dispatch thread may use the session itself while none is running.
 */
final class Worker implements AutoCloseable {

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private final int number;
    private final ExecutorService thread;
    private final Runnable done;
    private final Destination target;
    private final TargetSession session;
    private final IdentityHashMap<TablePlan, RowWriter> writers = new IdentityHashMap<>();

    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    /** What a worker does on its session. */
    @FunctionalInterface
    interface Task {
        void run(Worker worker) throws SQLException, RowsDiffer;
    }

    /**
     * Connects.
     *
     * @param done called on the worker's thread after each task
     */
    Worker(Destination target, int number, Runnable done) {
        this.number = number;
        this.done = done;
        this.target = target;
        this.session = target.session("apply " + number, LOCK_TIMEOUT);
        this.thread =
                Executors.newSingleThreadExecutor(
                        task -> {
                            Thread made = new Thread(task, "landbridge-apply-" + number);
                            made.setDaemon(true);
                            return made;
                        });
    }

    int number() {
        return number;
    }

    long sessionId() {
        return session.id();
    }

    Connection connection() {
        return session.connection();
    }

    RowWriter writer(TablePlan plan) {
        return writers.computeIfAbsent(
                plan, made -> plan.table().writer(connection(), plan.layout()));
    }

    void write(List<TableWrite> share) throws SQLException, RowsDiffer {
        for (TableWrite write : share) {
            write.to(writer(write.plan()));
        }
    }

    void truncate(List<TablePlan> plans) throws SQLException {
        target.truncate(connection(), plans.stream().map(TablePlan::table).toList());
    }

    /** Forgets how tables were written: their plans were made anew. */
    void forgetPlans() {
        writers.clear();
    }

    /** Runs {@code task} on the worker's thread; the future carries what it throws. */
    CompletableFuture<Void> submit(Task task) {
        last =
                CompletableFuture.runAsync(
                                () -> {
                                    try {
                                        task.run(this);
                                    } catch (SQLException | RowsDiffer e) {
                                        throw new CompletionException(e);
                                    }
                                },
                                thread)
                        .whenComplete((result, failure) -> done.run());
        return last;
    }

    /** Ends thread and session, also in the middle of a statement. */
    @Override
    public void close() {
        if (last.isDone()) {
            session.close();
        } else {
            session.abort();
        }
        thread.shutdown();
    }
}
