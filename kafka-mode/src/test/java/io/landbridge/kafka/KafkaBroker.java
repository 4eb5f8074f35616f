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
import java.util.List;
import java.util.Map;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** A real broker (KRaft) in a JVM of its own, from the jars on the class path. */
final class KafkaBroker implements AutoCloseable {

    static final String USER = "landbridge";
    static final String PASSWORD = "toll-bridge";

    private static KafkaBroker shared;

    private final ServerJvm jvm = new ServerJvm("kafka");
    private final Path properties;
    private final int port = Ports.free();
    private final int securePort = Ports.free();
    private final int mutualPort = Ports.free();
    private final int controllerPort = Ports.free();
    private final int farPort = Ports.free();
    private final Proxy proxy = new Proxy("127.0.0.1", farPort);

    private KafkaBroker() throws IOException {
        properties = Files.writeString(jvm.directory().resolve("server.properties"), properties());
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
                FAR://127.0.0.1:%5$d,MUTUAL://127.0.0.1:%7$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,SECURE://127.0.0.1:%2$d,\
                FAR://127.0.0.1:%6$d,MUTUAL://127.0.0.1:%7$d
                controller.listener.names=CONTROLLER
                inter.broker.listener.name=PLAINTEXT
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,FAR:PLAINTEXT,\
                SECURE:SASL_PLAINTEXT,MUTUAL:SSL
                listener.name.mutual.ssl.client.auth=required
                listener.name.mutual.ssl.keystore.type=PKCS12
                listener.name.mutual.ssl.keystore.location=%8$s
                listener.name.mutual.ssl.keystore.password=%9$s
                listener.name.mutual.ssl.truststore.type=PEM
                listener.name.mutual.ssl.truststore.location=%10$s
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
                        jvm.directory().resolve("log"),
                        farPort,
                        proxy.port(),
                        mutualPort,
                        Identity.shared().store(),
                        Identity.PASSWORD,
                        Identity.shared().certificate());
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

    private void launch() {
        jvm.launch(
                "320m",
                List.of(),
                System.getProperty("java.class.path"),
                "kafka.Kafka",
                properties);
        awaitAnswer();
    }

    private void awaitAnswer() {
        try (Admin admin = new Clients(config("probe")).admin()) {
            Await.until(
                    "the broker answers; see " + jvm.directory(),
                    Duration.ofMinutes(2),
                    () -> {
                        jvm.assertAlive();
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

    /** For agents that show a certificate, and want to see the broker's: {@link Identity}. */
    String mutualAddress() {
        return "127.0.0.1:" + mutualPort;
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
                ConnectWorker.without(""),
                properties);
    }

    /** Ends it with SIGKILL. */
    void kill() {
        jvm.kill();
    }

    /** Starts it again on the same data, at the same addresses. */
    void restart() {
        launch();
    }

    @Override
    public void close() {
        jvm.remove();
        proxy.close();
    }

    /** All topics there are. */
    List<String> topics() {
        try (Admin admin = new Clients(config("probe")).admin()) {
            return new Topics(admin, config("probe"))
                    .all().stream().filter(name -> !name.startsWith("__")).sorted().toList();
        }
    }
}
