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
    private final PostgresBinaries binaries;
    private final ServerProcess process;
    private final AtomicInteger databases = new AtomicInteger();
    private int port;

    private PostgresServer(int major, PostgresBinaries binaries, ServerProcess process) {
        this.major = major;
        this.binaries = binaries;
        this.process = process;
    }

    /**
     * Starts a server and returns when it accepts connections.
     *
     * @param major 12, 14 or 17
     * @param settings lines of postgresql.conf, on top of those for logical replication
     */
    public static PostgresServer start(int major, Map<String, String> settings) {
        ServerUser user = ServerUser.current();
        PostgresBinaries binaries = PostgresBinaries.of(major, user);
        try {
            ServerProcess process =
                    new ServerProcess(
                            "PostgreSQL " + major,
                            user,
                            "data/postmaster.pid",
                            Shutdown.IMMEDIATE.signal);
            binaries.copyTemplate(process.data());
            PostgresServer server = new PostgresServer(major, binaries, process);
            server.configure(settings);
            process.launchOnFreePort(server::launchAt);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PostgreSQL " + major, e);
        }
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
        process.end(shutdown.signal);
    }

    public void stop() {
        stop(Shutdown.FAST);
    }

    /** Starts a stopped server. */
    public void start() {
        process.start(this::launch);
    }

    /** What the server wrote so far. */
    public String log() {
        return process.log();
    }

    /** Ends the server like a crash and removes its data. */
    @Override
    public void close() {
        process.close();
    }

    private void configure(Map<String, String> settings) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addresses", "127.0.0.1");
        all.put("unix_socket_directories", "");
        all.put("wal_level", "logical");
        all.put("max_replication_slots", "20");
        all.put("max_wal_senders", "20");
        all.put("max_connections", "200");
        // Data outlives the server's processes, not the machine: enough for tests, and fast.
        all.put("fsync", "off");
        all.put("full_page_writes", "off");
        all.putAll(settings);
        List<String> lines = new ArrayList<>();
        all.forEach((key, value) -> lines.add(key + " = '" + value.replace("'", "''") + "'"));
        append(lines);
    }

    private void append(List<String> lines) throws IOException {
        Files.write(process.data().resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
    }

    private boolean launchAt(int freePort) throws IOException {
        port = freePort;
        append(List.of("port = " + port));
        return launch();
    }

    private boolean launch() {
        return process.launch(
                List.of(binaries.program("postgres").toString(), "-D", process.data().toString()),
                Map.of("LC_ALL", "C.UTF-8"),
                this::accepts);
    }

    private boolean accepts() throws SQLException {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(5);
        }
    }
}
