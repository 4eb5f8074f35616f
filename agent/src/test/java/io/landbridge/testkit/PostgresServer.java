package io.landbridge.testkit;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL server on the loopback interface, with a data directory of its own.
 *
 * <p>A watchdog process holds a pipe from this JVM. When the pipe closes, by {@link #close}, exit
 * or SIGKILL of the JVM, it stops the server and removes its directory: nothing is left behind.
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

    private static final Duration START = Duration.ofSeconds(90);
    private static final int ATTEMPTS = 5;

    private static final String WATCHDOG =
            """
            trap '' INT TERM HUP
            cat > /dev/null
            pid=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null)
            if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$1/data" ]; then
                kill -QUIT "$pid"
                tries=0
                while kill -0 "$pid" 2> /dev/null && [ $tries -lt 150 ]; do
                    sleep 0.05
                    tries=$((tries + 1))
                done
            fi
            rm -rf "$1"
            """;

    private final int major;
    private final ServerUser user;
    private final PostgresBinaries binaries;
    private final Path directory;
    private final Process watchdog;
    private final AtomicInteger databases = new AtomicInteger();
    private int port;
    private Process server;

    private PostgresServer(
            int major,
            ServerUser user,
            PostgresBinaries binaries,
            Path directory,
            Process watchdog) {
        this.major = major;
        this.user = user;
        this.binaries = binaries;
        this.directory = directory;
        this.watchdog = watchdog;
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
            Path directory = Files.createTempDirectory("landbridge-postgres-" + major + "-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Process watchdog =
                    new ProcessBuilder(
                                    "setsid",
                                    "sh",
                                    "-c",
                                    WATCHDOG,
                                    "watchdog",
                                    directory.toString())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            binaries.copyTemplate(directory.resolve("data"));
            PostgresServer server = new PostgresServer(major, user, binaries, directory, watchdog);
            server.configure(settings);
            server.launchOnFreePort();
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
    public synchronized void stop(Shutdown shutdown) {
        if (server == null) {
            return;
        }
        Commands.run(List.of("kill", "-" + shutdown.signal, String.valueOf(server.pid())));
        try {
            if (!server.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("PostgreSQL does not stop: " + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL was stopping", e);
        }
        server = null;
    }

    public void stop() {
        stop(Shutdown.FAST);
    }

    /** Starts a stopped server. */
    public synchronized void start() {
        if (server == null && !launch()) {
            throw new IllegalStateException("PostgreSQL does not start: " + log());
        }
    }

    /** What the server wrote so far. */
    public String log() {
        try {
            return Files.readString(directory.resolve("server.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server like a crash and removes its data. */
    @Override
    public synchronized void close() {
        try {
            watchdog.getOutputStream().close();
            watchdog.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server = null;
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
        Files.write(directory.resolve("data/postgresql.conf"), lines, StandardOpenOption.APPEND);
    }

    private void launchOnFreePort() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            port = freePort();
            append(List.of("port = " + port));
            if (launch()) {
                return;
            }
        }
        String log = log();
        close();
        throw new IllegalStateException("PostgreSQL does not start: " + log);
    }

    /** False when the server ended instead of accepting connections. */
    private boolean launch() {
        List<String> command = new ArrayList<>();
        command.add("setsid");
        command.addAll(
                user.command(
                        List.of(
                                binaries.program("postgres").toString(),
                                "-D",
                                directory.resolve("data").toString())));
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            directory.resolve("server.log").toFile()));
            builder.directory(directory.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            Await.until(
                    "PostgreSQL " + major + " accepts connections",
                    START,
                    () -> !process.isAlive() || accepts());
            server = process.isAlive() ? process : null;
            return server != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean accepts() throws SQLException {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(5);
        }
    }

    /** Below the range that the kernel gives to outgoing connections, so that restarts find it. */
    public static int freePort() {
        IOException last = null;
        for (int attempt = 0; attempt < 100; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket =
                    new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UncheckedIOException("no free port", last);
    }
}
