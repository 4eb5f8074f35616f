package io.landbridge.target;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Who keeps sessions of ours waiting for a lock. */
final class PostgresLockHolders {

    private static final String QUERY =
            """
            SELECT string_agg(DISTINCT format('%s (%s, %s, %s since %s)', a.pid, a.usename,
                     coalesce(nullif(a.application_name, ''), 'no application name'), a.state,
                     a.xact_start::timestamptz(0)), '; ')
            FROM unnest(?::int[]) AS waiting (pid),
                 unnest(pg_blocking_pids(waiting.pid)) AS blocking (pid)
                 JOIN pg_stat_activity a ON a.pid = blocking.pid
            """;

    private PostgresLockHolders() {}

    /** As {@link Destination#lockHolders}. */
    static Optional<String> of(Connection connection, List<Long> pids) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setArray(1, connection.createArrayOf("int4", pids.toArray()));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getString(1));
            }
        }
    }
}
