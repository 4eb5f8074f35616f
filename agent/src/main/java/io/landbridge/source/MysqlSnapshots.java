package io.landbridge.source;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.offsets.BinlogPosition;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSql;
import io.landbridge.schema.mysql.digest.SharedSessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of MySQL whose place in its log is known exactly.
 *
 * <p>Without a lock, where a moment can be found at which nobody commits: the log's end is read, a
 * marker of ours is committed, some sessions open their snapshots, and the log's end is read again.
 * Commits become visible in the log's order, so the snapshots show all that is logged before the
 * marker; when nothing but the marker stands between both ends, they show nothing else.
 *
 * <p>A server that tells which place in its log a snapshot shows is only asked, until all sessions
 * show the same.
 *
 * <p>Where no such moment is found for {@link #QUIET_SEARCH}, a read lock on the tables keeps their
 * writers out for the while. It waits for transactions that have written to one of them, and others
 * queue up behind it, so it is given up after {@link #PATIENCE} and tried again after a pause. Who
 * writes to several tables in one transaction may then be told of a deadlock by MySQL, which takes
 * it for the victim: that is why the lock comes second.
 */
public final class MysqlSnapshots implements Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(MysqlSnapshots.class);

    /** How long writers may have to wait behind a lock that is not had. */
    static final Duration PATIENCE = Duration.ofMillis(300);

    /** How long a moment without commits is looked for. */
    static final Duration QUIET_SEARCH = Duration.ofSeconds(20);

    private static final long PAUSE_NANOS = 10_000_000;

    /** What every transaction and every statement that commits by itself begins with in the log. */
    private static final Set<String> BEGINNINGS = Set.of("Gtid", "Anonymous_Gtid", "Gtid_tagged");

    /** More events than the marker has, however the server is set. */
    private static final int EVENTS = 20;

    private static final int LOCK_WAIT_TIMEOUT = 1205;

    /** Those who have written are those who have locks; who only read has none. */
    private static final String WRITERS =
            """
            SELECT trx_mysql_thread_id, trx_started FROM information_schema.innodb_trx
             WHERE trx_rows_modified > 0 ORDER BY trx_started LIMIT 10""";

    private final MysqlDatabase source;
    private final MysqlLog log;
    private final List<MappedTable> tables;
    private final int workers;
    private final Duration quietSearch;

    /**
     * Snapshots of {@code tables}.
     *
     * @param workers how many will read at a time
     */
    public MysqlSnapshots(
            MysqlDatabase source, MysqlLog log, List<MappedTable> tables, int workers) {
        this(source, log, tables, workers, QUIET_SEARCH);
    }

    /**
     * As the other, with another time than {@link #QUIET_SEARCH}; zero goes for the lock at once.
     */
    MysqlSnapshots(
            MysqlDatabase source,
            MysqlLog log,
            List<MappedTable> tables,
            int workers,
            Duration quietSearch) {
        this.source = source;
        this.log = log;
        this.tables = List.copyOf(tables);
        this.workers = workers;
        this.quietSearch = quietSearch;
    }

    @Override
    public PositionedSnapshot open(Duration timeout) {
        SharedSessions sessions = SharedSessions.open(source, tables, workers);
        try {
            long end = System.nanoTime() + timeout.toNanos();
            long search = Math.min(quietSearch.toNanos(), timeout.toNanos() / 2);
            Optional<String> place = source.dialect().snapshotPlace();
            Optional<SourcePosition> quiet =
                    place.isPresent()
                            ? sharedMoment(sessions, place.get(), System.nanoTime() + search)
                            : quietMoment(sessions, System.nanoTime() + search);
            SourcePosition position =
                    quiet.isPresent() ? quiet.get() : underLock(sessions, end, timeout);
            return new PositionedSnapshot(position, sessions.frozen());
        } catch (SQLException e) {
            Fault fault = source.fault("a snapshot with a known position", e);
            sessions.closeAfter(fault);
            throw fault;
        } catch (Fault e) {
            sessions.closeAfter(e);
            throw e;
        }
    }

    private Optional<SourcePosition> quietMoment(SharedSessions sessions, long end)
            throws SQLException {
        try (Connection look = source.open("snapshot position")) {
            while (System.nanoTime() < end) {
                BinlogPosition before = MysqlPosition.read(look, source.dialect());
                log.emitMarker("");
                sessions.begin();
                BinlogPosition after = MysqlPosition.read(look, source.dialect());
                if (isOneTransaction(look, before, after)) {
                    return Optional.of(after);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        LOG.info("no moment without commits at the source: a lock is tried");
        return Optional.empty();
    }

    /** One that all sessions say that they show, where the server tells what a snapshot shows. */
    private Optional<SourcePosition> sharedMoment(SharedSessions sessions, String place, long end)
            throws SQLException {
        String server =
                source.with(
                        "reading the log's position",
                        connection -> MysqlPosition.read(connection, source.dialect()).server());
        while (System.nanoTime() < end) {
            sessions.begin();
            Set<BinlogPosition> shown = sessions.places(server, place);
            if (shown.size() == 1) {
                return Optional.of(shown.iterator().next());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        LOG.info("no moment without commits at the source: a lock is tried");
        return Optional.empty();
    }

    /** Whether the log has one transaction between both places: our marker is there for sure. */
    private static boolean isOneTransaction(
            Connection connection, BinlogPosition from, BinlogPosition to) throws SQLException {
        if (!from.file().equals(to.file())) {
            return false;
        }
        try (Statement statement = connection.createStatement();
                ResultSet event =
                        statement.executeQuery(
                                "SHOW BINLOG EVENTS IN %s FROM %d LIMIT %d"
                                        .formatted(
                                                "'" + from.file() + "'", from.offset(), EVENTS))) {
            int transactions = 0;
            boolean complete = false;
            while (!complete && event.next()) {
                transactions += BEGINNINGS.contains(event.getString("Event_type")) ? 1 : 0;
                complete = Long.parseLong(event.getString("End_log_pos")) >= to.offset();
            }
            return complete && transactions == 1;
        }
    }

    private SourcePosition underLock(SharedSessions sessions, long end, Duration timeout)
            throws SQLException {
        LockPatience pauses = new LockPatience(PATIENCE, 1);
        for (int failed = 1; ; failed++) {
            long left = Math.max(1, end - System.nanoTime());
            try {
                return beginAll(sessions, Duration.ofNanos(Math.min(left, PATIENCE.toNanos())));
            } catch (SQLException e) {
                if (!isTrouble(e)) {
                    throw e;
                }
                long pause = pauses.pauseAfter(failed).toNanos();
                if (System.nanoTime() + pause >= end) {
                    throw tooLate(timeout, e);
                }
                LOG.debug("try {} for a lock of all tables failed", failed, e);
                LockSupport.parkNanos(pause);
            }
        }
    }

    /** All sessions' snapshots show the same, which ends at the place that this gives. */
    private SourcePosition beginAll(SharedSessions sessions, Duration patience)
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
                lock(lock, "LOCK TABLES " + names, patience);
            }
            sessions.begin();
            SourcePosition position = MysqlPosition.read(locks, source.dialect());
            lock.execute("UNLOCK TABLES");
            return position;
        }
    }

    /** What the driver throws where it cancelled a statement has no code. */
    private static void lock(Statement lock, String sql, Duration patience) throws SQLException {
        AtomicBoolean late = new AtomicBoolean();
        try {
            boolean unused =
                    Deadline.within(patience, lock, () -> late.set(true), () -> lock.execute(sql));
        } catch (SQLException e) {
            throw late.get()
                    ? new SQLTimeoutException("no lock in time", null, LOCK_WAIT_TIMEOUT, e)
                    : e;
        }
    }

    private static boolean isTrouble(SQLException e) {
        return e.getErrorCode() == LOCK_WAIT_TIMEOUT;
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
        SharedSessions sessions = SharedSessions.open(source, tables, workers);
        try {
            sessions.begin();
            SourcePosition position =
                    source.with(
                            "reading the log's position",
                            connection -> MysqlPosition.read(connection, source.dialect()));
            return new PositionedSnapshot(position, sessions.frozen());
        } catch (SQLException e) {
            Fault fault = source.fault("a snapshot", e);
            sessions.closeAfter(fault);
            throw fault;
        } catch (Fault e) {
            sessions.closeAfter(e);
            throw e;
        }
    }
}
