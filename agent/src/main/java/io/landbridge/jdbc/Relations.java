package io.landbridge.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Which tables and schemas a PostgreSQL database has. */
public final class Relations {

    private Relations() {}

    /**
     * Whether there is a table, view or sequence of that name.
     *
     * @param name with its schema; quoted where SQL asks for it
     */
    public static boolean exists(Connection connection, String name) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Removes our schema where it is there and nothing is left in it. */
    public static void dropEmptySchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT to_regnamespace('landbridge') IS NOT NULL AND NOT EXISTS"
                                        + " (SELECT FROM pg_depend WHERE refclassid ="
                                        + " 'pg_namespace'::regclass AND refobjid ="
                                        + " to_regnamespace('landbridge') AND deptype = 'n')")) {
            row.next();
            boolean empty = row.getBoolean(1);
            if (empty) {
                statement.execute("DROP SCHEMA landbridge");
            }
        }
    }
}
