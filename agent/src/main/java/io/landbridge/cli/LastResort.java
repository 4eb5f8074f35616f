package io.landbridge.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when one of its threads died of an {@link Error} that nobody caught. A process
 * without one of its loops looks alive and moves nothing, and nobody starts it again. Ending is
 * safe at any moment: whoever starts it again goes on from the last commit.
 *
 * <p>What is not an Error costs its thread only, as ever; it is told in the log.
 */
final class LastResort implements Thread.UncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);
    private static final int STATUS = 1;

    private LastResort() {}

    /** Takes charge of every thread of the process that has nobody else. */
    static void install() {
        Thread.setDefaultUncaughtExceptionHandler(new LastResort());
    }

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        if (!(error instanceof Error)) {
            LOG.error("thread '{}' ended unexpectedly", thread.getName(), error);
            return;
        }
        try {
            LOG.error(
                    "INTERNAL: thread '{}' died of {}: the process ends, start it again",
                    thread.getName(),
                    error,
                    error);
        } finally {
            // Not exit(): hooks and handlers may need what there is no more.
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
