package io.landbridge.testkit;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real MySQL 8.0, or a MariaDB, on the loopback interface, with a data directory of its own, a
 * binary log of whole rows, and GTIDs; gone when this JVM is.
 */
public final class MysqlServer implements AutoCloseable {

    private final DatabaseConfig.Kind kind;
    private final ServerHost host;
    private final ServerHost.Launcher launcher;
    private final AtomicInteger databases = new AtomicInteger();
    private int port;

    private MysqlServer(DatabaseConfig.Kind kind, ServerHost host, ServerHost.Launcher launcher) {
        this.kind = kind;
        this.host = host;
        this.launcher = launcher;
    }

    /**
     * Starts a server and returns when it accepts connections.
     *
     * @param settings of mysqld, on top of those for replication: {@code Map.of("gtid-mode",
     *     "OFF")}
     */
    public static MysqlServer start(Map<String, String> settings) {
        try {
            MysqlServer server =
                    ServerHost.containersWanted() ? inContainer(settings) : inProcess(settings);
            server.host.launchOnFreePort(server::launchAt);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start MySQL", e);
        }
    }

    /** As {@link #start(Map)}, a MariaDB of Debian's, which is never in a container. */
    public static MysqlServer startMariadb(Map<String, String> settings) {
        ServerUser user = ServerUser.current();
        try {
            MariadbBinaries binaries = MariadbBinaries.of(user);
            ServerProcess process = new ServerProcess("MariaDB", user, "data/mysqld.pid", "KILL");
            binaries.copyTemplate(process.data());
            MysqlServer server =
                    inProcess(
                            DatabaseConfig.Kind.MARIADB,
                            process,
                            binaries.server(process.data()),
                            common(settings));
            server.host.launchOnFreePort(server::launchAt);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start MariaDB", e);
        }
    }

    private static MysqlServer inProcess(Map<String, String> settings) throws IOException {
        ServerUser user = ServerUser.current();
        MysqlBinaries binaries = MysqlBinaries.of(user);
        ServerProcess process = new ServerProcess("MySQL", user, "data/mysqld.pid", "KILL");
        binaries.copyTemplate(process.data());
        return inProcess(
                DatabaseConfig.Kind.MYSQL,
                process,
                binaries.server(process.data()),
                options(settings));
    }

    private static MysqlServer inProcess(
            DatabaseConfig.Kind kind,
            ServerProcess process,
            List<String> program,
            List<String> options) {
        Path data = process.data();
        List<String> command = new ArrayList<>(program);
        command.add("--socket=" + data.resolve("mysql.sock"));
        command.add("--pid-file=" + data.resolve("mysqld.pid"));
        command.addAll(options);
        return new MysqlServer(
                kind,
                process,
                (port, accepts) -> {
                    List<String> whole = new ArrayList<>(command);
                    whole.add("--port=" + port);
                    return process.launch(whole, Map.of(), accepts);
                });
    }

    private static MysqlServer inContainer(Map<String, String> settings) {
        List<String> command = new ArrayList<>(List.of("mysqld"));
        command.addAll(options(settings));
        ServerContainer container =
                new ServerContainer(
                        "MySQL",
                        new ServerContainer.Recipe(
                                "mysql:8.0",
                                Map.of("MYSQL_ROOT_PASSWORD", MysqlBinaries.PASSWORD),
                                Map.of(
                                        "/docker-entrypoint-initdb.d/users.sql",
                                        MysqlBinaries.USERS),
                                command));
        return new MysqlServer(DatabaseConfig.Kind.MYSQL, container, container::launch);
    }

    private static List<String> options(Map<String, String> settings) {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "--mysqlx=OFF",
                                "--gtid-mode=ON",
                                "--enforce-gtid-consistency=ON",
                                "--innodb-redo-log-capacity=32M"));
        options.addAll(common(settings));
        return options;
    }

    private static List<String> common(Map<String, String> settings) {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "--bind-address=127.0.0.1",
                                "--server-id=1",
                                "--log-bin=binlog",
                                "--binlog-format=ROW",
                                "--binlog-row-image=FULL",
                                "--max-connections=200",
                                // Data outlives the server's processes, not the machine: enough.
                                "--innodb-flush-log-at-trx-commit=2",
                                "--innodb-doublewrite=OFF",
                                "--sync-binlog=0"));
        settings.forEach((name, value) -> options.add("--" + name + "=" + value));
        return options;
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
                kind, "127.0.0.1", port, database, user(), new Secret(password()), Map.of(), 8);
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

    /** How often a recursive query may go round. */
    String recursionSetting() {
        return kind == DatabaseConfig.Kind.MARIADB
                ? "max_recursive_iterations"
                : "cte_max_recursion_depth";
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
        host.end("TERM");
    }

    /** As in a crash: the next start recovers from the log. */
    public void kill() {
        host.end("KILL");
    }

    /** Starts a stopped server on its port with its data. */
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
        try (Connection connection = connect("")) {
            return connection.isValid(5);
        }
    }
}
