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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A real PgBouncer (Debian's package) in front of one database, on a free port. */
public final class PgBouncer implements AutoCloseable {

    /** What clients call the database. */
    public static final String DATABASE = "shop";

    private static final Map<String, String> SIMPLE = Map.of("prepareThreshold", "0");

    private final Path directory;
    private final int port;
    private Process process;

    private PgBouncer(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /**
     * Starts one that leads to {@code database}.
     *
     * @param poolMode {@code transaction} or {@code session}
     */
    public static PgBouncer start(TestDatabase database, String poolMode) {
        try {
            Path directory = Files.createTempDirectory("landbridge-pgbouncer-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            PgBouncer bouncer = new PgBouncer(directory, Ports.free());
            bouncer.configure(database, poolMode);
            bouncer.start();
            return bouncer;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PgBouncer", e);
        }
    }

    private void configure(TestDatabase database, String poolMode) throws IOException {
        Files.writeString(
                file(),
                """
                ; included by pgbouncer.ini
                [databases]
                other = host=127.0.0.1 port=1 dbname=nothing
                %s = host=127.0.0.1 port=%d dbname=%s user=%s password='%s' pool_size=20
                """
                        .formatted(
                                DATABASE,
                                database.server().port(),
                                database.name(),
                                database.server().user(),
                                database.server().password()));
        Files.writeString(
                directory.resolve("pgbouncer.ini"),
                """
                %%include %s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                admin_users = admin
                pool_mode = %s
                max_client_conn = 500
                ignore_startup_parameters = extra_float_digits,options
                server_login_retry = 1
                """
                        .formatted(file(), port, poolMode));
    }

    /** Starts it again after {@link #kill}. */
    public void start() {
        try {
            process =
                    new ProcessBuilder(
                                    ServerUser.current()
                                            .command(
                                                    List.of(
                                                            "/usr/sbin/pgbouncer",
                                                            directory
                                                                    .resolve("pgbouncer.ini")
                                                                    .toString())))
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("log").toFile())
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException("is the package pgbouncer installed?", e);
        }
        try {
            Await.until("PgBouncer answers", Duration.ofSeconds(10), this::answers);
        } catch (AssertionError e) {
            kill();
            throw e;
        }
    }

    private boolean answers() {
        try (Connection connection = connect()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The file with the database's line. */
    public Path file() {
        return directory.resolve("databases.ini");
    }

    /** The clients' way. */
    public DatabaseConfig config() {
        return place(DATABASE, "client", SIMPLE);
    }

    public DatabaseConfig admin() {
        return place("pgbouncer", "admin", Map.of());
    }

    private DatabaseConfig place(String database, String user, Map<String, String> parameters) {
        return new DatabaseConfig(
                DatabaseConfig.Kind.POSTGRESQL,
                "127.0.0.1",
                port,
                database,
                user,
                new Secret("any"),
                parameters,
                2);
    }

    /** As a client. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "client");
        properties.setProperty("password", "any");
        properties.setProperty("prepareThreshold", "0");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE, properties);
    }

    @Override
    public void close() {
        kill();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
