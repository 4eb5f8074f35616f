package io.landbridge.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.fault.Fault;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One PostgreSQL database: connections that all render and read values the same exact way, whatever
 * the server's, the role's or the machine's settings are. Thread-safe.
 *
 * <p>Loops that own a connection {@link #open} it; everything occasional goes through {@link
 * #with}, on a small pool that is made at first use.
 */
public final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /**
     * Values as text must not depend on where a session runs. Sent at start-up, so that no
     * connection exists without them.
     */
    private static final String SESSION =
            "-c timezone=UTC -c datestyle=ISO,YMD -c intervalstyle=postgres -c bytea_output=hex"
                    + " -c extra_float_digits=3 -c lc_monetary=C -c xmloption=content"
                    + " -c statement_timeout=0 -c lock_timeout=0"
                    + " -c idle_in_transaction_session_timeout=0 -c search_path=pg_catalog"
                    + " -c default_transaction_isolation=read\\ committed"
                    // An agent that has vanished must not hold locks, nor the lead, for hours.
                    + " -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5"
                    + " -c tcp_keepalives_count=4 -c tcp_user_timeout=35000";

    private static final String SOCKETS = "socketFactory";

    private final DatabaseConfig config;
    private final Side side;
    private final int connectTimeoutSeconds;
    private final String options;
    private final Duration silence;
    private final Map<Duration, Database> impatient = new HashMap<>();
    private final Queue<Connection> ready = new ConcurrentLinkedQueue<>();
    private HikariDataSource pool;

    public Database(DatabaseConfig config, Side side) {
        this(config, side, SESSION, Duration.ZERO);
    }

    private Database(DatabaseConfig config, Side side, String options, Duration silence) {
        this.config = config;
        this.side = side;
        this.options = options;
        this.silence = silence;
        this.connectTimeoutSeconds = 10;
    }

    /**
     * The same database again, with connections of its own that all have {@code setting}; to be
     * closed by itself.
     *
     * @param value without blanks or backslashes
     */
    public Database setting(String setting, String value) {
        return new Database(config, side, options + " -c " + setting + "=" + value, silence);
    }

    /**
     * The same database over connections of its own that take a server which says nothing for so
     * long as lost; closed with this one.
     *
     * @param silence longer than any statement may take; whole seconds
     */
    public synchronized Database answeringWithin(Duration silence) {
        return impatient.computeIfAbsent(
                silence, limit -> new Database(config, side, options, limit));
    }

    public DatabaseConfig config() {
        return config;
    }

    public Side side() {
        return side;
    }

    /**
     * A new connection of the caller's own, in auto-commit.
     *
     * @param purpose shown in {@code pg_stat_activity.application_name} as {@code landbridge
     *     PURPOSE}
     * @throws Fault SOURCE_UNREACHABLE, TARGET_UNREACHABLE or a rights fault
     */
    public Connection open(String purpose) {
        Connection kept = takeReady();
        return kept == null ? connect(purpose) : kept;
    }

    /**
     * Sees to it that the next {@code count} calls of {@link #open} need not wait for a connection
     * to be made. These keep the name {@code landbridge ready}.
     *
     * @throws Fault as {@link #open}
     */
    public void keepReady(int count) {
        while (ready.size() < count) {
            ready.add(connect("ready"));
        }
    }

    /** Closes what is kept ready. */
    public void closeReady() {
        for (Connection kept = ready.poll(); kept != null; kept = ready.poll()) {
            closeQuietly(kept);
        }
    }

    /** One that answers; null when none is kept. */
    private Connection takeReady() {
        for (Connection kept = ready.poll(); kept != null; kept = ready.poll()) {
            try {
                if (kept.isValid(connectTimeoutSeconds)) {
                    return kept;
                }
            } catch (SQLException e) {
                throw new IllegalArgumentException(connectTimeoutSeconds + " s", e);
            }
            closeQuietly(kept);
        }
        return null;
    }

    private static void closeQuietly(Connection kept) {
        try {
            kept.close();
        } catch (SQLException e) {
            LOG.debug("a connection that was kept ready did not close: {}", e.getMessage());
        }
    }

    private Connection connect(String purpose) {
        try {
            return connect(properties(purpose));
        } catch (SQLException e) {
            throw fault("a new connection", e);
        }
    }

    /**
     * A new connection with {@code properties}, which {@link #properties} gave and the caller may
     * have added to. It does not wait for ever on a server that will not answer any more.
     */
    public Connection connect(Properties properties) throws SQLException {
        return Login.with(
                config.password(),
                () -> {
                    properties.setProperty("password", config.password().reveal());
                    return connectOnce(properties);
                });
    }

    private Connection connectOnce(Properties properties) throws SQLException {
        // Whoever brings a way of his own to the server keeps it.
        if (config.parameters().containsKey(SOCKETS)) {
            return DriverManager.getConnection(url(), properties);
        }
        ServerProcess process = ServerProcess.postgres(url(), config);
        Properties watched = new Properties();
        watched.putAll(properties);
        watched.setProperty(SOCKETS, WatchedSockets.class.getName());
        watched.setProperty(SOCKETS + "Arg", process.word());
        Connection connection = DriverManager.getConnection(url(), watched);
        try {
            process.meet(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
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

    /** The fault that {@code error} means here. */
    public Fault fault(String doing, SQLException error) {
        return SqlFaults.of(side, config, doing, error);
    }

    public String url() {
        return "jdbc:postgresql://"
                + config.host()
                + ":"
                + config.port()
                + "/"
                + java.net.URLEncoder.encode(
                        config.database(), java.nio.charset.StandardCharsets.UTF_8);
    }

    /**
     * What the driver is given beside the URL, by {@link #connect} or by others; {@code purpose} as
     * in {@link #open}.
     */
    public Properties properties(String purpose) {
        Properties properties = new Properties();
        properties.putAll(config.parameters());
        properties.setProperty("user", config.user());
        properties.setProperty("password", config.password().reveal());
        properties.setProperty("ApplicationName", "landbridge " + purpose);
        properties.setProperty("options", options);
        properties.setProperty("tcpKeepAlive", "true");
        // Details, contexts and statements hold rows' values, which must not reach a log.
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty("connectTimeout", String.valueOf(connectTimeoutSeconds));
        properties.setProperty("loginTimeout", String.valueOf(connectTimeoutSeconds));
        properties.setProperty("socketTimeout", String.valueOf(silence.toSeconds()));
        return properties;
    }

    private synchronized HikariDataSource pool() {
        if (pool == null) {
            pool =
                    Pools.make(
                            "landbridge-" + side.name().toLowerCase(java.util.Locale.ROOT),
                            () -> connect(properties("pool")),
                            config,
                            connectTimeoutSeconds,
                            "TRANSACTION_READ_COMMITTED");
        }
        return pool;
    }

    @Override
    public synchronized void close() {
        closeReady();
        impatient.values().forEach(Database::close);
        impatient.clear();
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }
}
