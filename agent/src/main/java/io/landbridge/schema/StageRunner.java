package io.landbridge.schema;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.SchemaStep.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Carries pending steps of the plan out, stage by stage; within a stage that allows it on several
 * connections at a time, heavy steps first. The first failure ends all. Lives for one run.
 */
final class StageRunner {

    private static final long CANCEL_AGAIN_MILLIS = 100;

    private final Database target;
    private final SchemaPlan plan;
    private final int workers;
    private final Map<Integer, Outcome> outcomes = new ConcurrentHashMap<>();
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Set<StepRunner> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean cancelled;

    StageRunner(Database target, SchemaPlan plan, int workers) {
        this.target = target;
        this.plan = plan;
        this.workers = workers;
    }

    /**
     * Runs what is pending of {@code stages}; {@code listener} is called on any thread.
     *
     * @return false when it was cancelled before its end
     */
    boolean run(List<SchemaStep> steps, Set<DdlStage> stages, Consumer<SchemaProgress> listener) {
        try {
            steps.forEach(step -> step.outcome().ifPresent(o -> outcomes.put(step.number(), o)));
            List<SchemaStep> wanted =
                    steps.stream().filter(s -> stages.contains(s.stage())).toList();
            done.set((int) wanted.stream().filter(step -> !step.isPending()).count());
            for (DdlStage stage : stages) {
                List<SchemaStep> pending =
                        wanted.stream()
                                .filter(step -> step.stage() == stage && step.isPending())
                                .toList();
                if (!pending.isEmpty() && !cancelled) {
                    run(stage, pending, wanted.size(), listener);
                }
            }
            return !cancelled;
        } finally {
            ended.countDown();
        }
    }

    /**
     * Ends the run soon, statements under way included; from any thread. Said again until the run
     * has ended: a statement that is only about to be sent can't be cancelled yet.
     */
    void cancel() {
        cancelled = true;
        Thread again =
                new Thread(
                        () -> {
                            try {
                                do {
                                    open.forEach(StepRunner::cancel);
                                } while (!ended.await(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "landbridge-schema-cancel");
        again.setDaemon(true);
        again.start();
    }

    private void run(
            DdlStage stage, List<SchemaStep> steps, int total, Consumer<SchemaProgress> listener) {
        List<List<SchemaStep>> lots = StepLots.of(stage, steps);
        Queue<List<SchemaStep>> queue = new ConcurrentLinkedQueue<>(lots);
        int threads = stage.parallel() ? Math.min(workers, lots.size()) : 1;
        List<Thread> beside = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            Thread thread =
                    new Thread(() -> work(stage, queue, total, listener), "landbridge-schema-" + i);
            thread.start();
            beside.add(thread);
        }
        work(stage, queue, total, listener);
        join(beside);
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private void work(
            DdlStage stage,
            Queue<List<SchemaStep>> queue,
            int total,
            Consumer<SchemaProgress> listener) {
        try (StepRunner runner =
                new StepRunner(
                        target,
                        plan,
                        stage.parallel()
                                ? OptionalLong.of(MaintenanceMemory.kilobytes(target, workers))
                                : OptionalLong.empty())) {
            open.add(runner);
            try {
                for (List<SchemaStep> lot = queue.poll();
                        lot != null && failure.get() == null && !cancelled;
                        lot = queue.poll()) {
                    String name = name(lot);
                    running.add(name);
                    listener.accept(progress(stage, total));
                    outcomes.putAll(runner.run(lot, outcomes::get));
                    running.remove(name);
                    done.addAndGet(lot.size());
                    listener.accept(progress(stage, total));
                }
            } finally {
                open.remove(runner);
            }
        } catch (CancellationException e) {
            // As asked for: what was under way is rolled back and still pending.
            cancelled = true;
        } catch (RuntimeException e) {
            failed(e);
        } catch (Error e) {
            failed(Fault.of(FaultCode.INTERNAL, "building the schema failed: " + e, e));
        }
    }

    private void failed(RuntimeException e) {
        if (!failure.compareAndSet(null, e)) {
            failure.get().addSuppressed(e);
        }
    }

    private static String name(List<SchemaStep> lot) {
        return lot.get(0).object() + (lot.size() > 1 ? " and " + (lot.size() - 1) + " more" : "");
    }

    private SchemaProgress progress(DdlStage stage, int total) {
        return new SchemaProgress(
                stage.name().toLowerCase(Locale.ROOT),
                done.get(),
                total,
                List.copyOf(new TreeSet<>(running)));
    }

    private static void join(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
