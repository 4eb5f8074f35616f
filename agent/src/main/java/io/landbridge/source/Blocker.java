package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A session or prepared transaction that others wait for.
 *
 * @param pid its process, 0 for a prepared transaction
 * @param user its role; empty when we may not see it
 * @param application its application_name, or a prepared transaction's name
 * @param state {@code pg_stat_activity.state}, or {@code prepared}
 * @param transactionAge since its transaction began
 * @param statementAge since its present or last statement began
 * @param command the first word of that statement; never more, since statements hold values
 */
public record Blocker(
        int pid,
        String user,
        String application,
        String state,
        Duration transactionAge,
        Duration statementAge,
        String command) {

    private static final int LISTED = 20;

    private static final String COLUMNS =
            """
            SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''),
                   coalesce(a.state, ''),
                   coalesce(extract(epoch FROM statement_timestamp() - a.xact_start), 0)::float8,
                   coalesce(extract(epoch FROM statement_timestamp() - a.query_start), 0)::float8,
                   coalesce(upper(substring(a.query FROM '^\\s*([A-Za-z]+)')), '')
            FROM pg_stat_activity a
            """;

    /** Who keeps session {@code pid} waiting for a lock right now. */
    private static final String OF_SESSION =
            COLUMNS + "WHERE a.pid = ANY (pg_blocking_pids(?)) ORDER BY a.xact_start";

    /** Who has written, or may have, and has not ended. */
    private static final String WRITERS =
            "SELECT * FROM ("
                    + COLUMNS
                    + """
                      WHERE a.backend_xid IS NOT NULL AND a.pid <> ? AND a.pid <> pg_backend_pid()
                      UNION ALL
                      SELECT 0, owner::text, gid, 'prepared',
                             extract(epoch FROM statement_timestamp() - prepared)::float8,
                             extract(epoch FROM statement_timestamp() - prepared)::float8, 'PREPARE'
                      FROM pg_prepared_xacts) AS w ORDER BY 5 DESC
                      """;

    /** Who holds a lock that keeps us from a table that we want to shut against writers. */
    private static final String ON_TABLES =
            "SELECT DISTINCT * FROM ("
                    + COLUMNS
                    + """
                      JOIN pg_locks l ON l.pid = a.pid
                      WHERE l.relation = ANY (SELECT to_regclass(n)::oid FROM unnest(?::text[]) n)
                        AND l.granted AND l.pid <> pg_backend_pid()
                        AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
                      UNION ALL
                      SELECT 0, p.owner::text, p.gid, 'prepared',
                             extract(epoch FROM statement_timestamp() - p.prepared)::float8,
                             extract(epoch FROM statement_timestamp() - p.prepared)::float8, 'PREPARE'
                      FROM pg_prepared_xacts p
                      WHERE p.database = current_database()) AS w ORDER BY 5 DESC
                      """;

    /** Those that keep the session {@code pid} waiting for a lock, the oldest first. */
    static List<Blocker> of(Connection connection, int pid) throws SQLException {
        return read(connection, OF_SESSION, pid);
    }

    /** Every transaction but {@code pid}'s that has written, the oldest first. */
    static List<Blocker> writers(Connection connection, int pid) throws SQLException {
        return read(connection, WRITERS, pid);
    }

    /** Those that hold locks on {@code tables} beyond reading, the oldest first. */
    static List<Blocker> onTables(Connection connection, Collection<TableId> tables)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ON_TABLES)) {
            select.setArray(
                    1, connection.createArrayOf("text", tables.stream().map(Sql::quote).toArray()));
            return read(select);
        }
    }

    private static List<Blocker> read(Connection connection, String query, int pid)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setInt(1, pid);
            return read(select);
        }
    }

    private static List<Blocker> read(PreparedStatement select) throws SQLException {
        List<Blocker> blockers = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next() && blockers.size() < LISTED) {
                blockers.add(
                        new Blocker(
                                row.getInt(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                seconds(row.getDouble(5)),
                                seconds(row.getDouble(6)),
                                row.getString(7)));
            }
        }
        return blockers;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /** For people: {@code pid 42 (shop, psql, idle in transaction for 312 s, last: UPDATE)}. */
    @Override
    public String toString() {
        return (pid == 0 ? "prepared transaction '" + application + "'" : "pid " + pid)
                + " ("
                + user
                + (pid == 0 ? "" : ", " + application)
                + ", "
                + state
                + ", in its transaction for "
                + seconds(transactionAge)
                + ", statement "
                + command
                + " begun "
                + seconds(statementAge)
                + " ago)";
    }

    private static String seconds(Duration age) {
        return Math.round(age.toMillis() / 100.0) / 10.0 + " s";
    }

    static String describe(List<Blocker> blockers) {
        return blockers.isEmpty()
                ? "nobody that we may see"
                : blockers.stream().map(Blocker::toString).collect(Collectors.joining("; "));
    }
}
