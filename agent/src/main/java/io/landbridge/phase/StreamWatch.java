package io.landbridge.phase;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks after the stream while a step blocks in another room: when the stream ends for good, the
 * step is broken off, and {@link #check} gives the stream's fault instead of the step's.
 */
final class StreamWatch implements AutoCloseable {

    private final Workplace work;
    private final Runnable breakOff;
    private final ScheduledExecutorService timer;
    private volatile Fault fault;

    StreamWatch(Workplace work, Runnable breakOff) {
        this.work = work;
        this.breakOff = breakOff;
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread thread = new Thread(task, "stream-watch");
                            thread.setDaemon(true);
                            return thread;
                        });
        var unused = timer.scheduleWithFixedDelay(this::look, 500, 500, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            work.checkStream();
        } catch (Fault e) {
            end(e);
        } catch (RuntimeException | Error e) {
            end(Fault.of(FaultCode.INTERNAL, "the stream can't be looked after: " + e, e));
        }
    }

    private void end(Fault why) {
        fault = why;
        breakOff.run();
        timer.shutdown();
    }

    void check() {
        Optional.ofNullable(fault)
                .ifPresent(
                        ended -> {
                            throw ended;
                        });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
