package io.landbridge.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
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
                   coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float8,
                   coalesce(extract(epoch FROM clock_timestamp() - a.query_start), 0)::float8,
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
                             extract(epoch FROM clock_timestamp() - prepared)::float8,
                             extract(epoch FROM clock_timestamp() - prepared)::float8, 'PREPARE'
                      FROM pg_prepared_xacts) AS w ORDER BY 5 DESC
                      """;

    /** Those that keep the session {@code pid} waiting for a lock, the oldest first. */
    static List<Blocker> of(Connection connection, int pid) throws SQLException {
        return read(connection, OF_SESSION, pid);
    }

    /** Every transaction but {@code pid}'s that has written, the oldest first. */
    static List<Blocker> writers(Connection connection, int pid) throws SQLException {
        return read(connection, WRITERS, pid);
    }

    private static List<Blocker> read(Connection connection, String query, int pid)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setInt(1, pid);
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
                + transactionAge.toSeconds()
                + " s, statement "
                + command
                + " begun "
                + statementAge.toSeconds()
                + " s ago)";
    }

    static String describe(List<Blocker> blockers) {
        return blockers.isEmpty()
                ? "nobody that we may see"
                : blockers.stream().map(Blocker::toString).collect(Collectors.joining("; "));
    }
}
