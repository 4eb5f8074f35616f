package io.landbridge.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Who could write to fenced tables all the same, or looks as if they could: for the report of a
 * cutover, where somebody who knows these people can judge.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-altertable.html">ALTER TABLE, ENABLE ALWAYS
 *     TRIGGER</a>
 */
final class FenceGaps {

    /** Their workers fire row triggers only; ours are for statements. */
    private static final String SUBSCRIPTIONS =
            """
            SELECT 'subscription ' || subname || ': what it applies meets no fence'
            FROM pg_subscription
            WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND subenabled ORDER BY 1""";

    private static final String SUPERUSERS =
            """
            SELECT 'superuser ' || usename || coalesce(' (' || nullif(application_name, '') || ')', '')
                   || ', ' || count(*) || ' session(s), pid '
                   || array_to_string((array_agg(pid ORDER BY pid))[1:5], ', ')
                   || ': could disable the fence''s triggers'
            FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
            WHERE r.rolsuper AND a.datname = current_database()
              AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
              AND NOT (a.application_name LIKE 'landbridge %' AND a.usename = current_user)
            GROUP BY usename, application_name ORDER BY 1""";

    private static final String REPLICA_SETTINGS =
            """
            SELECT coalesce('role ' || r.rolname, 'every role')
                   || coalesce(' in database ' || d.datname, '')
                   || ' has ' || setting || ': the fence''s triggers fire all the same'
            FROM pg_db_role_setting s
            CROSS JOIN LATERAL unnest(s.setconfig) AS setting
            LEFT JOIN pg_roles r ON r.oid = s.setrole
            LEFT JOIN pg_database d ON d.oid = s.setdatabase
            WHERE setting LIKE 'session_replication_role=%' AND setting NOT LIKE '%=origin'
              AND (s.setdatabase = 0 OR d.datname = current_database())
            ORDER BY 1""";

    private FenceGaps() {}

    static List<String> read(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            for (String question : List.of(SUBSCRIPTIONS, SUPERUSERS, REPLICA_SETTINGS)) {
                try (ResultSet row = statement.executeQuery(question)) {
                    while (row.next()) {
                        found.add(row.getString(1));
                    }
                }
            }
        }
        return found;
    }
}
