package io.landbridge.kafka;

import io.landbridge.config.ConnectConfig;
import io.landbridge.config.Secret;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * A real worker of Kafka Connect in a JVM of its own, with Debezium's plug-ins as they are
 * published, and our jar beside them. It speaks https, asks for a login, and reads the connectors'
 * secrets from a file; the one without our jar does none of that.
 */
final class ConnectWorker implements AutoCloseable {

    private static final String USER = "landbridge";
    private static final String PASSWORD = "toll-bridge";

    /** What comes first by its name. */
    private static final String JAR = "00-landbridge-connect-plugin.jar";

    private static final Path PLUGINS = Path.of("target", "connect-plugins");
    private static final List<String> OURS =
            List.of(
                    "META-INF/services/org.apache.kafka.connect",
                    "io/debezium/",
                    "io/landbridge/connect/",
                    "io/landbridge/capture/handover/");

    private static ConnectWorker shared;

    private final ServerJvm jvm = new ServerJvm("connect");
    private final Path properties;
    private final int port = Ports.free();
    private final boolean secure;

    private ConnectWorker(KafkaBroker broker, boolean withOurs) throws IOException {
        secure = withOurs;
        Path plugins = Files.createDirectory(jvm.directory().resolve("plugins"));
        copy(PLUGINS, plugins);
        if (withOurs) {
            plugIn("postgresql", plugins.resolve("debezium-connector-postgres").resolve(JAR));
            plugIn("mysql", plugins.resolve("debezium-connector-mysql").resolve(JAR));
        }
        properties =
                Files.writeString(
                        jvm.directory().resolve("connect.properties"),
                        properties(broker, plugins) + (secure ? protection() : ""));
    }

    private String protection() throws IOException {
        Path users =
                Files.writeString(
                        jvm.directory().resolve("users.properties"), USER + "=" + PASSWORD + "\n");
        Files.writeString(
                login(),
                """
                KafkaConnect {
                  org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule required
                  file="%s";
                };
                """
                        .formatted(users));
        Files.createFile(secrets());
        return """
                rest.extension.classes=\
                org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension
                listeners.https.ssl.keystore.type=PKCS12
                listeners.https.ssl.keystore.location=%s
                listeners.https.ssl.keystore.password=%s
                """
                .formatted(Identity.shared().store(), Identity.PASSWORD);
    }

    private Path login() {
        return jvm.directory().resolve("login.conf");
    }

    private Path secrets() {
        return jvm.directory().resolve("secrets.properties");
    }

    /**
     * Has the worker know a secret.
     *
     * @return what stands for it in a connector's configuration
     */
    String secret(String name, String value) {
        try {
            Files.writeString(secrets(), name + "=" + value + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "${file:" + secrets() + ":" + name + "}";
    }

    /** At the shared broker; both end with the JVM. */
    static synchronized ConnectWorker shared() {
        if (shared == null) {
            shared = start(KafkaBroker.shared());
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /** One of one's own, to be killed. */
    static ConnectWorker start(KafkaBroker broker) {
        return start(broker, true);
    }

    /** One that has Debezium's connectors alone. */
    static ConnectWorker startWithoutPlugIn(KafkaBroker broker) {
        return start(broker, false);
    }

    private static ConnectWorker start(KafkaBroker broker, boolean withOurs) {
        try {
            ConnectWorker worker = new ConnectWorker(broker, withOurs);
            worker.launch();
            return worker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else if (path.toString().endsWith(".jar")) {
                    Files.copy(path, copy);
                }
            }
        }
    }

    /** The jar that Maven has built; without Maven the same out of what was compiled. */
    private static void plugIn(String kind, Path jar) throws IOException {
        String built = System.getProperty("landbridge.connect.plugins");
        if (built != null) {
            Files.copy(Path.of(built + kind + ".jar"), jar);
            return;
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            add(Path.of("..", "agent", "target", "classes"), out);
            add(Path.of("target", "classes"), out);
            add(Path.of("src", "main", "connect", kind), out);
        }
    }

    private static void add(Path classes, JarOutputStream out) throws IOException {
        try (Stream<Path> tree = Files.walk(classes)) {
            for (Path path : tree.filter(Files::isRegularFile).sorted().toList()) {
                String name = classes.relativize(path).toString();
                boolean ours = OURS.stream().anyMatch(name::startsWith);
                if (ours) {
                    out.putNextEntry(new ZipEntry(name));
                    Files.copy(path, out);
                }
            }
        }
    }

    private String properties(KafkaBroker broker, Path plugins) {
        String name = "connect-" + port;
        return """
                bootstrap.servers=%s
                group.id=%2$s
                listeners=%5$s
                plugin.path=%4$s
                plugin.discovery=service_load
                key.converter=org.apache.kafka.connect.json.JsonConverter
                value.converter=org.apache.kafka.connect.json.JsonConverter
                config.storage.topic=%2$s-configs
                offset.storage.topic=%2$s-offsets
                status.storage.topic=%2$s-status
                config.storage.replication.factor=1
                offset.storage.replication.factor=1
                offset.storage.partitions=1
                status.storage.replication.factor=1
                status.storage.partitions=1
                scheduled.rebalance.max.delay.ms=0
                config.providers=file
                config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider
                """
                .formatted(broker.address(), name, port, plugins, url());
    }

    /** What Connect itself consists of: nothing of Debezium's, nothing of ours. */
    private static String classPath() {
        Set<String> others = Set.of("debezium", "landbridge", "postgresql", "mysql", "classes");
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(
                        path -> {
                            String name = Path.of(path).getFileName().toString();
                            return others.stream().noneMatch(name::contains);
                        })
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void launch() {
        List<String> options =
                secure ? List.of("-Djava.security.auth.login.config=" + login()) : List.of();
        jvm.launch(
                "256m",
                options,
                classPath(),
                "org.apache.kafka.connect.cli.ConnectDistributed",
                properties);
        awaitAnswer();
    }

    private void awaitAnswer() {
        ConnectRest rest = new ConnectRest(config());
        Await.until(
                "Connect answers; see " + jvm.directory(),
                Duration.ofMinutes(3),
                () -> {
                    jvm.assertAlive();
                    return rest.status("none").isEmpty();
                });
    }

    String output() {
        return jvm.output();
    }

    String url() {
        return (secure ? "https" : "http") + "://127.0.0.1:" + port;
    }

    ConnectConfig config() {
        return secure ? config(PASSWORD) : without(url());
    }

    /** With another password. */
    ConnectConfig config(String password) {
        return new ConnectConfig(
                url(),
                USER,
                new Secret(password),
                Secret.NONE,
                Identity.shared().certificate(),
                Path.of(""),
                Map.of());
    }

    /** What a configuration says of it, within {@code kafka}. */
    String section() {
        return """
                  capture: connect
                  connect-url: %s
                """
                        .formatted(url())
                + (secure
                        ? """
                            connect:
                              user: %s
                              password: %s
                              trust: %s
                          """
                                .formatted(USER, PASSWORD, Identity.shared().certificate())
                        : "");
    }

    /** Without login or trust. */
    static ConnectConfig without(String url) {
        return new ConnectConfig(
                url, "", Secret.NONE, Secret.NONE, Path.of(""), Path.of(""), Map.of());
    }

    /** Ends it with SIGKILL. */
    void kill() {
        jvm.kill();
    }

    /** Starts it again, at the same address. */
    void restart() {
        launch();
    }

    @Override
    public void close() {
        jvm.remove();
    }
}
