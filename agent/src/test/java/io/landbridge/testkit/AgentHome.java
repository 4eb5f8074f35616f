package io.landbridge.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.landbridge.config.Configuration;
import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.DatabaseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One migration's configuration and state on disk; agents are started in it one after the other.
 */
public final class AgentHome implements AutoCloseable {

    private final Path directory;
    private final Path config;
    private final String name;
    private final Map<String, String> environment;
    private List<String> by = List.of();
    private final int port = Ports.free();
    private final AgentApi api = new AgentApi(port);

    /**
     * @param name of the migration: slot and publication are called after it
     * @param yaml further sections of the configuration file
     */
    public AgentHome(String name, DatabaseConfig source, DatabaseConfig target, String yaml) {
        this.name = name;
        this.environment =
                new HashMap<>(Map.of("SOURCE_DB_URL", url(source), "TARGET_DB_URL", url(target)));
        try {
            this.directory = Files.createTempDirectory("landbridge-agent-");
            this.config =
                    Files.writeString(
                            directory.resolve("landbridge.yaml"),
                            "migration:\n  name: %s\nstate-dir: %s\nhttp:\n  port: %d\n%s"
                                    .formatted(name, directory.resolve("state"), port, yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts {@code landbridge COMMAND --config ... OPTIONS}. */
    public AgentProcess start(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--config", config.toString()));
        arguments.addAll(Arrays.asList(options));
        return AgentProcess.start(by, output(), environment, arguments);
    }

    /**
     * Lets agents that are started from now on have a file system of {@code megabytes} of their own
     * at {@code directory}; others reach it as {@code /proc/PID/root/DIRECTORY} while one runs.
     */
    public AgentHome withDisk(Path directory, int megabytes) {
        by =
                List.of(
                        "unshare",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-ec",
                        "mount -t tmpfs -o size=%dm none %s; exec \"$0\" \"$@\""
                                .formatted(megabytes, directory));
        return this;
    }

    /**
     * Replaces {@code text}, which must be there, by {@code other} in the configuration file, as an
     * editor would: an agent that runs sees the file change.
     */
    public void edit(String text, String other) {
        try {
            String before = Files.readString(config);
            if (!before.contains(text)) {
                throw new IllegalArgumentException("no '" + text + "' in " + before);
            }
            Files.writeString(config, before.replace(text, other));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets a variable of the environment of agents that are started from now on. */
    public AgentHome with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** What all agents printed. */
    public Path output() {
        return directory.resolve("output.log");
    }

    /** Where configuration, state and logs are, until {@link #close}. */
    public Path directory() {
        return directory;
    }

    /** The same configuration, for a migration in this JVM. */
    public Configuration configuration() {
        return ConfigurationLoader.load(config, environment);
    }

    public String name() {
        return name;
    }

    /** Where a running agent shows its page. */
    public URI page() {
        return api.page();
    }

    /**
     * What the running agent says of itself.
     *
     * @throws IOException when none answers
     */
    public JsonNode status() throws IOException, InterruptedException {
        return api.status();
    }

    /**
     * Asks the running agent for {@code action}, such as pause.
     *
     * @throws IOException when none answers
     */
    public void ask(String action) throws IOException, InterruptedException {
        api.ask(action);
    }

    /** {@code KIND://user:password@host:port/database}. */
    public static String url(DatabaseConfig database) {
        return (database.kind().name().toLowerCase(Locale.ROOT) + "://")
                + encode(database.user())
                + ":"
                + encode(database.password().reveal())
                + "@"
                + database.host()
                + ":"
                + database.port()
                + "/"
                + encode(database.database());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Removes configuration, queue and logs. */
    @Override
    public void close() {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
