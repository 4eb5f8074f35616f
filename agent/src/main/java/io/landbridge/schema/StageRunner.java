package io.landbridge.schema;

import io.landbridge.jdbc.Database;
import io.landbridge.schema.SchemaStep.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Carries pending steps of the plan out, stage by stage; within a stage that allows it on several
 * connections at a time, heavy steps first. The first failure ends all.
 */
final class StageRunner {

    private final Database target;
    private final SchemaPlan plan;
    private final int workers;
    private final Map<Integer, Outcome> outcomes = new ConcurrentHashMap<>();
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger done = new AtomicInteger();

    StageRunner(Database target, SchemaPlan plan, int workers) {
        this.target = target;
        this.plan = plan;
        this.workers = workers;
    }

    /** Runs what is pending of {@code stages}; {@code listener} is called on any thread. */
    void run(List<SchemaStep> steps, Set<DdlStage> stages, Consumer<SchemaProgress> listener) {
        steps.forEach(step -> step.outcome().ifPresent(o -> outcomes.put(step.number(), o)));
        List<SchemaStep> wanted = steps.stream().filter(s -> stages.contains(s.stage())).toList();
        done.set((int) wanted.stream().filter(step -> !step.isPending()).count());
        for (DdlStage stage : stages) {
            List<SchemaStep> pending =
                    wanted.stream()
                            .filter(step -> step.stage() == stage && step.isPending())
                            .toList();
            if (!pending.isEmpty()) {
                run(stage, pending, wanted.size(), listener);
            }
        }
    }

    private void run(
            DdlStage stage, List<SchemaStep> steps, int total, Consumer<SchemaProgress> listener) {
        List<SchemaStep> order = new ArrayList<>(steps);
        if (stage.parallel()) {
            order.sort(Comparator.comparingLong(SchemaStep::weight).reversed());
        }
        Queue<SchemaStep> queue = new ConcurrentLinkedQueue<>(order);
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        int threads = stage.parallel() ? Math.min(workers, order.size()) : 1;
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            Thread helper =
                    new Thread(
                            () -> work(stage, queue, failure, total, listener),
                            "landbridge-schema-" + i);
            helper.start();
            helpers.add(helper);
        }
        work(stage, queue, failure, total, listener);
        join(helpers);
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private void work(
            DdlStage stage,
            Queue<SchemaStep> queue,
            AtomicReference<RuntimeException> failure,
            int total,
            Consumer<SchemaProgress> listener) {
        try (StepRunner runner = new StepRunner(target, plan)) {
            if (stage.parallel()) {
                runner.allowMaintenanceMemory(MaintenanceMemory.kilobytes(target, workers));
            }
            for (SchemaStep step = queue.poll(); step != null; step = queue.poll()) {
                if (failure.get() != null) {
                    return;
                }
                running.add(step.object());
                listener.accept(progress(stage, total));
                run(runner, step);
                running.remove(step.object());
                done.incrementAndGet();
                listener.accept(progress(stage, total));
            }
        } catch (RuntimeException e) {
            if (!failure.compareAndSet(null, e)) {
                failure.get().addSuppressed(e);
            }
        }
    }

    private void run(StepRunner runner, SchemaStep step) {
        if (step.parent() != 0 && outcomes.get(step.parent()) != Outcome.DONE) {
            runner.skip(step);
            outcomes.put(step.number(), Outcome.SKIPPED);
        } else {
            outcomes.put(step.number(), runner.run(step));
        }
    }

    private SchemaProgress progress(DdlStage stage, int total) {
        return new SchemaProgress(
                stage.name().toLowerCase(java.util.Locale.ROOT),
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
