package io.landbridge.phase;

import io.landbridge.dms.Latency;
import io.landbridge.dms.MarkerRow;
import io.landbridge.dms.ReplicationTask;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a replication task while it is to be running, on a thread of its own: a marker every
 * second, whose way to the target is the lag, and every {@code dms.interval} what DMS says of the
 * task, its tables and its latency. A fault that passes stands on the board; any other one ends the
 * watch, and {@link #check} throws it.
 */
final class DmsWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DmsWatch.class);
    private static final String WHO = "dms";
    private static final Duration GLANCE = Duration.ofMillis(200);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** CloudWatch has a figure for each. */
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Workplace work;
    private final ReplicationTask task;
    private final MarkerRow marker;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    glances -> {
                        Thread thread = new Thread(glances, "dms-watch");
                        thread.setDaemon(true);
                        return thread;
                    });
    private volatile Optional<Instant> arrived = Optional.empty();
    private volatile Optional<ReplicationTask.Running> running = Optional.empty();
    private volatile Optional<Latency> latency = Optional.empty();
    private volatile Fault fault;
    private Instant writtenAt = Instant.EPOCH;
    private OptionalLong onItsWay = OptionalLong.empty();
    private Instant nextLook = Instant.EPOCH;
    private Instant nextFigure = Instant.EPOCH;

    private DmsWatch(Workplace work, ReplicationTask task, MarkerRow marker) {
        this.work = work;
        this.task = task;
        this.marker = marker;
    }

    static DmsWatch start(Workplace work, ReplicationTask task, MarkerRow marker) {
        DmsWatch watch = new DmsWatch(work, task, marker);
        var unused =
                watch.timer.scheduleWithFixedDelay(
                        watch::glance, 0, GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    private void glance() {
        try {
            beat();
            Instant now = now();
            if (!now.isBefore(nextLook)) {
                nextLook = now.plus(work.site.config().dms().interval());
                running = Optional.of(task.checkRunning());
                work.faults.clear(WHO);
            }
            if (!now.isBefore(nextFigure)) {
                nextFigure = now.plus(MINUTE);
                latency = figure();
            }
        } catch (Fault e) {
            tell(e);
        } catch (RuntimeException | Error e) {
            tell(Fault.of(FaultCode.INTERNAL, "the task can't be looked after: " + e, e));
        }
    }

    /** Good to have, no more: the markers tell the lag. */
    private Optional<Latency> figure() {
        try {
            return task.latency();
        } catch (Fault e) {
            LOG.info("DMS's own latency is not known: {}", e.describe());
            return Optional.empty();
        }
    }

    private void beat() {
        if (onItsWay.isPresent()) {
            if (marker.hasArrived(onItsWay.getAsLong())) {
                arrived = Optional.of(writtenAt);
                onItsWay = OptionalLong.empty();
            }
        } else if (!now().isBefore(writtenAt.plus(HEARTBEAT))) {
            writtenAt = now();
            onItsWay = OptionalLong.of(marker.write());
        }
    }

    private void tell(Fault e) {
        // Closing interrupts a call that is under way: nothing is wrong then.
        if (timer.isShutdown()) {
            return;
        }
        if (work.faults.raise(WHO, e, now())) {
            LOG.warn("{}", e.describe());
        }
        if (!e.code().isPassing()) {
            fault = e;
            timer.shutdown();
        }
    }

    private Instant now() {
        return work.site.clock().instant();
    }

    /** Throws what ended the watch, if something did. */
    void check() {
        if (fault != null) {
            throw fault;
        }
    }

    /**
     * How old the last marker is that has arrived: up to a heartbeat's interval is none. Empty
     * before the first.
     */
    Optional<Duration> lag() {
        return arrived.map(at -> Duration.between(at, now()))
                .map(age -> age.compareTo(HEARTBEAT.multipliedBy(2)) < 0 ? Duration.ZERO : age);
    }

    /** What DMS said of the task last; empty before it was asked. */
    Optional<ReplicationTask.Running> running() {
        return running;
    }

    /** What CloudWatch said last; empty when it knows nothing. */
    Optional<Latency> latency() {
        return latency;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        work.faults.clear(WHO);
    }
}
