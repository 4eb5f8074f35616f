package io.landbridge.source;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source's log as one migration uses it: a publication, a slot, and the markers that we put
 * between the application's transactions. Every step can be repeated. Thread-safe.
 *
 * <p>The publication comes before the slot: decoding looks the publication up as it was at each
 * transaction, and fails on one that is older than it.
 */
public final class PostgresLog implements SourceLog {

    /** Before PostgreSQL 14 pgoutput sends no messages: a row of this table is the marker. */
    public static final String SIGNAL_SCHEMA = "landbridge";

    public static final String SIGNAL_TABLE = "signal";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresLog.class);
    private static final int LONGEST_NAME = 63;

    private final Database source;
    private final String name;
    private final Publication publication;
    private final RetentionWatch retention;

    /**
     * @param migration the migration's name; slot and publication are named after it
     */
    public PostgresLog(Database source, String migration) {
        this(nameFor(migration), source);
    }

    private PostgresLog(String name, Database source) {
        this.source = source;
        this.name = name;
        this.publication = new Publication(source, name);
        this.retention = new RetentionWatch(source, name);
    }

    /** The same log over the connections of {@code again}. */
    public PostgresLog on(Database again) {
        return new PostgresLog(name, again);
    }

    @Override
    public String server() {
        return source.side() == Side.SOURCE ? "the source" : "the target";
    }

    /** What slot and publication are called: {@code landbridge_MIGRATION}. */
    @Override
    public String name() {
        return name;
    }

    /** Slots allow lower case letters, digits and underscores; other names get a hash instead. */
    private static String nameFor(String migration) {
        String plain = migration.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        String full = PREFIX + "_" + plain;
        if (plain.equals(migration) && full.length() <= LONGEST_NAME) {
            return full;
        }
        String hash = "_" + Integer.toHexString(migration.hashCode());
        int room = LONGEST_NAME - hash.length();
        return (full.length() > room ? full.substring(0, room) : full) + hash;
    }

    /**
     * Publishes {@code tables}. Repeatable as long as the set stays the same; once the slot exists
     * another set is refused, since changes of a table that joins later are missing from the log.
     *
     * @throws Fault SOURCE_DDL when the slot exists and the tables differ; SOURCE_LOCK_TIMEOUT when
     *     another session holds one of the tables
     */
    public void createPublication(Collection<Table> tables) {
        publication.create(tables, slot().isPresent());
    }

    /**
     * Creates the slot. Waits for the transactions that run at this moment to end: decoding can
     * only start where it knows all of them. Waits as well until snapshots see all that committed
     * before the slot's start.
     *
     * @return P0: every transaction that commits from here on is streamed, every one before is in
     *     all snapshots taken from now on. When the slot exists already, what it confirmed last
     */
    public Lsn createSlot() {
        Optional<Slot> existing = slot();
        if (existing.isPresent()) {
            return existing.get().confirmed();
        }
        Lsn start = makeSlot();
        new CommitWait(source).awaitAll();
        return start;
    }

    private Lsn makeSlot() {
        try (Connection connection = source.open("slot");
                PreparedStatement create =
                        connection.prepareStatement(
                                "SELECT lsn FROM pg_create_logical_replication_slot(?,"
                                        + " 'pgoutput')")) {
            create.setString(1, name);
            try (ResultSet row = create.executeQuery()) {
                row.next();
                return Lsn.parse(row.getString(1));
            }
        } catch (SQLException e) {
            throw source.fault("creating slot " + name, e);
        }
    }

    /** The slot as it is now; empty when there is none. */
    public Optional<Slot> slot() {
        return source.with("reading slot " + name, this::readSlot);
    }

    private Optional<Slot> readSlot(Connection connection) throws SQLException {
        boolean hasStatus = major(connection) >= 13;
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT plugin, database = current_database(), confirmed_flush_lsn,"
                                + " restart_lsn, active_pid, "
                                + (hasStatus ? "wal_status" : "NULL::text")
                                + " FROM pg_replication_slots WHERE slot_name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                if (!"pgoutput".equals(row.getString(1)) || !row.getBoolean(2)) {
                    throw Fault.of(
                                    FaultCode.SOURCE_GAP,
                                    "slot "
                                            + name
                                            + " is another one: its plugin or database is not ours")
                            .hint(
                                    "drop that slot or give the migration another name, then start"
                                            + " the migration anew");
                }
                int pid = row.getInt(5);
                boolean active = !row.wasNull();
                // A lost slot has no restart_lsn any more.
                String restart = row.getString(4);
                return Optional.of(
                        new Slot(
                                Lsn.parse(row.getString(3)),
                                restart == null ? Lsn.ZERO : Lsn.parse(restart),
                                Optional.ofNullable(row.getString(6)),
                                active ? Optional.of(pid) : Optional.empty()));
            }
        }
    }

    @Override
    public void checkKept(SourcePosition position) {
        var unused = check(position);
    }

    /**
     * Makes sure that streaming can go on behind {@code covered} without a gap. To be called before
     * every start: whoever streams from a slot that is gone would silently get a new one.
     *
     * @param covered what is applied at the target, or safe in the buffer
     * @throws Fault SOURCE_GAP saying what is expected, what is available and what to do
     */
    public Slot check(SourcePosition covered) {
        Slot slot =
                slot().orElseThrow(
                                () ->
                                        gap(
                                                covered,
                                                "slot "
                                                        + name
                                                        + " is gone; the source offers its"
                                                        + " changes from "
                                                        + currentPosition().text()
                                                        + " on only"));
        if (slot.walStatus().filter("lost"::equals).isPresent()
                || slot.restart().equals(Lsn.ZERO)) {
            throw gap(
                    covered,
                    "slot "
                            + name
                            + " was invalidated: the source has removed the log it needs"
                            + " (max_slot_wal_keep_size, or an upgrade or failover)");
        }
        if (slot.confirmed().isAfter(covered)) {
            throw gap(
                    covered,
                    "slot "
                            + name
                            + " streams from "
                            + slot.confirmed().text()
                            + " on: it was re-created, or what was received beyond "
                            + covered.text()
                            + " is lost");
        }
        if (!publication.exists()) {
            throw gap(covered, "publication " + name + " is gone");
        }
        return slot;
    }

    private Fault gap(SourcePosition covered, String what) {
        return Fault.of(
                        FaultCode.SOURCE_GAP,
                        "changes after " + covered.text() + " can't be had: " + what)
                .at(covered)
                .hint(
                        "this migration can't go on without losing changes: run 'landbridge abort',"
                                + " then start it anew");
    }

    /**
     * Ends the walsender that a connection of ours left behind, and waits until the slot is free.
     *
     * @return false when the slot is still in use after {@code seconds}
     */
    public boolean release(int seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            Optional<Integer> pid = source.with("reading slot " + name, this::walsender);
            if (pid.isEmpty()) {
                return true;
            }
            if (System.nanoTime() > end) {
                return false;
            }
            terminate(pid.get());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private Optional<Integer> walsender(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT active_pid FROM pg_replication_slots WHERE slot_name = ?"
                                + " AND plugin = 'pgoutput' AND database = current_database()"
                                + " AND active_pid IS NOT NULL")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getInt(1)) : Optional.empty();
            }
        }
    }

    /**
     * Whether a walsender streams from the slot and is at work: reading the log, or handing over
     * what it has read. One that waits for more log, or for us, is not.
     */
    public boolean isStreamBusy() {
        return source.with(
                "looking at slot " + name,
                connection -> {
                    try (PreparedStatement select =
                            connection.prepareStatement(
                                    "SELECT a.wait_event_type IN ('Activity', 'Client')"
                                            + " FROM pg_replication_slots s"
                                            + " JOIN pg_stat_activity a ON a.pid = s.active_pid"
                                            + " WHERE s.slot_name = ?")) {
                        select.setString(1, name);
                        try (ResultSet row = select.executeQuery()) {
                            // Null: it is computing.
                            return row.next() && !row.getBoolean(1);
                        }
                    }
                });
    }

    private void terminate(int pid) {
        LOG.info("Ending walsender {}, which still streams from slot {}", pid, name);
        source.with(
                "ending a walsender",
                connection -> {
                    try (PreparedStatement statement =
                            connection.prepareStatement("SELECT pg_terminate_backend(?)")) {
                        statement.setInt(1, pid);
                        return statement.execute();
                    }
                });
    }

    /**
     * A position that every transaction visible at this moment lies behind. It is where the log is
     * being inserted, not written: with {@code synchronous_commit = off} a commit is visible before
     * it is written.
     */
    @Override
    public Lsn currentPosition() {
        return source.with("reading the log's position", PostgresLog::position);
    }

    /** As {@link #currentPosition}, asked over {@code connection}. */
    static Lsn position(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }

    @Override
    public void emitMarker(String content) {
        source.with(
                "putting a marker into the log",
                connection -> {
                    emitMarker(connection, content);
                    return null;
                });
    }

    /**
     * Puts a message of {@code prefix} into the log that is no part of any transaction and no
     * marker. From PostgreSQL 14 on.
     */
    public void emitMessage(String prefix, String content) {
        source.with(
                "putting a message into the log",
                connection -> {
                    try (PreparedStatement statement =
                            connection.prepareStatement(
                                    "SELECT pg_logical_emit_message(false, ?, ?)")) {
                        statement.setString(1, prefix);
                        statement.setString(2, content);
                        return statement.execute();
                    }
                });
    }

    /** Whether messages of ours come out of the log: not before PostgreSQL 14. */
    public boolean carriesMessages() {
        return source.with("reading the version", connection -> major(connection) >= 14);
    }

    /** As {@link #emitMarker(String)}, in the transaction that {@code connection} is in. */
    public void emitMarker(Connection connection, String content) throws SQLException {
        String sql =
                major(connection) >= 14
                        ? "SELECT pg_logical_emit_message(true, '" + PREFIX + "', ?)"
                        : Publication.EMIT_SIGNAL;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, content);
            statement.execute();
        }
    }

    /** The forecast is made from the growth since the last call. */
    @Override
    public LogRetention retention() {
        return retention.sample();
    }

    /**
     * Removes the slot, the publication and the signal table. What is not there, or is not ours, is
     * left alone.
     */
    @Override
    public void drop() {
        if (!release(10)) {
            throw Fault.of(FaultCode.SOURCE_SQL, "slot " + name + " is in use and can't be dropped")
                    .hint("find who streams from it in pg_stat_replication, stop that, try again");
        }
        source.with(
                "dropping slot " + name,
                connection -> {
                    try (PreparedStatement drop =
                            connection.prepareStatement(
                                    "SELECT pg_drop_replication_slot(slot_name)"
                                            + " FROM pg_replication_slots"
                                            + " WHERE slot_name = ? AND plugin = 'pgoutput'"
                                            + " AND database = current_database()")) {
                        drop.setString(1, name);
                        return drop.execute();
                    }
                });
        publication.drop();
    }

    static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }
}
