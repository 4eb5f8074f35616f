package io.landbridge.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.landbridge.testkit.Await;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On Debezium's own engine, with a connector that reads nothing. */
@Timeout(60)
class EngineRunTest {

    /** What the connector's task, which Debezium makes, meets the test by. */
    private static volatile CountDownLatch stopping;

    private static volatile Runnable atStop;

    /**
     * The engine submits its poll while it is being closed: behind the task's stop, on the same
     * thread. What is left behind that stop is thrown away, here because the stop takes too long.
     */
    @Test
    void endsAnEngineThatIsClosedJustBeforeItsTasksArePolled() throws Exception {
        stopping = new CountDownLatch(1);
        CountDownLatch polling = new CountDownLatch(1);
        EngineRun run = new EngineRun(engine(polling), Duration.ofMillis(100));
        Thread running = new Thread(run::run);
        atStop =
                () -> {
                    Await.until(
                            "the engine waits for its poll",
                            Duration.ofSeconds(30),
                            () -> waitsForItsPoll(running));
                    awaitInterruption();
                };
        running.start();
        polling.await();
        run.close();
        running.join();
        assertThat(stopping.getCount()).as("the task was stopped").isZero();
    }

    private static void awaitInterruption() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Behind the submission: from here on nothing but an interruption ends the wait. */
    private static boolean waitsForItsPoll(Thread running) {
        return Arrays.stream(running.getStackTrace())
                .anyMatch(
                        frame ->
                                frame.getMethodName().equals("take")
                                        && frame.getClassName()
                                                .equals(ExecutorCompletionService.class.getName()));
    }

    @Test
    void endsAnEngineThatWasNotYetRun() throws Exception {
        stopping = new CountDownLatch(1);
        atStop = () -> {};
        EngineRun run = new EngineRun(engine(new CountDownLatch(1)));
        Thread closing = new Thread(run::close);
        closing.start();
        run.run();
        closing.join();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /**
     * An engine whose polling waits until it is being closed.
     *
     * @param polling counted down just before the tasks are polled
     */
    private static DebeziumEngine<?> engine(CountDownLatch polling) {
        Properties properties = new Properties();
        properties.setProperty("name", "engine-run");
        properties.setProperty("topic.prefix", "engine-run");
        properties.setProperty("connector.class", Idle.class.getName());
        properties.setProperty("offset.storage", NoOffsets.class.getName());
        properties.setProperty("offset.flush.interval.ms", "0");
        properties.setProperty("record.processing.shutdown.timeout.ms", "10");
        properties.setProperty("internal.task.management.timeout.ms", "4000");
        return DebeziumEngine.create(Connect.class)
                .using(properties)
                .using(
                        new DebeziumEngine.ConnectorCallback() {
                            @Override
                            public void pollingStarted() {
                                polling.countDown();
                                awaitStop();
                            }
                        })
                .notifying(event -> {})
                .build();
    }

    private static void awaitStop() {
        try {
            stopping.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has one task. */
    public static final class Idle extends SourceConnector {

        @Override
        public void start(Map<String, String> properties) {}

        @Override
        public Class<? extends Task> taskClass() {
            return IdleTask.class;
        }

        @Override
        public List<Map<String, String>> taskConfigs(int most) {
            return List.of(Map.of());
        }

        @Override
        public void stop() {}

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public String version() {
            return "1";
        }
    }

    /** Has nothing to give. */
    public static final class IdleTask extends SourceTask {

        @Override
        public void start(Map<String, String> properties) {}

        @Override
        public List<SourceRecord> poll() {
            return List.of();
        }

        @Override
        public void stop() {
            stopping.countDown();
            atStop.run();
        }

        @Override
        public String version() {
            return "1";
        }
    }
}
