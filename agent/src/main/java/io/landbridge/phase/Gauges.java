package io.landbridge.phase;

import io.landbridge.buffer.BufferStatus;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.source.LogRetention;
import io.landbridge.source.SourceLog;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Figures that cost a query, taken every {@code metrics.interval} on a thread of their own, so that
 * reading the status never waits for a database. Also lets the buffer forget what is applied.
 */
final class Gauges implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gauges.class);

    /** Another disk block is soon full: trimming can't wait for the figures' interval. */
    private static final Duration TRIM_INTERVAL = Duration.ofSeconds(1);

    private static final long MEBIBYTE = 1L << 20;

    /** A full buffer is that close to its bound: the next piece of a file does not fit. */
    private static final long FEW_BYTES = 2 * MEBIBYTE;

    private final Workplace work;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "gauges");
                        thread.setDaemon(true);
                        return thread;
                    });
    private volatile Optional<LogRetention> retention = Optional.empty();
    private volatile Optional<SourcePosition> sourcePosition = Optional.empty();

    Gauges(Workplace work) {
        this.work = work;
    }

    void start() {
        long figures = work.site.config().metrics().interval().toMillis();
        var unused1 =
                timer.scheduleWithFixedDelay(
                        guarded(this::take), 0, Math.max(figures, 100), TimeUnit.MILLISECONDS);
        var unused2 =
                timer.scheduleWithFixedDelay(
                        guarded(() -> work.openStream().ifPresent(this::lookAtBuffer)),
                        TRIM_INTERVAL.toMillis(),
                        TRIM_INTERVAL.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void take() {
        Optional<SourceLog> log = work.openStream().map(stream -> stream.route().log());
        if (log.isEmpty()) {
            return;
        }
        sourcePosition = Optional.of(log.get().currentPosition());
        LogRetention now = log.get().retention();
        retention = Optional.of(now);
        alarm(log.get(), now);
        if (work.state().step().leadsForth()) {
            work.knownTables().ifPresent(work::lookAtPartitions);
        }
        work.faults.clear("gauges");
    }

    private void alarm(SourceLog log, LogRetention now) {
        long bound = work.site.config().metrics().retentionAlarmBytes();
        if (now.bytes() < bound) {
            work.faults.clear("retention");
            return;
        }
        Fault fault =
                Fault.of(
                                FaultCode.SOURCE_RETENTION,
                                log.server()
                                        + " keeps "
                                        + now.bytes() / (1024 * 1024)
                                        + " MiB of log for slot "
                                        + log.name())
                        .hint(
                                "see why the stream lags (status), or free the source with 'landbridge"
                                        + " abort'");
        if (work.faults.raise("retention", fault, work.site.clock().instant())) {
            LOG.warn("{}", fault.describe());
        }
    }

    /** A timer that throws is never called again: what goes wrong is put on the board instead. */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Fault fault) {
                raise(fault);
            } catch (RuntimeException | Error e) {
                LOG.error("figures can't be taken", e);
                raise(Fault.of(FaultCode.INTERNAL, "figures can't be taken: " + e, e));
            }
        };
    }

    private void lookAtBuffer(Stream stream) {
        stream.trim();
        BufferStatus buffer = stream.buffer().status();
        if (!buffer.full()) {
            work.faults.clear("buffer");
            return;
        }
        boolean bounded = buffer.bytes() + FEW_BYTES >= buffer.maxBytes();
        Fault fault =
                bounded
                        ? Fault.of(
                                        FaultCode.BUFFER_FULL,
                                        "the buffer has reached its bound of "
                                                + buffer.maxBytes() / MEBIBYTE
                                                + " MiB; capture waits, the source keeps its log")
                                .hint(
                                        "nothing to do while apply catches up; else raise"
                                                + " transport.max-size, or see what holds apply"
                                                + " back")
                        : Fault.of(
                                        FaultCode.BUFFER_FULL,
                                        "the disk of the buffer is full; capture waits, the source"
                                                + " keeps its log")
                                .hint(
                                        "free space below "
                                                + work.site.config().transport().directory()
                                                + "; capture goes on by itself");
        work.faults.raise("buffer", fault, work.site.clock().instant());
    }

    private void raise(Fault fault) {
        if (work.faults.raise("gauges", fault, work.site.clock().instant())) {
            LOG.warn("{}", fault.describe());
        }
    }

    Optional<LogRetention> retention() {
        return retention;
    }

    Optional<SourcePosition> sourcePosition() {
        return sourcePosition;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
