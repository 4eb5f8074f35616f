package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a whole MySQL server read-only, for everybody: MySQL knows no smaller fence that outlives
 * the session that raised it and asks nothing of the tables.
 *
 * <p>{@link #raise} first waits for the transactions that have written something by then. Then
 * {@code read_only} goes up, which waits for statements that write, and then {@code
 * super_read_only}, which stops those with every right. A transaction that began to write in
 * between is refused at its COMMIT (error 1290) and rolled back: when both are up, nothing more is
 * logged but {@link MysqlLog}'s markers, which need no row. Both are persisted, so that a restart
 * of the server doesn't open it. While changes flow back {@code super_read_only} is off: {@code
 * read_only} alone lets those write who have CONNECTION_ADMIN, as we need then.
 *
 * <p>What the server was before stands in a row of ours, written first: without that row the fence
 * is not ours and is left alone. Every method can be repeated. Not for several threads at once.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html#sysvar_read_only">read_only</a>
 */
final class MysqlServerFence implements Fence {

    private static final Logger LOG = LoggerFactory.getLogger(MysqlServerFence.class);

    /** InnoDB's list of transactions is made anew only when nobody has read it for 0.1 s. */
    private static final Duration LOOK = Duration.ofMillis(150);

    /** For statements that write by those who are let through, too. */
    private static final int ADMISSION_SECONDS = 10;

    private final MysqlDatabase source;
    private final MysqlLog log;
    private final MysqlServerFenceRow row;

    MysqlServerFence(MysqlDatabase source, MysqlLog log) {
        this.source = source;
        this.log = log;
        this.row = new MysqlServerFenceRow(log.migration());
    }

    /**
     * Finds out whether we may do what {@link #raise} does, by doing what changes nothing.
     *
     * @throws Fault SOURCE_RIGHTS
     */
    @Override
    public void arm(Collection<TableId> tables, LockPatience patience) {
        source.with(
                "preparing the fence",
                connection -> {
                    row.createTable(connection);
                    if (!row.isThere(connection)) {
                        run(connection, "SET PERSIST super_read_only = @@GLOBAL.super_read_only");
                        run(connection, "RESET PERSIST IF EXISTS super_read_only");
                    }
                    return null;
                });
        log.emitMarkerBehindFence("");
    }

    @Override
    public void raise(Collection<TableId> tables, String marker, LockPatience patience) {
        source.with("preparing the fence", this::note);
        try {
            awaitWriters(patience);
            try (Connection connection = source.open("fence")) {
                shut(connection, patience);
            } catch (SQLException e) {
                throw source.fault("raising the fence", e);
            }
        } catch (RuntimeException e) {
            lowerAfter(e);
            throw e;
        }
        log.emitMarkerBehindFence(marker);
        LOG.info("the source is read-only");
    }

    private Void note(Connection connection) throws SQLException {
        row.createTable(connection);
        row.write(connection);
        return null;
    }

    private void lowerAfter(RuntimeException cause) {
        try {
            lower();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** New ones may begin meanwhile: these are refused at their end. */
    private void awaitWriters(LockPatience patience) {
        Set<String> writing = source.with("asking who writes", MysqlWriters::transactions);
        long deadline =
                System.nanoTime() + patience.timeout().multipliedBy(patience.tries()).toNanos();
        while (!writing.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw Fault.of(
                                FaultCode.SOURCE_LOCK_TIMEOUT,
                                "transactions that write did not end within "
                                        + patience.timeout()
                                                .multipliedBy(patience.tries())
                                                .toMillis()
                                        + " ms: "
                                        + String.join("; ", writers(List.of())))
                        .hint("wait for those transactions or end them with KILL, then try again");
            }
            LockSupport.parkNanos(LOOK.toNanos());
            writing.retainAll(source.with("asking who writes", MysqlWriters::transactions));
        }
    }

    /** Statements that write hold it up; while it waits, others wait behind it. */
    private void shut(Connection connection, LockPatience patience) throws SQLException {
        long seconds = Math.max(1, patience.timeout().toSeconds());
        run(connection, "SET SESSION lock_wait_timeout = " + seconds);
        for (int failed = 1; ; failed++) {
            try {
                run(connection, "SET PERSIST read_only = ON");
                run(connection, "SET PERSIST super_read_only = ON");
                return;
            } catch (SQLException e) {
                Fault fault = source.fault("raising the fence", e);
                if (fault.code() != FaultCode.SOURCE_LOCK_TIMEOUT || failed >= patience.tries()) {
                    throw fault.hint(
                            "statements that write hold the server's lock: see SHOW PROCESSLIST");
                }
                LockSupport.parkNanos(patience.pauseAfter(failed).toNanos());
            }
        }
    }

    @Override
    public boolean isRaised() {
        return source.with(
                "looking at the fence",
                connection ->
                        row.isThere(connection) && MysqlServerFenceRow.isReadOnly(connection));
    }

    @Override
    public void lower() {
        source.with(
                "lowering the fence",
                connection -> {
                    if (row.isThere(connection)) {
                        row.restore(connection);
                        row.delete(connection);
                    }
                    return null;
                });
    }

    /** Removes the log's markers, too, which could not be removed behind the fence. */
    @Override
    public void lift() {
        lower();
        source.with("removing the fence", row::dropTable);
        if (!isReadOnly()) {
            log.drop();
        }
    }

    private boolean isReadOnly() {
        return source.with("looking at the fence", MysqlServerFenceRow::isReadOnly);
    }

    /** All who write to the server: the fence would wait for them. */
    @Override
    public List<String> writers(Collection<TableId> tables) {
        return source.with("asking who writes", MysqlWriters::describe);
    }

    @Override
    public void checkPass() {
        MysqlRights rights = source.with("asking for our rights", MysqlRights::of);
        if (!rights.mayPassReadOnly()) {
            throw Fault.of(
                            FaultCode.SOURCE_RIGHTS,
                            "the way back writes to a server that is read_only for all others,"
                                    + " which takes CONNECTION_ADMIN")
                    .hint("GRANT CONNECTION_ADMIN ON *.* TO " + rights.account());
        }
    }

    @Override
    public void admitUs() {
        admit("OFF");
    }

    @Override
    public void admitNobody() {
        admit("ON");
    }

    private void admit(String superReadOnly) {
        try (Connection connection = source.open("fence")) {
            if (row.isThere(connection) && MysqlServerFenceRow.isReadOnly(connection)) {
                run(connection, "SET SESSION lock_wait_timeout = " + ADMISSION_SECONDS);
                run(connection, "SET PERSIST super_read_only = " + superReadOnly);
            }
        } catch (SQLException e) {
            throw source.fault("opening the fence for the way back", e);
        }
    }

    /** Accounts with the right that we need for it. */
    @Override
    public List<String> admittedToo() {
        return source.with("asking who else is let through", MysqlWriters::privileged);
    }

    /** Those that replicate into this server are not stopped by it. */
    @Override
    public List<String> bypasses() {
        return source.with(
                "looking for ways past the fence",
                connection -> MysqlWriters.replicators(connection, source.dialect()));
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
