package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.SourcePosition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a database's migrated tables read-only, for everybody but us, while everything else goes
 * on: reads, and writes to other tables.
 *
 * <p>Every table and every partition carries a statement trigger that calls one function of ours.
 * {@link #arm} puts the triggers there ahead of time while the function does nothing; {@link
 * #raise} locks all tables against writers, which waits for the writers in flight, and in the same
 * transaction makes the function refuse. {@link #lower} makes it do nothing again, which needs no
 * table's lock and takes effect at once; {@link #lift} removes triggers and function.
 *
 * <p>A session takes its lock on a table before it looks the trigger's function up, and taking a
 * lock makes it see the newest catalogue: nobody who starts to write after {@link #raise} has
 * committed runs the old function, whatever snapshot he reads by. The triggers are ENABLE ALWAYS:
 * {@code session_replication_role} does not get past them.
 *
 * <p>Every method can be repeated. Not for several threads at once.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-createtrigger.html">CREATE TRIGGER</a>
 */
public final class PostgresFence implements Fence {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresFence.class);

    /** For taking a trigger away from a table that is being read all the time. */
    private static final LockPatience REMOVAL = new LockPatience(Duration.ofMillis(500), 20);

    private final Database database;
    private final PostgresLog log;
    private final FenceObjects objects;
    private final LockTries tries;
    private volatile SourcePosition raisedAt;

    /**
     * @param log the log of the same database: the fence puts its marker there
     */
    public PostgresFence(Database database, PostgresLog log) {
        this.database = database;
        this.log = log;
        this.objects = new FenceObjects(log.name());
        this.tries = new LockTries(database);
    }

    /**
     * Puts the triggers on {@code tables} and their partitions, where they do nothing yet. Takes
     * each table's lock by itself, for a moment.
     *
     * @throws Fault SOURCE_LOCK_TIMEOUT naming who holds a table, SOURCE_RIGHTS
     */
    @Override
    public void arm(Collection<TableId> tables, LockPatience patience) {
        if (!isRaised()) {
            database.inTransaction("preparing the fence", objects::defineDormant);
        }
        Set<TableId> missing = relations(tables);
        missing.removeAll(armed());
        for (TableId table : missing) {
            tries.run(
                    patience,
                    Set.of(table),
                    timeout ->
                            database.inTransaction(
                                    "putting the fence's trigger on " + table,
                                    connection -> {
                                        limit(connection, timeout);
                                        return objects.addTrigger(connection, table);
                                    }));
        }
    }

    /**
     * Shuts {@code tables}: when this returns, every write of others is committed or rolled back,
     * and no other can begin.
     *
     * @param marker put into the log by the transaction that shuts them
     * @throws Fault SOURCE_LOCK_TIMEOUT, naming the writers that did not end, after the last try;
     *     nothing is shut then
     */
    @Override
    public void raise(Collection<TableId> tables, String marker, LockPatience patience) {
        arm(tables, patience);
        Set<TableId> relations = relations(tables);
        TableLocks locks = new TableLocks(database, relations);
        tries.run(
                patience.atMost(beforeDeadlocks()),
                relations,
                timeout ->
                        database.inTransaction(
                                "raising the fence",
                                connection -> {
                                    locks.take(connection, timeout);
                                    limit(connection, timeout);
                                    return shut(connection, tables, marker);
                                }));
        LOG.info("{} tables are fenced", relations.size());
    }

    private Void shut(Connection connection, Collection<TableId> tables, String marker)
            throws SQLException {
        // A partition may have come since the triggers were put there.
        Set<TableId> missing = FenceObjects.relations(connection, tables);
        missing.removeAll(objects.armed(connection));
        for (TableId table : missing) {
            objects.addTrigger(connection, table);
        }
        objects.defineRefusing(connection);
        log.emitMarker(connection, marker);
        raisedAt = PostgresLog.position(connection);
        return null;
    }

    @Override
    public Optional<SourcePosition> raisedAt() {
        return Optional.ofNullable(raisedAt);
    }

    /** Whether writes are refused now. */
    @Override
    public boolean isRaised() {
        return database.with("looking at the fence", objects::isRefusing);
    }

    /** Lets everybody write again, at once; the triggers stay. */
    @Override
    public void lower() {
        database.inTransaction(
                "lowering the fence",
                connection ->
                        objects.exists(connection) ? objects.defineDormant(connection) : null);
    }

    /**
     * Removes everything of the fence.
     *
     * @throws Fault SOURCE_LOCK_TIMEOUT when a table is being read without a pause: its trigger,
     *     which does nothing, is still there; call again later
     */
    @Override
    public void lift() {
        lower();
        for (TableId table : armed()) {
            tries.run(
                    REMOVAL,
                    Set.of(table),
                    timeout ->
                            database.inTransaction(
                                    "taking the fence's trigger from " + table,
                                    connection -> {
                                        limit(connection, timeout);
                                        return objects.removeTrigger(connection, table);
                                    }));
        }
        database.inTransaction("removing the fence", objects::removeFunction);
    }

    /** The same database over connections that write through the fence; the caller's to close. */
    public static Database passing(Database database, PostgresLog log) {
        return database.setting(FenceObjects.PASS, log.name());
    }

    /** Lets {@code connection} write through the fence until it is closed. */
    public void pass(Connection connection) throws SQLException {
        objects.pass(connection);
    }

    /** Who could write past the fence, for people; empty is what one wants. */
    @Override
    public List<String> bypasses() {
        return database.with("looking for ways past the fence", FenceGaps::read);
    }

    /** Who holds {@code tables} as a writer does now, for people: the fence would wait for them. */
    @Override
    public List<String> writers(Collection<TableId> tables) {
        Set<TableId> relations = relations(tables);
        return database
                .with(
                        "asking who writes to the tables",
                        connection -> Blocker.onTables(connection, relations))
                .stream()
                .map(Blocker::toString)
                .toList();
    }

    /**
     * The longest a try may take: it must end before the server would look for a deadlock that we
     * are part of, since it could pick the application's transaction as its victim.
     */
    private Duration beforeDeadlocks() {
        long millis =
                database.with(
                        "reading deadlock_timeout",
                        connection -> {
                            try (Statement statement = connection.createStatement();
                                    ResultSet row =
                                            statement.executeQuery(
                                                    "SELECT setting::bigint FROM pg_settings WHERE"
                                                            + " name = 'deadlock_timeout'")) {
                                row.next();
                                return row.getLong(1);
                            }
                        });
        return Duration.ofMillis(Math.max(1, millis * 8 / 10));
    }

    private static void limit(Connection connection, Duration timeout) throws SQLException {
        FenceObjects.run(connection, "SET LOCAL lock_timeout = " + timeout.toMillis());
    }

    private Set<TableId> relations(Collection<TableId> tables) {
        return database.with("listing the tables to fence", c -> FenceObjects.relations(c, tables));
    }

    private Set<TableId> armed() {
        return database.with("listing the fence's triggers", objects::armed);
    }
}
