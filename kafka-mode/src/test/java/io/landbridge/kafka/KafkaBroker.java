package io.landbridge.kafka;

import io.landbridge.config.KafkaConfig;
import io.landbridge.config.Secret;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.Ports;
import io.landbridge.testkit.Proxy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** A real broker (KRaft) in a JVM of its own, from the jars on the class path. */
final class KafkaBroker implements AutoCloseable {

    static final String USER = "landbridge";
    static final String PASSWORD = "toll-bridge";

    private static KafkaBroker shared;

    private final Path directory;
    private final Path properties;
    private final int port = Ports.free();
    private final int securePort = Ports.free();
    private final int controllerPort = Ports.free();
    private final int farPort = Ports.free();
    private final Proxy proxy = new Proxy("127.0.0.1", farPort);
    private Process process;

    private KafkaBroker() throws IOException {
        directory = Files.createTempDirectory("landbridge-kafka-");
        properties = Files.writeString(directory.resolve("server.properties"), properties());
        format();
    }

    /** The one that tests of this JVM share; it ends with the JVM. */
    static synchronized KafkaBroker shared() {
        if (shared == null) {
            shared = start();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /** One of one's own, to be killed. */
    static KafkaBroker start() {
        try {
            KafkaBroker broker = new KafkaBroker();
            broker.launch();
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String properties() {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%3$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,SECURE://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%3$d,\
                FAR://127.0.0.1:%5$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,SECURE://127.0.0.1:%2$d,\
                FAR://127.0.0.1:%6$d
                controller.listener.names=CONTROLLER
                inter.broker.listener.name=PLAINTEXT
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,FAR:PLAINTEXT,\
                SECURE:SASL_PLAINTEXT
                sasl.enabled.mechanisms=SCRAM-SHA-512
                listener.name.secure.scram-sha-512.sasl.jaas.config=\
                org.apache.kafka.common.security.scram.ScramLoginModule required;
                log.dirs=%4$s
                auto.create.topics.enable=false
                num.partitions=3
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                """
                .formatted(
                        port,
                        securePort,
                        controllerPort,
                        directory.resolve("log"),
                        farPort,
                        proxy.port());
    }

    private void format() {
        int status =
                StorageTool.execute(
                        new String[] {
                            "format",
                            "--cluster-id",
                            Uuid.randomUuid().toString(),
                            "--config",
                            properties.toString(),
                            "--add-scram",
                            "SCRAM-SHA-512=[name=%s,password=%s]".formatted(USER, PASSWORD),
                        },
                        new PrintStream(
                                OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new IllegalStateException("the broker's directory can't be made: " + status);
        }
    }

    private void launch() throws IOException {
        Path logback =
                Files.writeString(
                        directory.resolve("logback.xml"),
                        """
                        <configuration>
                          <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                            <encoder><pattern>%d %-5level %logger{0} %msg%n</pattern></encoder>
                          </appender>
                          <root level="WARN"><appender-ref ref="OUT"/></root>
                        </configuration>
                        """);
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx320m",
                                "-XX:TieredStopAtLevel=1",
                                "-Dlogback.configurationFile=" + logback,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "kafka.Kafka",
                                properties.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        directory.resolve("output.log").toFile()))
                        .start();
        awaitAnswer();
    }

    private void awaitAnswer() {
        try (Admin admin = new Clients(config("probe")).admin()) {
            Await.until(
                    "the broker answers; see " + directory,
                    Duration.ofMinutes(2),
                    () -> {
                        if (!process.isAlive()) {
                            throw new AssertionError(
                                    "the broker ended: "
                                            + Files.readString(directory.resolve("output.log")));
                        }
                        return admin.describeCluster().nodes().get().size() == 1;
                    });
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** For agents whose way to the broker is to be cut, by {@link #proxy}. */
    String farAddress() {
        return "127.0.0.1:" + proxy.port();
    }

    Proxy proxy() {
        return proxy;
    }

    /** For agents that log in by SCRAM as {@link #USER}. */
    String secureAddress() {
        return "127.0.0.1:" + securePort;
    }

    KafkaConfig config(String topicPrefix) {
        return config(topicPrefix, address(), Map.of());
    }

    static KafkaConfig config(String topicPrefix, String address, Map<String, Secret> properties) {
        return new KafkaConfig(
                address,
                topicPrefix,
                KafkaConfig.Capture.AGENT,
                1,
                1,
                KafkaConfig.Compression.LZ4,
                ConnectWorker.config(""),
                properties);
    }

    /** Ends it with SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Starts it again on the same data, at the same addresses. */
    void restart() {
        try {
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the broker does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
        proxy.close();
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All topics there are. */
    List<String> topics() {
        try (Admin admin = new Clients(config("probe")).admin()) {
            return new Topics(admin, config("probe"))
                    .all().stream().filter(name -> !name.startsWith("__")).sorted().toList();
        }
    }
}
