package io.landbridge;

import io.landbridge.fault.Fault;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.phase.MigrationStatus.CutoverStep;
import io.landbridge.phase.Outcome;
import io.landbridge.phase.Phase;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a migration again and again and tells its listener what is new; owns the thread that
 * does so. Changes of the phase come in from the migration's own thread, through a queue.
 */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long LONGEST_CLOSE_MILLIS = 2_000;

    private final MigrationListener listener;
    private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final Instant openedAt = Instant.now();
    private final Set<ActiveFault> faults = new HashSet<>();
    private final long intervalNanos;
    private Optional<Instant> validated = Optional.empty();
    private Optional<String> moved = Optional.empty();
    private MigrationControl control;
    private Consumer<MigrationStatus> figures;
    private Thread thread;
    private volatile boolean closing;

    Watch(MigrationListener listener) {
        this.listener = listener;
        this.intervalNanos = listener.interval().toNanos();
    }

    /**
     * Tells from now on.
     *
     * @param figures given every status as well, by the same thread
     */
    void start(MigrationControl watched, Consumer<MigrationStatus> figures) {
        this.control = watched;
        this.figures = figures;
        this.thread = new Thread(this::loop, "progress");
        thread.setDaemon(true);
        thread.start();
    }

    /** From any thread; returns at once. */
    void phaseChanged(Phase from, Phase to) {
        events.add(() -> listener.phaseChanged(from, to));
    }

    /** From any thread; returns at once. */
    void ended(Optional<Fault> why) {
        events.add(() -> listener.ended(why));
    }

    private void loop() {
        long next = System.nanoTime();
        try {
            while (!closing) {
                Runnable event = events.poll(next - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (event != null) {
                    tell(event);
                } else {
                    tell(this::look);
                    next = System.nanoTime() + intervalNanos;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tell(this::look);
        for (Runnable event = events.poll(); event != null; event = events.poll()) {
            tell(event);
        }
    }

    private static void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.warn("a listener of the migration failed", e);
        }
    }

    private void look() {
        MigrationStatus status = control.status();
        tell(() -> figures.accept(status));
        status.faults().stream()
                .filter(faults::add)
                .forEach(fault -> tell(() -> listener.faultRaised(fault)));
        faults.retainAll(Set.copyOf(status.faults()));
        status.validation()
                .filter(result -> result.endedAt().isPresent())
                .filter(result -> !validated.equals(Optional.of(result.startedAt())))
                .ifPresent(
                        result -> {
                            validated = Optional.of(result.startedAt());
                            tell(() -> listener.validated(result));
                        });
        status.cutover()
                .attempt()
                .filter(attempt -> Outcome.isOver(attempt) && isOfNow(status.cutover()))
                .filter(attempt -> !moved.equals(Optional.of(attempt.name())))
                .ifPresent(
                        attempt -> {
                            moved = Optional.of(attempt.name());
                            tell(() -> listener.cutoverEnded(status.cutover()));
                        });
        tell(() -> listener.progressed(status));
    }

    /** Attempts are kept at the target: what an earlier agent did is no news. */
    private boolean isOfNow(CutoverState cutover) {
        return cutover.steps().stream()
                .map(CutoverStep::startedAt)
                .flatMap(Optional::stream)
                .anyMatch(at -> at.isAfter(openedAt));
    }

    /** Tells what is left to tell, and ends; from the listener itself, ends after it. */
    @Override
    public void close() {
        closing = true;
        events.add(() -> {});
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(LONGEST_CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
