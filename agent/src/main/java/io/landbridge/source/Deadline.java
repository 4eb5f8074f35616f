package io.landbridge.source;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels a statement when its time is over. What {@code statement_timeout} can't do: bound a batch
 * as a whole, bound a replication command, and look around just before.
 */
final class Deadline {

    private static final Logger LOG = LoggerFactory.getLogger(Deadline.class);
    private static final long LONGEST_CANCEL_SECONDS = 10;

    /** What is to be bounded. */
    interface Call<T> {
        T run() throws SQLException;
    }

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "landbridge-deadline");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final Future<?> alarm;

    /**
     * Runs {@code call}, which executes {@code statement}; past the timeout it ends with
     * query_canceled (57014).
     *
     * @param before done just before the statement is cancelled; what it throws is logged
     */
    static <T> T within(Duration timeout, Statement statement, Runnable before, Call<T> call)
            throws SQLException {
        Deadline deadline = new Deadline(statement, timeout, before);
        try {
            return call.run();
        } finally {
            deadline.end();
        }
    }

    private Deadline(Statement statement, Duration timeout, Runnable before) {
        alarm =
                timer.schedule(
                        () -> cancel(statement, before), timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void cancel(Statement statement, Runnable before) {
        try {
            before.run();
        } catch (RuntimeException e) {
            LOG.warn("could not look around before a deadline", e);
        }
        try {
            statement.cancel();
        } catch (SQLException e) {
            LOG.debug("nothing left to cancel", e);
        }
    }

    /** Returns once no cancel is on its way any more: it could hit the connection's next user. */
    private void end() {
        alarm.cancel(false);
        timer.shutdown();
        try {
            if (!timer.awaitTermination(LONGEST_CANCEL_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a statement's cancel did not come back");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
