package io.landbridge.target;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who keeps sessions of ours waiting for a row of MySQL. */
final class MysqlLockHolders {

    private static final String QUERY =
            """
            SELECT GROUP_CONCAT(DISTINCT CONCAT(b.trx_mysql_thread_id, ' (',
                     COALESCE(t.processlist_user, 'no user'), ', ',
                     COALESCE(t.processlist_host, 'no host'), ', ',
                     COALESCE(t.processlist_command, b.trx_state), ' since ', b.trx_started, ')')
                   SEPARATOR '; ')
            FROM information_schema.innodb_trx w
                 JOIN performance_schema.data_lock_waits l
                   ON l.requesting_engine_transaction_id = w.trx_id
                 JOIN information_schema.innodb_trx b
                   ON b.trx_id = l.blocking_engine_transaction_id
                 LEFT JOIN performance_schema.threads t
                   ON t.processlist_id = b.trx_mysql_thread_id
            WHERE w.trx_mysql_thread_id IN (%s)
            """;

    private MysqlLockHolders() {}

    /** As {@link Destination#lockHolders}. */
    static Optional<String> of(Connection connection, List<Long> sessions) throws SQLException {
        String ids = sessions.stream().map(String::valueOf).collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY.formatted(ids))) {
            row.next();
            return Optional.ofNullable(row.getString(1));
        }
    }
}
