package io.landbridge.cutover;

import io.landbridge.config.DatabaseConfig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a query of the database through the clients' URL.
 *
 * <p>Each question comes over a connection of its own: one that stayed open would, in a pooler's
 * session mode, be a client that the pooler waits for before it pauses.
 *
 * <p>A thread of its own asks; everything else comes from any thread.
 */
public final class QueryProbe implements Probe {

    private static final Logger LOG = LoggerFactory.getLogger(QueryProbe.class);
    private static final String QUESTION = "SELECT 1";
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final DatabaseConfig place;
    private Thread thread;
    private volatile Connection open;
    private boolean asking;
    private long answers;
    private long failures;
    private long longestNanos;
    private Instant longestAt;

    /** When the question was put first that is not answered yet; 0: there is none. */
    private long askedNanos;

    private Instant askedAt;

    /**
     * @param place the clients' way to the database
     */
    public QueryProbe(DatabaseConfig place) {
        this.place = place;
    }

    @Override
    public void check() {
        try (Connection connection = connect(PATIENCE)) {
            ask(connection);
        } catch (SQLException e) {
            throw TrafficFaults.of("cutover.traffic.probe gives no answer: " + place.display(), e);
        }
    }

    @Override
    public synchronized void begin() {
        if (asking) {
            return;
        }
        asking = true;
        answers = 0;
        failures = 0;
        longestNanos = 0;
        longestAt = null;
        thread = new Thread(this::askOverAndOver, "landbridge-probe");
        thread.setDaemon(true);
        thread.start();
        awaitAnswer();
    }

    private void askOverAndOver() {
        while (putQuestion()) {
            try (Connection connection = connect(Duration.ZERO)) {
                open = connection;
                ask(connection);
                answered();
                LockSupport.parkNanos(INTERVAL_NANOS);
            } catch (SQLException e) {
                failed(e);
                LockSupport.parkNanos(INTERVAL_NANOS);
            } finally {
                open = null;
            }
        }
    }

    /** False when no more are wanted. A question that failed keeps its time. */
    private synchronized boolean putQuestion() {
        if (asking && askedNanos == 0) {
            askedNanos = System.nanoTime();
            askedAt = Instant.now();
        }
        return asking;
    }

    private synchronized void answered() {
        answers++;
        long waited = System.nanoTime() - askedNanos;
        if (waited > longestNanos) {
            longestNanos = waited;
            longestAt = askedAt;
        }
        askedNanos = 0;
        notifyAll();
    }

    private synchronized void failed(SQLException why) {
        if (asking) {
            failures++;
            LOG.debug("a question of the probe failed: {}", why.getMessage());
        }
    }

    @Override
    public synchronized Optional<ClientPause> felt() {
        if (thread == null) {
            return Optional.empty();
        }
        long waiting = askedNanos == 0 || !asking ? 0 : System.nanoTime() - askedNanos;
        boolean longer = waiting > longestNanos;
        return Optional.of(
                new ClientPause(
                        answers,
                        failures,
                        Duration.ofNanos(longer ? waiting : longestNanos),
                        Optional.ofNullable(longer ? askedAt : longestAt)));
    }

    @Override
    public Optional<ClientPause> end() {
        synchronized (this) {
            if (asking) {
                awaitAnswer();
                // What is waited for still counts.
                Optional<ClientPause> felt = felt();
                asking = false;
                longestNanos = felt.orElseThrow().longest().toNanos();
                longestAt = felt.get().at().orElse(null);
                askedNanos = 0;
                abort();
            }
        }
        return felt();
    }

    /** To a question that is put from now on. */
    private synchronized void awaitAnswer() {
        // The one under way may have been put, and as good as answered, before.
        long wanted = answers + 2;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (answers < wanted) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void abort() {
        Connection connection = open;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("the probe's connection did not end: {}", e.getMessage());
            }
        }
    }

    private static void ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(QUESTION)) {
            row.next();
        }
    }

    /** Without settings at start-up, which poolers refuse, and without prepared statements. */
    private Connection connect(Duration patience) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(place.parameters());
        properties.setProperty("user", place.user());
        properties.setProperty("password", place.password().reveal());
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("socketTimeout", String.valueOf(patience.toSeconds()));
        properties.setProperty("connectTimeout", String.valueOf(PATIENCE.toSeconds()));
        return DriverManager.getConnection(
                "jdbc:postgresql://"
                        + place.host()
                        + ":"
                        + place.port()
                        + "/"
                        + URLEncoder.encode(place.database(), StandardCharsets.UTF_8),
                properties);
    }
}
