package io.landbridge.testkit;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL server on the loopback interface, with a data directory of its own; gone when
 * this JVM is.
 */
public final class PostgresServer implements AutoCloseable {

    /** How a running server is made to stop: signal of the postmaster. */
    public enum Shutdown {
        /** Sessions are cut, transactions rolled back, a checkpoint is written. */
        FAST("INT"),
        /** As in a crash: the next start recovers from the log. */
        IMMEDIATE("QUIT");

        private final String signal;

        Shutdown(String signal) {
            this.signal = signal;
        }
    }

    private final int major;
    private final ServerHost host;
    private final ServerHost.Launcher launcher;
    private final AtomicInteger databases = new AtomicInteger();
    private int port;

    private PostgresServer(int major, ServerHost host, ServerHost.Launcher launcher) {
        this.major = major;
        this.host = host;
        this.launcher = launcher;
    }

    /**
     * Starts a server and returns when it accepts connections.
     *
     * @param major 12, 14 or 17
     * @param settings lines of postgresql.conf, on top of those for logical replication
     */
    public static PostgresServer start(int major, Map<String, String> settings) {
        String name = "PostgreSQL " + major;
        try {
            PostgresServer server =
                    ServerHost.containersWanted()
                            ? inContainer(major, name, settings)
                            : inProcess(major, name, settings);
            server.host.launchOnFreePort(server::launchAt);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    private static PostgresServer inProcess(int major, String name, Map<String, String> settings)
            throws IOException {
        ServerUser user = ServerUser.current();
        PostgresBinaries binaries = PostgresBinaries.of(major, user);
        ServerProcess process =
                new ServerProcess(name, user, "data/postmaster.pid", Shutdown.IMMEDIATE.signal);
        binaries.copyTemplate(process.data());
        List<String> lines = new ArrayList<>();
        lines.add("unix_socket_directories = ''");
        all(settings)
                .forEach((key, value) -> lines.add(key + " = '" + value.replace("'", "''") + "'"));
        Files.write(process.data().resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
        return new PostgresServer(
                major,
                process,
                (port, accepts) ->
                        process.launch(
                                List.of(
                                        binaries.program("postgres").toString(),
                                        "-D",
                                        process.data().toString(),
                                        "--port=" + port),
                                Map.of("LC_ALL", "C.UTF-8"),
                                accepts));
    }

    private static PostgresServer inContainer(
            int major, String name, Map<String, String> settings) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        all(settings).forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
        ServerContainer container =
                new ServerContainer(
                        name,
                        new ServerContainer.Recipe(
                                "postgres:" + major,
                                Map.of(
                                        "POSTGRES_PASSWORD",
                                        PostgresBinaries.PASSWORD,
                                        "POSTGRES_INITDB_ARGS",
                                        "--auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8"),
                                Map.of(),
                                command));
        return new PostgresServer(major, container, container::launch);
    }

    /** The settings asked for, on top of those that every test needs. */
    private static Map<String, String> all(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addresses", "127.0.0.1");
        all.put("wal_level", "logical");
        all.put("max_replication_slots", "20");
        all.put("max_wal_senders", "20");
        all.put("max_connections", "200");
        // Data outlives the server's processes, not the machine: enough for tests, and fast.
        all.put("fsync", "off");
        all.put("full_page_writes", "off");
        all.putAll(settings);
        return all;
    }

    public int major() {
        return major;
    }

    public int port() {
        return port;
    }

    /** JDBC URL without credentials; they are {@link #user} and {@link #password}. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:"
                + port
                + "/"
                + java.net.URLEncoder.encode(database, java.nio.charset.StandardCharsets.UTF_8);
    }

    public String user() {
        return PostgresBinaries.USER;
    }

    public String password() {
        return PostgresBinaries.PASSWORD;
    }

    public DatabaseConfig config(String database) {
        return new DatabaseConfig(
                DatabaseConfig.Kind.POSTGRESQL,
                "127.0.0.1",
                port,
                database,
                user(),
                new Secret(password()),
                Map.of(),
                8);
    }

    /** A superuser's connection in auto-commit with the server's own defaults. */
    public Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user());
        properties.setProperty("password", password());
        return DriverManager.getConnection(url(database), properties);
    }

    public TestDatabase createDatabase(String name) {
        new TestDatabase(this, "postgres")
                .execute("CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\"");
        return new TestDatabase(this, name);
    }

    /** A new empty database that no other test uses. */
    public TestDatabase freshDatabase() {
        return createDatabase("test_" + databases.incrementAndGet());
    }

    /** Stops and starts again on the same port with the same data; returns when it accepts. */
    public void restart(Shutdown shutdown) {
        stop(shutdown);
        start();
    }

    /** Stops the server and keeps its data for {@link #start()}. */
    public void stop(Shutdown shutdown) {
        host.end(shutdown.signal);
    }

    public void stop() {
        stop(Shutdown.FAST);
    }

    /** Starts a stopped server. */
    public void start() {
        host.start(this::launch);
    }

    /** What the server wrote so far. */
    public String log() {
        return host.log();
    }

    /** Ends the server like a crash and removes its data. */
    @Override
    public void close() {
        host.close();
    }

    private boolean launchAt(int freePort) {
        port = freePort;
        return launch();
    }

    private boolean launch() {
        return launcher.launch(port, this::accepts);
    }

    private boolean accepts() throws SQLException {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(5);
        }
    }
}
