package io.landbridge.target;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Which sessions write the lanes of a stream that several agents share: each holds an advisory lock
 * on its lane for as long as it lives. So they can be found, and ended, whatever has become of the
 * agents behind them; that they can't commit afterwards is what makes the progress's word final.
 */
public final class LaneLocks {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = 10_000_000;

    /** Ends those that are there; says how many there were. */
    private static final String END =
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_locks
            WHERE locktype = 'advisory' AND classid = ?::int4::oid AND objsubid = 2
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""";

    private final Database target;
    private final int key;

    public LaneLocks(Database target, String migration, String stream) {
        this.target = target;
        this.key = ("landbridge lanes " + migration + "/" + stream).hashCode();
    }

    /**
     * Marks the session behind {@code connection} as the one that writes {@code lane}.
     *
     * @throws SQLException lock_not_available when another one is marked so
     */
    public void take(Connection connection, int lane) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT pg_try_advisory_lock(?, ?)")) {
            lock.setInt(1, key);
            lock.setInt(2, lane);
            try (ResultSet row = lock.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    throw new SQLException("another session writes lane " + lane, "55P03");
                }
            }
        }
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    /**
     * Ends all sessions that write lanes, and waits until they are gone.
     *
     * @return a number that is greater than all that were given out before
     */
    public long endAll() {
        return target.with(
                "ending the sessions of other agents",
                connection -> {
                    end(connection);
                    try (var now = connection.createStatement();
                            var row = now.executeQuery("SELECT txid_current()")) {
                        row.next();
                        return row.getLong(1);
                    }
                });
    }

    private void end(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        try (PreparedStatement end = connection.prepareStatement(END)) {
            end.setInt(1, key);
            while (true) {
                try (ResultSet row = end.executeQuery()) {
                    row.next();
                    if (row.getInt(1) == 0) {
                        return;
                    }
                }
                if (System.nanoTime() - deadline > 0) {
                    throw Fault.of(
                                    FaultCode.TARGET_LOCK_TIMEOUT,
                                    "sessions of agents that are gone do not end")
                            .hint("see pg_stat_activity for 'landbridge apply'");
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }
}
