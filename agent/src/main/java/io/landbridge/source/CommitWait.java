package io.landbridge.source;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until whatever is in the log is also visible.
 *
 * <p>A commit is in the log a moment before snapshots see it: for as long as a synchronous standby
 * takes, for ever when there is none. Such a commit from before a slot's start is not in its
 * stream; a snapshot taken now would miss it, too. Its transaction is among those in progress,
 * though, and any snapshot taken after that has ended sees it.
 *
 * @see <a href="https://www.postgresql.org/docs/17/warm-standby.html#SYNCHRONOUS-REPLICATION">
 *     Synchronous replication</a>
 */
final class CommitWait {

    private static final Logger LOG = LoggerFactory.getLogger(CommitWait.class);
    private static final long POLL_MILLIS = 20;
    private static final Duration WORD_EVERY = Duration.ofSeconds(30);

    private static final String RUNNING =
            "SELECT array_agg(x) FROM txid_snapshot_xip(txid_current_snapshot()) x";

    private static final String STILL_RUNNING =
            "SELECT array_agg(x) FROM txid_snapshot_xip(txid_current_snapshot()) x"
                    + " WHERE x = ANY (?)";

    /** Sessions show their transaction's number without its epoch. */
    private static final String WHOSE =
            "SELECT pid, wait_event FROM pg_stat_activity"
                    + " WHERE backend_xid::text::bigint = ANY (SELECT x % 4294967296"
                    + " FROM unnest(?::bigint[]) x)";

    private final Database source;

    CommitWait(Database source) {
        this.source = source;
    }

    /**
     * Returns when every transaction that is in progress now has ended.
     *
     * @throws Fault SOURCE_LOCK_TIMEOUT when the thread is interrupted
     */
    void awaitAll() {
        try (Connection connection = source.open("slot")) {
            endOneOfOurs(connection);
            Long[] running = xids(connection.prepareStatement(RUNNING));
            long word = System.nanoTime() + WORD_EVERY.toNanos() / 10;
            while (running.length > 0) {
                if (System.nanoTime() > word) {
                    LOG.info(
                            "waiting for transactions that may have committed before the stream"
                                    + " begins: {}",
                            whose(connection, running));
                    word = System.nanoTime() + WORD_EVERY.toNanos();
                }
                Thread.sleep(POLL_MILLIS);
                PreparedStatement still = connection.prepareStatement(STILL_RUNNING);
                still.setArray(1, connection.createArrayOf("int8", running));
                running = xids(still);
            }
        } catch (SQLException e) {
            throw source.fault("waiting for commits to be visible", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(
                            FaultCode.SOURCE_LOCK_TIMEOUT,
                            "interrupted while waiting for open transactions")
                    .hint("start again: the slot is made anew");
        }
    }

    /** A snapshot names only those in progress that are older than the last one that has ended. */
    private static void endOneOfOurs(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT txid_current()");
        }
        connection.rollback();
        connection.setAutoCommit(true);
    }

    private static Long[] xids(PreparedStatement query) throws SQLException {
        try (query;
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getArray(1) == null ? new Long[0] : (Long[]) row.getArray(1).getArray();
        }
    }

    private static List<String> whose(Connection connection, Long[] xids) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(WHOSE)) {
            query.setArray(1, connection.createArrayOf("int8", xids));
            List<String> sessions = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    String event = rows.getString(2);
                    sessions.add("process " + rows.getInt(1) + (event == null ? "" : " " + event));
                }
            }
            return sessions.isEmpty() ? List.of("prepared transactions") : sessions;
        }
    }
}
