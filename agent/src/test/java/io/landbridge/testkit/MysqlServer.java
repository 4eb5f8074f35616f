package io.landbridge.testkit;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real MySQL 8.0.31 on the loopback interface, with a data directory of its own, a binary log of
 * whole rows, and GTIDs.
 *
 * <p>A watchdog process holds a pipe from this JVM, as {@link PostgresServer}'s does: nothing is
 * left behind.
 */
public final class MysqlServer implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 5;

    private static final String WATCHDOG =
            """
            trap '' INT TERM HUP
            cat > /dev/null
            pid=$(head -n 1 "$1/data/mysqld.pid" 2> /dev/null)
            if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$1/data" ]; then
                kill -KILL "$pid"
                tries=0
                while kill -0 "$pid" 2> /dev/null && [ $tries -lt 150 ]; do
                    sleep 0.05
                    tries=$((tries + 1))
                done
            fi
            rm -rf "$1"
            """;

    private final ServerUser user;
    private final MysqlBinaries binaries;
    private final Path directory;
    private final Process watchdog;
    private final Map<String, String> settings;
    private final AtomicInteger databases = new AtomicInteger();
    private int port;
    private Process server;

    private MysqlServer(
            ServerUser user,
            MysqlBinaries binaries,
            Path directory,
            Process watchdog,
            Map<String, String> settings) {
        this.user = user;
        this.binaries = binaries;
        this.directory = directory;
        this.watchdog = watchdog;
        this.settings = Map.copyOf(settings);
    }

    /**
     * Starts a server and returns when it accepts connections.
     *
     * @param settings of mysqld, on top of those for replication: {@code Map.of("gtid-mode",
     *     "OFF")}
     */
    public static MysqlServer start(Map<String, String> settings) {
        ServerUser user = ServerUser.current();
        MysqlBinaries binaries = MysqlBinaries.of(user);
        try {
            Path directory = Files.createTempDirectory("landbridge-mysql-");
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
            MysqlServer server = new MysqlServer(user, binaries, directory, watchdog, settings);
            server.launchOnFreePort();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start MySQL", e);
        }
    }

    public int port() {
        return port;
    }

    public String user() {
        return MysqlBinaries.USER;
    }

    public String password() {
        return MysqlBinaries.PASSWORD;
    }

    public DatabaseConfig config(String database) {
        return new DatabaseConfig(
                DatabaseConfig.Kind.MYSQL,
                "127.0.0.1",
                port,
                database,
                user(),
                new Secret(password()),
                Map.of(),
                8);
    }

    /**
     * A connection of a user with every right, in auto-commit, with the server's own defaults; a
     * statement's text may hold several statements.
     */
    public Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user());
        properties.setProperty("password", password());
        properties.setProperty("allowMultiQueries", "true");
        properties.setProperty("enableEscapeProcessing", "false");
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("yearIsDateType", "false");
        return DriverManager.getConnection(
                "jdbc:mysql://127.0.0.1:" + port + "/" + database, properties);
    }

    public MysqlTestDatabase createDatabase(String name) {
        new MysqlTestDatabase(this, "")
                .execute("CREATE DATABASE `" + name.replace("`", "``") + "`");
        return new MysqlTestDatabase(this, name);
    }

    /** A new empty database that no other test uses. */
    public MysqlTestDatabase freshDatabase() {
        return createDatabase("test_" + databases.incrementAndGet());
    }

    /** Stops the server in good order and keeps its data for {@link #start()}. */
    public void stop() {
        end("TERM");
    }

    /** As in a crash: the next start recovers from the log. */
    public void kill() {
        end("KILL");
    }

    private synchronized void end(String signal) {
        if (server == null) {
            return;
        }
        Commands.run(List.of("kill", "-" + signal, String.valueOf(server.pid())));
        try {
            if (!server.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("MySQL does not stop: " + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while MySQL was stopping", e);
        }
        server = null;
    }

    /** Starts a stopped server on its port with its data. */
    public synchronized void start() {
        if (server == null && !launch()) {
            throw new IllegalStateException("MySQL does not start: " + log());
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

    private void launchOnFreePort() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            port = PostgresServer.freePort();
            if (launch()) {
                return;
            }
        }
        String log = log();
        close();
        throw new IllegalStateException("MySQL does not start (is libaio1 installed?): " + log);
    }

    /** False when the server ended instead of accepting connections. */
    private boolean launch() {
        List<String> command = new ArrayList<>();
        command.add("setsid");
        command.addAll(user.command(command()));
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            directory.resolve("server.log").toFile()));
            builder.directory(directory.toFile());
            Process process = builder.start();
            Await.until("MySQL accepts connections", START, () -> !process.isAlive() || accepts());
            server = process.isAlive() ? process : null;
            return server != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command() {
        Path data = directory.resolve("data");
        List<String> command = new ArrayList<>(binaries.server(data));
        command.addAll(
                List.of(
                        "--port=" + port,
                        "--bind-address=127.0.0.1",
                        "--socket=" + data.resolve("mysql.sock"),
                        "--pid-file=" + data.resolve("mysqld.pid"),
                        "--mysqlx=OFF",
                        "--server-id=1",
                        "--log-bin=binlog",
                        "--gtid-mode=ON",
                        "--enforce-gtid-consistency=ON",
                        "--binlog-format=ROW",
                        "--binlog-row-image=FULL",
                        "--max-connections=200",
                        "--innodb-redo-log-capacity=32M",
                        // Data outlives the server's processes, not the machine: enough for tests.
                        "--innodb-flush-log-at-trx-commit=2",
                        "--innodb-doublewrite=OFF",
                        "--sync-binlog=0"));
        settings.forEach((name, value) -> command.add("--" + name + "=" + value));
        return command;
    }

    private boolean accepts() throws SQLException {
        try (Connection connection = connect("")) {
            return connection.isValid(5);
        }
    }
}
