package io.landbridge.source;

import io.landbridge.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who writes to a MySQL server at this moment. Without PROCESS nobody is known, and the fence
 * refuses them instead of waiting for them.
 */
final class MysqlWriters {

    private static final int DENIED = 1227;
    private static final int TABLE_DENIED = 1142;

    private static final String TRANSACTIONS =
            "SELECT trx_id FROM information_schema.innodb_trx WHERE trx_rows_modified > 0";

    private static final String DESCRIBE =
            """
            SELECT CONCAT(COALESCE(CONCAT(p.user, '@', p.host), '?'), ' in session ',
                          t.trx_mysql_thread_id, ', ', t.trx_rows_modified, ' rows since ',
                          t.trx_started)
              FROM information_schema.innodb_trx t
              LEFT JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
             WHERE t.trx_rows_modified > 0 ORDER BY t.trx_started LIMIT 10""";

    /** Accounts of the server's own, which nobody logs in by, are left out. */
    private static final String PRIVILEGED =
            """
            SELECT CONCAT(grantee, ' in ',
                          (SELECT COUNT(*) FROM information_schema.processlist
                            WHERE CONCAT('''', user, '''') = SUBSTRING_INDEX(grantee, '@', 1)),
                          ' sessions')
              FROM information_schema.user_privileges
             WHERE privilege_type IN ('CONNECTION_ADMIN', 'SUPER')
               AND grantee NOT LIKE '''mysql.%'
               AND grantee <> CONCAT('''', REPLACE(current_user(), '@', '''@'''), '''')
             GROUP BY grantee ORDER BY grantee LIMIT 10""";

    private MysqlWriters() {}

    /** Transactions that have written something, by the server's number for them. */
    static Set<String> transactions(Connection connection) throws SQLException {
        return new HashSet<>(allowed(connection, TRANSACTIONS));
    }

    /** The same for people. */
    static List<String> describe(Connection connection) throws SQLException {
        return allowed(connection, DESCRIBE);
    }

    static List<String> replicators(Connection connection, Dialect dialect) throws SQLException {
        return allowed(connection, dialect.replications());
    }

    /** Accounts beside ours that may write to a server that is read_only. */
    static List<String> privileged(Connection connection) throws SQLException {
        return MysqlRights.of(connection).maySeeAccounts()
                ? allowed(connection, PRIVILEGED)
                : List.of(
                        "accounts with CONNECTION_ADMIN or SUPER, which can't be listed without"
                                + " SELECT on mysql.*");
    }

    private static List<String> allowed(Connection connection, String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != DENIED && e.getErrorCode() != TABLE_DENIED) {
                throw e;
            }
        }
        return found;
    }
}
