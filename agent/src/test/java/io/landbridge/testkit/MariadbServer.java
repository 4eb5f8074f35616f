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
import java.util.List;
import java.util.Map;

/**
 * A real MariaDB on the loopback interface, of Debian's package {@code mariadb-server-core}, with a
 * data directory of its own; gone when this JVM is.
 */
public final class MariadbServer implements AutoCloseable {

    private static final String USER = "landbridge";
    private static final String PASSWORD = "toll";

    private final ServerProcess process;
    private int port;

    private MariadbServer(ServerProcess process) {
        this.process = process;
    }

    /** Starts a server and returns when it accepts connections. */
    public static MariadbServer start() {
        ServerUser user = ServerUser.current();
        try {
            ServerProcess process = new ServerProcess("MariaDB", user, "data/mariadbd.pid", "KILL");
            user.makeDirectory(process.data());
            Commands.run(
                    user.command(
                            List.of(
                                    "mariadb-install-db",
                                    "--no-defaults",
                                    "--skip-test-db",
                                    "--auth-root-authentication-method=normal",
                                    "--datadir=" + process.data())));
            MariadbServer server = new MariadbServer(process);
            process.launchOnFreePort(server::launchAt);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start MariaDB", e);
        }
    }

    /** Its way in under the name of MySQL. */
    public DatabaseConfig config() {
        return new DatabaseConfig(
                DatabaseConfig.Kind.MYSQL,
                "127.0.0.1",
                port,
                "mysql",
                USER,
                new Secret(PASSWORD),
                Map.of(),
                2);
    }

    private boolean launchAt(int freePort) throws IOException {
        port = freePort;
        Path users = Files.createTempFile("landbridge-users-", ".sql");
        Files.writeString(
                users,
                "CREATE USER IF NOT EXISTS %1$s@'%%' IDENTIFIED BY '%2$s';\nGRANT ALL ON *.* TO %1$s@'%%';\n"
                        .formatted(USER, PASSWORD));
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-r--r--"));
        try {
            return process.launch(command(users), Map.of(), this::accepts);
        } finally {
            Files.delete(users);
        }
    }

    private List<String> command(Path users) {
        Path data = process.data();
        return List.of(
                "/usr/sbin/mariadbd",
                "--no-defaults",
                "--datadir=" + data,
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + data.resolve("mariadb.sock"),
                "--pid-file=" + data.resolve("mariadbd.pid"),
                "--init-file=" + users,
                "--server-id=1",
                "--log-bin=binlog",
                "--binlog-format=ROW");
    }

    private boolean accepts() throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(
                        "jdbc:mysql://127.0.0.1:" + port + "/mysql", USER, PASSWORD)) {
            return connection.isValid(5);
        }
    }

    /** Ends the server like a crash and removes its data. */
    @Override
    public void close() {
        process.close();
    }
}
