package io.landbridge.kafka;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a connector while a session runs, on a thread of its own: ends the session when the
 * task has failed, and pauses the connector while more lies in its topic than may.
 */
final class ConnectWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectWatch.class);
    private static final long LOOK_MILLIS = 1_000;

    /** What may wait in the topic; the source keeps what the connector has not read. */
    private static final long MOST_BYTES = 256L << 20;

    private final Connector connector;
    private final Admin admin;
    private final TopicPartition partition;
    private final RawReader reader;
    private final ConnectorNews news;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Duration longestSilence;
    private boolean paused;

    /**
     * @param news told what is seen
     * @param longestSilence of a stream that always has something to say
     */
    ConnectWatch(
            Connector connector,
            Admin admin,
            String topic,
            RawReader reader,
            ConnectorNews news,
            Duration longestSilence) {
        this.news = news;
        this.longestSilence = longestSilence;
        this.connector = connector;
        this.admin = admin;
        this.partition = new TopicPartition(topic, 0);
        this.reader = reader;
    }

    void start(ConnectSession session) {
        news.started();
        Thread thread = new Thread(() -> run(session), "landbridge connect watch");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        stopped.countDown();
    }

    private void run(ConnectSession session) {
        try {
            while (!stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look(session);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A Connect or a broker that does not answer is noticed by the silence that follows. */
    private void look(ConnectSession session) throws InterruptedException {
        try {
            Optional<ConnectRest.Status> status = connector.status();
            news.seen(status);
            Optional<Fault> broken =
                    status.isEmpty()
                            ? Optional.of(ended("is gone", ""))
                            : status.get().failure().map(trace -> ended("failed", trace));
            if (session.silence().compareTo(longestSilence) > 0) {
                broken = Optional.of(ended("is silent", ""));
            }
            broken.filter(fault -> stopped.getCount() > 0).ifPresent(session::breakOff);
            throttle();
        } catch (Fault e) {
            news.unseen(e);
            LOG.debug("nothing is known of connector {}: {}", connector.name(), e.getMessage());
        } catch (ExecutionException e) {
            news.waitingUnknown();
            LOG.debug("the end of {} is not known: {}", partition, e.getMessage());
        }
    }

    private Fault ended(String how, String trace) {
        return Fault.of(
                        FaultCode.CAPTURE_STOPPED,
                        "connector " + connector.name() + " " + how + reason(trace))
                .hint("the agent starts it again by itself; see the workers' logs");
    }

    /** What is at the bottom of a stack of exceptions. */
    private static String reason(String trace) {
        String cause = "Caused by: ";
        return trace.lines()
                .filter(line -> line.startsWith(cause))
                .reduce((first, second) -> second)
                .map(line -> line.substring(cause.length()))
                .or(() -> trace.lines().findFirst())
                .map(line -> ": " + line)
                .orElse("");
    }

    private void throttle() throws ExecutionException, InterruptedException {
        long end =
                admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition)
                        .get()
                        .offset();
        long lag = reader.lag(end);
        news.waiting(reader.behind(end), lag);
        if (!paused && lag > MOST_BYTES) {
            LOG.info("connector {} pauses: {} bytes wait", connector.name(), lag);
            connector.pause();
            paused = true;
        } else if (paused && lag < MOST_BYTES / 4) {
            LOG.info("connector {} goes on", connector.name());
            connector.resume();
            paused = false;
        }
    }
}
