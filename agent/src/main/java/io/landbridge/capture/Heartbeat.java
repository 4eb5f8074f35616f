package io.landbridge.capture;

import io.landbridge.fault.Fault;
import io.landbridge.source.SourceLog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an empty marker into the source's log twice a second, from a thread of its own. It proves
 * that the stream flows, keeps the captured position moving on an idle database, and lets the slot
 * move past what other databases and tables of the cluster write.
 */
public final class Heartbeat implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final SourceLog log;
    private final Runnable beaten;
    private final long millis;
    private final CountDownLatch closing = new CountDownLatch(1);
    private boolean failing;

    public Heartbeat(SourceLog log, Duration interval) {
        this(log, interval, () -> {});
    }

    /**
     * @param beaten called after each marker that the source took
     */
    public Heartbeat(SourceLog log, Duration interval, Runnable beaten) {
        this.log = log;
        this.beaten = beaten;
        this.millis = interval.toMillis();
    }

    public void start() {
        Thread thread = new Thread(this::run, "landbridge heartbeat");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            do {
                beat();
            } while (!closing.await(millis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() {
        try {
            log.emitMarker("");
            failing = false;
            beaten.run();
        } catch (RuntimeException | Error e) {
            // The capture's own connection decides whether the source is lost.
            if (!failing && closing.getCount() > 0) {
                LOG.warn("No heartbeat: {}", e instanceof Fault f ? f.describe() : e.getMessage());
            }
            failing = true;
        }
    }

    /** Returns at once: a beat that hangs in a lost connection holds nobody up. */
    @Override
    public void close() {
        closing.countDown();
    }
}
