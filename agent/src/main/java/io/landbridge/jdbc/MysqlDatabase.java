package io.landbridge.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * One server of MySQL's family, as seen from the configured database: connections that all render
 * and read values the same exact way, whatever the server's settings are. Thread-safe. The
 * counterpart of {@link Database}.
 *
 * <p>Sessions are in UTC, speak utf8mb4, have an empty sql_mode (a backslash escapes, zero dates
 * may be read and written, no NULL becomes something else), and wait for a reader that is slow.
 * Only {@code getString} and {@code getBytes} of a result are to be used: the driver's own types
 * can't hold every value.
 */
public final class MysqlDatabase implements AutoCloseable {

    private static final int CONNECT_SECONDS = 10;

    /** A streaming reader that waits for its target must not be cut off: seconds. */
    private static final int PATIENCE_SECONDS = 3_600;

    private static final String SESSION =
            "time_zone='+00:00',sql_mode='',group_concat_max_len=1073741824,net_write_timeout="
                    + PATIENCE_SECONDS
                    + ",net_read_timeout="
                    + PATIENCE_SECONDS;

    private static final Map<String, String> SSL_MODES =
            Map.of(
                    "disable", "DISABLED",
                    "allow", "PREFERRED",
                    "prefer", "PREFERRED",
                    "require", "REQUIRED",
                    "verify-ca", "VERIFY_CA",
                    "verify-full", "VERIFY_IDENTITY");

    private final DatabaseConfig config;
    private final Side side;
    private final String session;
    private final Duration silence;
    private final Map<Duration, MysqlDatabase> impatient = new HashMap<>();
    private HikariDataSource pool;

    public MysqlDatabase(DatabaseConfig config, Side side) {
        this(config, side, SESSION + "," + Dialect.of(config.kind()).session(), Duration.ZERO);
    }

    private MysqlDatabase(DatabaseConfig config, Side side, String session, Duration silence) {
        this.config = config;
        this.side = side;
        this.session = session;
        this.silence = silence;
    }

    /**
     * The same server again, with connections of its own that all have {@code variable}; to be
     * closed by itself.
     *
     * @param variable a system variable, or with {@code @} before its name one of the session's
     * @param value as SQL has it
     */
    public MysqlDatabase setting(String variable, String value) {
        return new MysqlDatabase(config, side, session + "," + variable + "=" + value, silence);
    }

    /** As {@link Database#answeringWithin}. */
    public synchronized MysqlDatabase answeringWithin(Duration limit) {
        return impatient.computeIfAbsent(
                limit, silent -> new MysqlDatabase(config, side, session, silent));
    }

    public DatabaseConfig config() {
        return config;
    }

    public Side side() {
        return side;
    }

    /** How this server spells what others of its family spell otherwise. */
    public Dialect dialect() {
        return Dialect.of(config.kind());
    }

    /**
     * A new connection of the caller's own, in auto-commit.
     *
     * @param purpose shown in {@code performance_schema.session_connect_attrs} as {@code
     *     program_name} {@code landbridge PURPOSE}
     * @throws Fault SOURCE_UNREACHABLE, TARGET_UNREACHABLE or a rights fault
     */
    public Connection open(String purpose) {
        return opened(properties(purpose));
    }

    /** As {@link #open}; a statement's text may hold several, with semicolons between them. */
    public Connection openForMany(String purpose) {
        Properties properties = properties(purpose);
        properties.setProperty("allowMultiQueries", "true");
        return opened(properties);
    }

    private Connection opened(Properties properties) {
        try {
            return connect(properties);
        } catch (SQLException e) {
            throw fault("a new connection", e);
        }
    }

    /**
     * Runs {@code work} on a pooled connection in auto-commit; {@code doing} names it in faults.
     */
    public <T> T with(String doing, SqlWork<T> work) {
        try (Connection connection = pool().getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw fault(doing, e);
        }
    }

    /** As {@link #with}, in one transaction that commits when {@code work} returns. */
    public <T> T inTransaction(String doing, SqlWork<T> work) {
        return with(doing, connection -> Transactions.run(connection, work));
    }

    /** One that does not wait for ever on a server that will not answer any more. */
    private Connection connect(Properties properties) throws SQLException {
        return Login.with(
                config.password(),
                () -> {
                    properties.setProperty("password", config.password().reveal());
                    return connectOnce(properties);
                });
    }

    private Connection connectOnce(Properties properties) throws SQLException {
        // Whoever brings a way of his own to the server keeps it.
        if (config.parameters().containsKey(WatchedMysqlSockets.PROPERTY)) {
            return DriverManager.getConnection(url(), properties);
        }
        return WatchedMysqlSockets.connect(
                url(), properties, ServerProcess.mysql(url(), properties("watch")));
    }

    /** The fault that {@code error} means here. */
    public Fault fault(String doing, SQLException error) {
        return MysqlFaults.isOtherMake(error)
                ? MysqlFaults.otherMake(side, dialect().product(), version(), error)
                : MysqlFaults.of(side, config, doing, error);
    }

    /** What a server says it is that does not take our sessions' settings. */
    private String version() {
        Properties bare = properties("version");
        bare.remove("sessionVariables");
        try (Connection connection = DriverManager.getConnection(url(), bare);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version()")) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            return "of a version that it does not tell";
        }
    }

    private String url() {
        return "jdbc:mysql://"
                + config.host()
                + ":"
                + config.port()
                + "/"
                + java.net.URLEncoder.encode(
                        config.database(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private Properties properties(String purpose) {
        Properties properties = new Properties();
        config.parameters().forEach((name, value) -> put(properties, name, value));
        properties.setProperty("user", config.user());
        properties.setProperty("password", config.password().reveal());
        properties.setProperty("connectionAttributes", "program_name:landbridge " + purpose);
        properties.setProperty("sessionVariables", session);
        properties.setProperty("characterEncoding", "UTF-8");
        // Else the driver lets the server send each column in its own character set.
        properties.setProperty("characterSetResults", "utf8mb4");
        properties.setProperty("connectionTimeZone", "UTC");
        properties.setProperty("forceConnectionTimeZoneToSession", "true");
        // Braces in a statement are a user's data, not JDBC's.
        properties.setProperty("enableEscapeProcessing", "false");
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("yearIsDateType", "false");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS * 1000));
        properties.setProperty("socketTimeout", String.valueOf(silence.toMillis()));
        properties.setProperty("logger", "Slf4JLogger");
        // Statements hold rows' values, which must not reach a log.
        properties.setProperty("dumpQueriesOnException", "false");
        return properties;
    }

    private void put(Properties properties, String name, String value) {
        switch (name) {
            case "sslmode" -> properties.setProperty("sslMode", SSL_MODES.get(value));
            case "sslrootcert", "sslcert", "sslkey", "sslpassword" ->
                    throw Fault.of(
                                    FaultCode.CONFIG_INVALID,
                                    "the tls section's files don't work for MySQL")
                            .hint(
                                    "give the driver's own parameters in the URL:"
                                            + " ?sslMode=VERIFY_CA&trustCertificateKeyStoreUrl=file:...");
            default -> properties.setProperty(name, value);
        }
    }

    private synchronized HikariDataSource pool() {
        if (pool == null) {
            pool =
                    Pools.make(
                            "landbridge-mysql-" + side.name().toLowerCase(Locale.ROOT),
                            () -> connect(properties("pool")),
                            config,
                            CONNECT_SECONDS,
                            "TRANSACTION_REPEATABLE_READ");
        }
        return pool;
    }

    @Override
    public synchronized void close() {
        impatient.values().forEach(MysqlDatabase::close);
        impatient.clear();
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }
}
