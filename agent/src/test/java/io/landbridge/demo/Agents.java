package io.landbridge.demo;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Agents of one migration, started as a user would, who sees what they print; what they leave on
 * disk goes with {@link #close}, or when the process is interrupted.
 */
final class Agents implements AutoCloseable {

    private final Path directory;
    private final Path config;
    private final Map<String, String> environment;
    private final Thread onInterrupt = new Thread(this::cleanUp);
    private volatile AgentProcess running;

    /**
     * @param yaml sections of the configuration beside the databases
     */
    Agents(DatabaseConfig source, DatabaseConfig target, String yaml) throws IOException {
        this.directory = Files.createTempDirectory("landbridge-demo-");
        this.config =
                Files.writeString(
                        directory.resolve("demo.yaml"),
                        "migration:\n  name: demo\nstate-dir: "
                                + directory.resolve("state")
                                + "\n"
                                + yaml);
        this.environment =
                Map.of(
                        "SOURCE_DB_URL", AgentHome.url(source),
                        "TARGET_DB_URL", AgentHome.url(target));
        Runtime.getRuntime().addShutdownHook(onInterrupt);
    }

    /** Starts {@code landbridge COMMAND --config=... OPTIONS}. */
    AgentProcess start(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--config=" + config));
        arguments.addAll(List.of(options));
        running =
                AgentProcess.launch(
                        Path.of(System.getProperty("landbridge.launcher", "scripts/landbridge")),
                        environment,
                        arguments);
        return running;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
        cleanUp();
    }

    private void cleanUp() {
        AgentProcess last = running;
        if (last != null) {
            last.end();
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + directory + " (" + e + ")");
        }
    }
}
