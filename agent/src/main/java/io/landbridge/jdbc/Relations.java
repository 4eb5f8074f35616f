package io.landbridge.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Which tables a PostgreSQL database has. */
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
}
