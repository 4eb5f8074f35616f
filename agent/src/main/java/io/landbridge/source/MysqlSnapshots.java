package io.landbridge.source;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.digest.RowText;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSql;
import io.landbridge.schema.mysql.digest.FrozenMysql;
import io.landbridge.schema.mysql.digest.RowWords;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of MySQL whose place in its log is known exactly: a read lock on the tables keeps their
 * writers out while some sessions open their snapshots and the log's end is read, for some
 * milliseconds. No other table is locked.
 *
 * <p>The lock waits for transactions that have written to a table, and other writers queue up behind
 * it. So it is given up after {@link #PATIENCE} and tried again after a pause.
 */
public final class MysqlSnapshots implements Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(MysqlSnapshots.class);

    /** How long writers may have to wait behind a lock that is not had. */
    static final Duration PATIENCE = Duration.ofMillis(300);

    /** Sessions beside those of the workers: one that looks on, one that reads whole rows. */
    private static final int BESIDE = 2;

    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int QUERY_INTERRUPTED = 1317;

    /** Those who have written are those who have locks; who only read has none. */
    private static final String WRITERS =
            """
            SELECT trx_mysql_thread_id, trx_started FROM information_schema.innodb_trx
             WHERE trx_rows_modified > 0 ORDER BY trx_started LIMIT 10""";

    private static final String BEGIN = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

    private final MysqlDatabase source;
    private final MysqlLog log;
    private final List<MappedTable> tables;
    private final int sessions;

    /**
     * Snapshots of {@code tables}.
     *
     * @param workers how many will read at a time
     */
    public MysqlSnapshots(
            MysqlDatabase source, MysqlLog log, List<MappedTable> tables, int workers) {
        this.source = source;
        this.log = log;
        this.tables = List.copyOf(tables);
        this.sessions = workers + BESIDE;
    }

    @Override
    public PositionedSnapshot open(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        List<Connection> opened = connected();
        try {
            LockPatience pauses = new LockPatience(PATIENCE, 1);
            for (int failed = 1; ; failed++) {
                long left = end - System.nanoTime();
                Duration patience = Duration.ofNanos(Math.min(left, PATIENCE.toNanos()));
                try {
                    SourcePosition position = beginAll(opened, patience);
                    return new PositionedSnapshot(
                            position, new FrozenMysql(source, tables, opened));
                } catch (SQLException e) {
                    long pause = pauses.pauseAfter(failed).toNanos();
                    if (!isTrouble(e)) {
                        throw source.fault("a snapshot with a known position", e);
                    }
                    if (System.nanoTime() + pause >= end) {
                        throw tooLate(timeout, e);
                    }
                    LOG.debug("try {} for a lock of all tables failed", failed, e);
                    LockSupport.parkNanos(pause);
                }
            }
        } catch (Fault e) {
            closeAll(opened, e);
            throw e;
        }
    }

    /** All sessions' snapshots show the same, which ends at the place that this gives. */
    private SourcePosition beginAll(List<Connection> opened, Duration patience)
            throws SQLException {
        String names =
                tables.stream()
                        .map(table -> MysqlSql.quote(table.sourceId()) + " READ")
                        .collect(Collectors.joining(", "));
        try (Connection locks = source.open("snapshot lock");
                Statement lock = locks.createStatement()) {
            // The least there is: the deadline comes before, if it can reach the server.
            lock.execute("SET SESSION lock_wait_timeout = 1");
            if (!tables.isEmpty()) {
                boolean unused =
                        Deadline.within(
                                patience, lock, () -> {}, () -> lock.execute("LOCK TABLES " + names));
            }
            for (Connection session : opened) {
                execute(session, BEGIN);
            }
            SourcePosition position = log.currentPosition(locks);
            lock.execute("UNLOCK TABLES");
            return position;
        }
    }

    private static boolean isTrouble(SQLException e) {
        return e.getErrorCode() == LOCK_WAIT_TIMEOUT || e.getErrorCode() == QUERY_INTERRUPTED;
    }

    private Fault tooLate(Duration timeout, SQLException cause) {
        return Fault.of(
                        FaultCode.SOURCE_LOCK_TIMEOUT,
                        "no snapshot within "
                                + timeout.toMillis()
                                + " ms: it waits for transactions that have written: "
                                + writers(),
                        cause)
                .hint("wait for them to end, or end them with KILL and the connection's number");
    }

    /** For people; without the right to see them they are many words less. */
    private String writers() {
        try {
            return source.with(
                    "asking who has written",
                    connection -> {
                        List<String> writers = new ArrayList<>();
                        try (Statement statement = connection.createStatement();
                                ResultSet row = statement.executeQuery(WRITERS)) {
                            while (row.next()) {
                                writers.add(
                                        "connection "
                                                + row.getString(1)
                                                + " since "
                                                + row.getString(2)
                                                + " UTC");
                            }
                        }
                        return writers.isEmpty() ? "none any more" : String.join(", ", writers);
                    });
        } catch (Fault e) {
            LOG.debug("who has written is not to be seen", e);
            return "which needs the PROCESS right to be seen";
        }
    }

    @Override
    public PositionedSnapshot standing() {
        List<Connection> opened = connected();
        try {
            for (Connection session : opened) {
                execute(session, BEGIN);
            }
            SourcePosition position = log.currentPosition();
            return new PositionedSnapshot(position, new FrozenMysql(source, tables, opened));
        } catch (SQLException e) {
            Fault fault = source.fault("a snapshot", e);
            closeAll(opened, fault);
            throw fault;
        } catch (Fault e) {
            closeAll(opened, e);
            throw e;
        }
    }

    @Override
    public RowText counterpart() {
        return new RowWords(tables);
    }

    private List<Connection> connected() {
        List<Connection> opened = new ArrayList<>();
        try {
            for (int i = 0; i < sessions; i++) {
                Connection session = source.open("snapshot");
                opened.add(session);
                execute(session, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            }
            return opened;
        } catch (SQLException e) {
            Fault fault = source.fault("a snapshot's sessions", e);
            closeAll(opened, fault);
            throw fault;
        } catch (Fault e) {
            closeAll(opened, e);
            throw e;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void closeAll(List<Connection> connections, Fault failure) {
        for (Connection connection : connections) {
            try {
                connection.close();
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
