package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.mysql.MysqlSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes tables of MySQL read-only, where the server as a whole can't be made so: each table has
 * triggers that lock a row of ours in share mode before every change, so that whoever has changed a
 * row holds a share of that row until his transaction ends. {@link #raise} updates it: that waits
 * for all of them, and those that come behind it find it raised and are refused with the error of a
 * read-only server. Sessions that have {@link #PASS} set are let through: it is ours, and nobody
 * has it by accident.
 *
 * <p>TRUNCATE and DDL fire no trigger, nor do a foreign key's own actions, whose parent's change is
 * refused. Every method can be repeated. Not for several threads at once.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.0/en/innodb-locking-reads.html">LOCK IN SHARE
 *     MODE</a>
 */
final class MysqlTableFence implements Fence {

    private static final Logger LOG = LoggerFactory.getLogger(MysqlTableFence.class);

    private static final String CREATE =
            "CREATE TABLE IF NOT EXISTS landbridge.table_fence ("
                    + "migration VARCHAR(250) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL"
                    + " PRIMARY KEY, raised BOOLEAN NOT NULL) ENGINE = InnoDB";

    /** A variable of the session; its value is the log's name. */
    static final String PASS = "@landbridge_pass";

    private static final int DEADLOCK = 1213;
    private static final List<String> EVENTS = List.of("INSERT", "UPDATE", "DELETE");

    private final MysqlDatabase source;
    private final MysqlLog log;
    private final String migration;

    MysqlTableFence(MysqlDatabase source, MysqlLog log) {
        this.source = source;
        this.log = log;
        this.migration = log.migration();
    }

    /** Whether the tables have been armed, and not lifted since. */
    boolean isArmed() {
        return source.with("looking at the tables' fence", this::isThere);
    }

    @Override
    public void arm(Collection<TableId> tables, LockPatience patience) {
        try (Connection connection = source.open("fence")) {
            run(connection, MysqlLog.CREATE_DATABASE);
            run(connection, CREATE);
            limit(connection, patience);
            Set<String> there = triggers(connection);
            for (TableId table : tables) {
                for (String event : EVENTS) {
                    if (!there.contains(table.schema() + "." + name(table, event))) {
                        patiently(patience, () -> run(connection, trigger(table, event)));
                    }
                }
            }
            if (!isThere(connection)) {
                update(connection, "INSERT INTO landbridge.table_fence VALUES (?, FALSE)");
            }
        } catch (SQLException e) {
            throw source.fault("putting the fence's triggers on the tables", e);
        }
    }

    /** Until the row is there the trigger lets all pass. */
    private String trigger(TableId table, String event) {
        return "CREATE TRIGGER "
                + MysqlSql.quote(new TableId(table.schema(), name(table, event)))
                + " BEFORE "
                + event
                + " ON "
                + MysqlSql.quote(table)
                + " FOR EACH ROW BEGIN DECLARE shut BOOLEAN DEFAULT FALSE; IF NOT ("
                + PASS
                + " <=> "
                + MysqlSql.literal(log.name())
                + ") THEN SET shut = COALESCE((SELECT raised FROM landbridge.table_fence WHERE migration"
                + " = "
                + MysqlSql.literal(migration)
                + " LOCK IN SHARE MODE), FALSE); END IF; IF shut THEN SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO ="
                + " 1290, MESSAGE_TEXT = 'the table is read-only: it has moved to another"
                + " database'; END IF; END";
    }

    /** At most 64 characters, since a migration's name has 40 at most. */
    private String name(TableId table, String event) {
        return prefix() + event.charAt(0) + "_" + Integer.toHexString(table.name().hashCode());
    }

    private String prefix() {
        return "landbridge_" + migration + "_";
    }

    @Override
    public void raise(Collection<TableId> tables, String marker, LockPatience patience) {
        arm(tables, patience);
        try (Connection connection = source.open("fence")) {
            limit(connection, patience);
            patiently(
                    patience,
                    () ->
                            update(
                                    connection,
                                    "UPDATE landbridge.table_fence SET raised = TRUE WHERE"
                                            + " migration = ?"));
        } catch (SQLException e) {
            throw source.fault("raising the fence", e);
        }
        log.emitMarker(marker);
        LOG.info("{} tables are fenced", tables.size());
    }

    private void patiently(LockPatience patience, SqlStep step) throws SQLException {
        for (int failed = 1; ; failed++) {
            try {
                step.run();
                return;
            } catch (SQLException e) {
                Fault fault = source.fault("locks for the fence", e);
                boolean held =
                        fault.code() == FaultCode.SOURCE_LOCK_TIMEOUT
                                || e.getErrorCode() == DEADLOCK;
                if (!held) {
                    throw e;
                }
                if (failed >= patience.tries()) {
                    throw Fault.of(
                                    FaultCode.SOURCE_LOCK_TIMEOUT,
                                    "tables were held through "
                                            + patience.tries()
                                            + " tries: "
                                            + String.join("; ", writers(List.of())),
                                    e)
                            .hint(
                                    "wait for those transactions or end them with KILL, then try"
                                            + " again");
                }
                LockSupport.parkNanos(patience.pauseAfter(failed).toNanos());
            }
        }
    }

    private interface SqlStep {
        void run() throws SQLException;
    }

    /** Of tables and of rows; the server counts in seconds. */
    private static void limit(Connection connection, LockPatience patience) throws SQLException {
        long seconds = Math.max(1, patience.timeout().toSeconds());
        run(connection, "SET SESSION lock_wait_timeout = " + seconds);
        run(connection, "SET SESSION innodb_lock_wait_timeout = " + seconds);
    }

    @Override
    public boolean isRaised() {
        return source.with(
                "looking at the tables' fence",
                connection ->
                        hasTable(connection)
                                && holds(
                                        connection,
                                        "SELECT 1 FROM landbridge.table_fence WHERE migration = ?"
                                                + " AND raised"));
    }

    @Override
    public void lower() {
        source.with(
                "lowering the fence",
                connection -> {
                    if (hasTable(connection)) {
                        update(
                                connection,
                                "UPDATE landbridge.table_fence SET raised = FALSE WHERE migration"
                                        + " = ? AND raised");
                    }
                    return null;
                });
    }

    @Override
    public void lift() {
        lower();
        source.with(
                "removing the fence",
                connection -> {
                    if (!hasTable(connection)) {
                        return null;
                    }
                    for (String trigger : triggers(connection)) {
                        int dot = trigger.lastIndexOf('.');
                        run(
                                connection,
                                "DROP TRIGGER IF EXISTS "
                                        + MysqlSql.quote(
                                                new TableId(
                                                        trigger.substring(0, dot),
                                                        trigger.substring(dot + 1))));
                    }
                    update(connection, "DELETE FROM landbridge.table_fence WHERE migration = ?");
                    if (!holds(
                            connection,
                            "SELECT 1 FROM landbridge.table_fence WHERE migration <> ?")) {
                        run(connection, "DROP TABLE landbridge.table_fence");
                    }
                    return null;
                });
    }

    /** All who write to the server, whatever they write to. */
    @Override
    public List<String> writers(Collection<TableId> tables) {
        return source.with("asking who writes", MysqlWriters::describe);
    }

    @Override
    public List<String> bypasses() {
        return isArmed()
                ? List.of("TRUNCATE and ALTER TABLE, which fire no trigger: nobody may run them")
                : List.of();
    }

    /** Ours, as {@code DATABASE.NAME}. */
    private Set<String> triggers(Connection connection) throws SQLException {
        Set<String> found = new HashSet<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT trigger_schema, trigger_name FROM information_schema.triggers WHERE"
                                + " LEFT(trigger_name, CHAR_LENGTH(?)) = ?")) {
            query.setString(1, prefix());
            query.setString(2, prefix());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1) + "." + rows.getString(2));
                }
            }
        }
        return found;
    }

    private boolean isThere(Connection connection) throws SQLException {
        return hasTable(connection)
                && holds(connection, "SELECT 1 FROM landbridge.table_fence WHERE migration = ?");
    }

    private static boolean hasTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT 1 FROM information_schema.tables WHERE table_schema ="
                                        + " 'landbridge' AND table_name = 'table_fence'")) {
            return row.next();
        }
    }

    private boolean holds(Connection connection, String query) throws SQLException {
        try (PreparedStatement ask = connection.prepareStatement(query)) {
            ask.setString(1, migration);
            try (ResultSet row = ask.executeQuery()) {
                return row.next();
            }
        }
    }

    private void update(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, migration);
            statement.executeUpdate();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
