package io.landbridge.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where a MySQL server's binary log ends now. */
final class MysqlPosition {

    private MysqlPosition() {}

    /** {@code binlog.000012:4567@UUID}: the log's file, the offset in it, the server. */
    static String read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String server;
            try (ResultSet row = statement.executeQuery("SELECT @@server_uuid")) {
                row.next();
                server = row.getString(1);
            }
            try (ResultSet row = statement.executeQuery("SHOW MASTER STATUS")) {
                if (!row.next()) {
                    throw new SQLException("the server writes no binary log", "HY000", 0);
                }
                return row.getString(1) + ":" + row.getString(2) + "@" + server;
            }
        }
    }
}
