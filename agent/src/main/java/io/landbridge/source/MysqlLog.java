package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.offsets.BinlogPosition;
import io.landbridge.offsets.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A MySQL server's binary log as one migration uses it. Nothing is registered there: the server
 * keeps its files for a time, whoever reads them, so that each start has to make sure that what is
 * needed is still there. Markers are rows of a table of ours. Every step can be repeated.
 * Thread-safe.
 */
public final class MysqlLog implements SourceLog {

    /** Database and table whose rows are markers. */
    public static final TableId SIGNAL = new TableId(PREFIX, "signal");

    static final String CREATE_DATABASE =
            "CREATE DATABASE IF NOT EXISTS landbridge CHARACTER SET utf8mb4";

    /**
     * Opens a statement that is logged in its own words also while the server takes no rows. It
     * closes a table that is ours.
     */
    public static final String SPOKEN_MARKER = "FLUSH TABLES /* " + PREFIX + " ";

    private static final int READ_ONLY = 1290;

    /** Ids that nobody gives by hand. */
    private static final long LOWEST_SERVER_ID = 1L << 30;

    private static final long HIGHEST_SERVER_ID = 1L << 31;

    private static final String CREATE_SIGNAL =
            "CREATE TABLE IF NOT EXISTS landbridge.signal ("
                    + "migration VARCHAR(250) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL"
                    + " PRIMARY KEY, content TEXT CHARACTER SET utf8mb4 NOT NULL,"
                    + " beat BIGINT NOT NULL) ENGINE = InnoDB";

    /** The counter makes sure that the row changes, since else nothing would be logged. */
    private static final String EMIT =
            "INSERT INTO landbridge.signal (migration, content, beat) VALUES (?, ?, 0)"
                    + " ON DUPLICATE KEY UPDATE content = VALUES(content), beat = beat + 1";

    /** What the server's log is, beside its end. */
    private record Server(String uuid, boolean ordered, boolean caseless) {}

    private final MysqlDatabase source;
    private final String migration;
    private volatile Server server;
    private volatile BinlogPosition needed;
    private volatile Instant neededSince;

    public MysqlLog(MysqlDatabase source, String migration) {
        this.source = source;
        this.migration = migration;
    }

    /** The same log over the connections of {@code again}. */
    public MysqlLog on(MysqlDatabase again) {
        return new MysqlLog(again, migration);
    }

    @Override
    public String server() {
        return "the source";
    }

    @Override
    public String name() {
        return PREFIX + "_" + migration;
    }

    public String migration() {
        return migration;
    }

    /**
     * Makes the table for the markers, and finds where to begin.
     *
     * @return P0: every transaction that commits from here on is in the log behind it, every one
     *     before is in all snapshots taken from now on
     * @throws Fault SOURCE_SQL when the server commits in another order than it logs, so that
     *     nothing tells when the latter holds
     */
    public BinlogPosition open() {
        source.with(
                "creating landbridge.signal",
                connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute(CREATE_DATABASE);
                        return statement.execute(CREATE_SIGNAL);
                    }
                });
        if (!known().ordered()) {
            throw Fault.of(
                            FaultCode.SOURCE_SQL,
                            "binlog_order_commits is OFF: transactions become visible in another"
                                    + " order than the log has them")
                    .hint("SET GLOBAL binlog_order_commits = ON, and start again");
        }
        BinlogPosition start = currentPosition();
        // What is logged is visible only a moment later. Commits keep the log's order, though: once
        // a transaction of ours that is logged behind the place is visible, all before it are.
        emitMarker("");
        return start;
    }

    @Override
    public BinlogPosition currentPosition() {
        return source.with(
                "reading the log's position",
                connection -> MysqlPosition.read(connection, source.dialect()));
    }

    /** Whether names of databases and tables differ by case only where they are the same. */
    public boolean isCaseless() {
        return known().caseless();
    }

    /**
     * A number that neither the server has nor a replica that it knows of: of two that have the
     * same the server throws one out.
     */
    public long freeServerId() {
        return source.with("the ids of the source's replicas", MysqlLog::freeServerId);
    }

    private static long freeServerId(Connection connection) throws SQLException {
        Set<Long> taken = new HashSet<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT @@server_id")) {
                row.next();
                taken.add(row.getLong(1));
            }
            try (ResultSet replicas = replicas(statement)) {
                while (replicas.next()) {
                    taken.add(replicas.getLong(1));
                }
            }
        }
        return ThreadLocalRandom.current()
                .longs(LOWEST_SERVER_ID, HIGHEST_SERVER_ID)
                .filter(id -> !taken.contains(id))
                .findFirst()
                .orElseThrow();
    }

    /** The statement's name is new in 8.0.22, and its old one went in 8.4. */
    private static ResultSet replicas(Statement statement) throws SQLException {
        try {
            return statement.executeQuery("SHOW REPLICAS");
        } catch (SQLException e) {
            if (e.getErrorCode() != MysqlPosition.SYNTAX_ERROR) {
                throw e;
            }
            return statement.executeQuery("SHOW SLAVE HOSTS");
        }
    }

    private Server known() {
        Server known = server;
        if (known == null) {
            known = source.with("asking the server who it is", this::identify);
            server = known;
        }
        return known;
    }

    private Server identify(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT "
                                        + source.dialect().serverIdentity()
                                        + ", "
                                        + source.dialect().commitsInLogOrder()
                                        + ", @@lower_case_table_names")) {
            row.next();
            return new Server(
                    row.getString(1), row.getString(2).equals("1"), !row.getString(3).equals("0"));
        }
    }

    @Override
    public void checkKept(SourcePosition position) {
        check((BinlogPosition) position);
    }

    /**
     * Makes sure that the log can be read from {@code covered} on without a gap. To be called
     * before every start.
     *
     * @param covered what is applied at the target, or safe in the buffer
     * @throws Fault SOURCE_GAP saying what is expected, what is available and what to do
     */
    public void check(BinlogPosition covered) {
        // A failover may have put another server behind the same name.
        server = null;
        String uuid = known().uuid();
        if (!uuid.equals(covered.server())) {
            throw gap(
                    covered,
                    "the source is another server now, "
                            + uuid
                            + ", whose log has the same transactions at other places");
        }
        Map<String, Long> files = source.with("listing the log's files", MysqlLog::files);
        Long size = files.get(covered.file());
        if (size == null) {
            throw gap(
                    covered,
                    "the source has removed "
                            + covered.file()
                            + "; the oldest file it has is "
                            + files.keySet().stream().findFirst().orElse("none"));
        }
        if (size < covered.offset()) {
            throw gap(
                    covered,
                    covered.file()
                            + " ends at "
                            + size
                            + ": the log was reset, or lost its end in a crash of the server");
        }
    }

    private static Fault gap(BinlogPosition covered, String what) {
        return Fault.of(
                        FaultCode.SOURCE_GAP,
                        "changes after " + covered.text() + " can't be had: " + what)
                .at(covered)
                .hint(
                        "this migration can't go on without losing changes: run 'landbridge abort',"
                                + " then start it anew; binlog_expire_logs_seconds says how long"
                                + " the source keeps its log");
    }

    /** The files and their sizes in bytes, the oldest first. */
    private static Map<String, Long> files(Connection connection) throws SQLException {
        Map<String, Long> files = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW BINARY LOGS")) {
            while (rows.next()) {
                files.put(rows.getString(1), Long.parseLong(rows.getString(2)));
            }
        }
        return files;
    }

    /** A row of {@link #SIGNAL}, or where the server takes none what stands for one. */
    @Override
    public void emitMarker(String content) {
        boolean written =
                source.with(
                        "putting a marker into the log",
                        connection -> {
                            try (PreparedStatement emit = connection.prepareStatement(EMIT)) {
                                emit.setString(1, migration);
                                emit.setString(2, content);
                                emit.executeUpdate();
                                return true;
                            } catch (SQLException e) {
                                if (e.getErrorCode() != READ_ONLY) {
                                    throw e;
                                }
                                return false;
                            }
                        });
        if (!written) {
            emitMarkerBehindFence(content);
        }
    }

    /**
     * A marker that needs no row, so that a read-only server logs it, too.
     *
     * @throws Fault SOURCE_RIGHTS without FLUSH_TABLES or RELOAD
     */
    public void emitMarkerBehindFence(String content) {
        HexFormat hex = HexFormat.of();
        String marker =
                SPOKEN_MARKER
                        + hex.formatHex(migration.getBytes(StandardCharsets.UTF_8))
                        + ":"
                        + hex.formatHex(content.getBytes(StandardCharsets.UTF_8))
                        + " */ landbridge.signal";
        source.with(
                "putting a marker into the log of a read-only server",
                connection -> {
                    try (Statement statement = connection.createStatement()) {
                        return statement.execute(marker);
                    }
                });
    }

    /** What {@link #emitMarkerBehindFence} of {@code migration} says by a logged statement. */
    public static Optional<String> markerIn(String sql, String migration) {
        if (!sql.startsWith(SPOKEN_MARKER)) {
            return Optional.empty();
        }
        String spoken = sql.substring(SPOKEN_MARKER.length());
        int colon = spoken.indexOf(':');
        int end = spoken.indexOf(' ');
        if (colon < 0 || end < colon || !text(spoken.substring(0, colon)).equals(migration)) {
            return Optional.empty();
        }
        return Optional.of(text(spoken.substring(colon + 1, end)));
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }

    /** Says from where on the log is needed, and when that was written. */
    public void needs(BinlogPosition position, Optional<Instant> committedAt) {
        needed = position;
        neededSince = committedAt.orElse(neededSince);
    }

    @Override
    public LogRetention retention() {
        BinlogPosition from = Optional.ofNullable(needed).orElseGet(this::currentPosition);
        return source.with(
                "reading the log's retention",
                connection -> {
                    long bytes = -from.offset();
                    for (Map.Entry<String, Long> file : files(connection).entrySet()) {
                        BinlogPosition begin = new BinlogPosition(from.server(), file.getKey(), 0);
                        bytes += begin.number() >= from.number() ? file.getValue() : 0;
                    }
                    return new LogRetention(
                            Math.max(0, bytes),
                            from,
                            Optional.empty(),
                            OptionalLong.empty(),
                            0,
                            0,
                            untilLost(connection));
                });
    }

    /** Files go when all of them is older than this; ours is not older than what we need of it. */
    private Optional<Duration> untilLost(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@binlog_expire_logs_seconds")) {
            row.next();
            long kept = Long.parseLong(row.getString(1));
            if (kept == 0 || neededSince == null) {
                return Optional.empty();
            }
            Duration left = Duration.between(Instant.now(), neededSince.plusSeconds(kept));
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        }
    }

    /**
     * Forgets this migration's marker; table and database go with the last. All stays while the
     * server is read-only.
     */
    @Override
    public void drop() {
        source.with(
                "removing landbridge.signal",
                connection -> {
                    try (Statement statement = connection.createStatement()) {
                        if (MysqlServerFenceRow.isReadOnly(connection)) {
                            return null;
                        }
                        if (hasTable(statement)) {
                            forget(connection, statement);
                        }
                        if (isEmpty(
                                statement,
                                "SELECT 1 FROM information_schema.tables"
                                        + " WHERE table_schema = 'landbridge' LIMIT 1")) {
                            statement.execute("DROP DATABASE IF EXISTS landbridge");
                        }
                    }
                    return null;
                });
    }

    private void forget(Connection connection, Statement statement) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM landbridge.signal WHERE migration = ?")) {
            delete.setString(1, migration);
            delete.executeUpdate();
        }
        if (isEmpty(statement, "SELECT 1 FROM landbridge.signal LIMIT 1")) {
            statement.execute("DROP TABLE landbridge.signal");
        }
    }

    private static boolean hasTable(Statement statement) throws SQLException {
        return !isEmpty(
                statement,
                "SELECT 1 FROM information_schema.tables WHERE table_schema = 'landbridge'"
                        + " AND table_name = 'signal'");
    }

    private static boolean isEmpty(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return !row.next();
        }
    }

    /** As {@link SourcePosition}: whoever keeps positions needs no cast. */
    public static BinlogPosition of(SourcePosition position) {
        if (position instanceof BinlogPosition place) {
            return place;
        }
        throw Fault.of(
                        FaultCode.STATE_UNREADABLE,
                        "position " + position.text() + " is none of a MySQL server's")
                .hint("the migration was begun from another source: start it anew");
    }
}
