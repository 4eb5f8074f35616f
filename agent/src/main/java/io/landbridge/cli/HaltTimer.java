package io.landbridge.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process by force when something that should end it by itself takes too long. Being
 * killed is always safe; it only costs the work since the last commit.
 */
final class HaltTimer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HaltTimer.class);
    private static final long SECONDS = 20;

    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * From now on there are 20 seconds until {@link #close}, else the process has {@code status}.
     */
    void start(String after, int status) {
        Thread thread = new Thread(() -> haltLater(after, status), "stop-deadline");
        thread.setDaemon(true);
        thread.start();
    }

    private void haltLater(String after, int status) {
        try {
            if (ended.await(SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            return;
        }
        try {
            LOG.error("not stopped within {} s of {}: ending now", SECONDS, after);
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
