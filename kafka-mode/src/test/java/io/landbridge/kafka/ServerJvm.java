package io.landbridge.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server of Kafka's in a JVM of its own, and the directory in which it keeps all it has. It may
 * be killed and started again on the same data. Owned by one test's thread.
 */
final class ServerJvm {

    private final Path directory;
    private Process process;

    /** Nothing runs yet. */
    ServerJvm(String name) throws IOException {
        directory = Files.createTempDirectory("landbridge-" + name + "-");
        Files.writeString(
                directory.resolve("logback.xml"),
                """
                <configuration>
                  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d %-5level %logger{0} %msg%n</pattern></encoder>
                  </appender>
                  <logger name="io.debezium" level="INFO"/>
                  <root level="WARN"><appender-ref ref="OUT"/></root>
                </configuration>
                """);
    }

    Path directory() {
        return directory;
    }

    /**
     * Starts it.
     *
     * @param options of the JVM
     */
    void launch(String heap, List<String> options, String classPath, String main, Path properties) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Dlogback.configurationFile=" + directory.resolve("logback.xml"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main, properties.toString()));
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails with what it said when it has ended. */
    void assertAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("the server ended: " + output());
        }
    }

    private Path log() {
        return directory.resolve("output.log");
    }

    String output() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it with SIGKILL. */
    void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills it and removes all it had. */
    void remove() {
        kill();
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
