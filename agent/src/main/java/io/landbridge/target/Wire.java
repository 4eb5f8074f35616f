package io.landbridge.target;

import io.landbridge.jdbc.Database;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Short words between agents, by way of the target: within a millisecond, in the order in which one
 * agent sends them, and lost only with the session of whoever would have heard them. {@link #send}
 * may be called from any thread, {@link #receive} from one.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-notify.html">NOTIFY</a>
 */
public final class Wire implements AutoCloseable {

    private final String migration;
    private final Connection ear;
    private final Connection mouth;

    /**
     * Hears what is sent to {@code address} from here on.
     *
     * @param migration whose agents talk
     */
    public Wire(Database target, String migration, String address) {
        this.migration = migration;
        this.ear = target.open("ear");
        try {
            try (var listen = ear.createStatement()) {
                listen.execute("LISTEN \"" + channel(address) + "\"");
            }
            this.mouth = target.open("mouth");
            try (var quick = mouth.createStatement()) {
                // Words are worth nothing after a crash of the server.
                quick.execute("SET synchronous_commit = off");
            }
        } catch (SQLException e) {
            close();
            throw target.fault("words between agents", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private String channel(String address) {
        String full = migration + "/" + address;
        return "landbridge_" + UUID.nameUUIDFromBytes(full.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends {@code word} to whoever hears {@code address}, if anybody does.
     *
     * @param word less than 8000 bytes
     */
    public synchronized void send(String address, String word) throws SQLException {
        try (PreparedStatement notify = mouth.prepareStatement("SELECT pg_notify(?, ?)")) {
            notify.setString(1, channel(address));
            notify.setString(2, word);
            notify.execute();
        }
    }

    /** What was sent to this one's address; waits a while when there is nothing. */
    public List<String> receive(Duration atMost) throws SQLException {
        PGNotification[] heard =
                ear.unwrap(PGConnection.class).getNotifications((int) atMost.toMillis());
        List<String> words = new ArrayList<>();
        if (heard != null) {
            for (PGNotification each : heard) {
                words.add(each.getParameter());
            }
        }
        return words;
    }

    @Override
    public void close() {
        hangUp(ear);
        hangUp(mouth);
    }

    /** At once, also under a thread that listens. */
    private static void hangUp(Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            org.slf4j.LoggerFactory.getLogger(Wire.class).debug("hanging up failed", e);
        }
    }
}
