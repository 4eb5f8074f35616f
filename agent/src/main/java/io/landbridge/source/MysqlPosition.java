package io.landbridge.source;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.dialect.Dialect;
import io.landbridge.offsets.BinlogPosition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where a MySQL server's binary log ends now. */
final class MysqlPosition {

    static final int SYNTAX_ERROR = 1064;

    private MysqlPosition() {}

    /**
     * The end of the log of the server behind {@code connection}, which may hold locks.
     *
     * @throws Fault SOURCE_SQL when the server keeps no log
     */
    static BinlogPosition read(Connection connection, Dialect dialect) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String server;
            try (ResultSet row = statement.executeQuery("SELECT " + dialect.serverIdentity())) {
                row.next();
                server = row.getString(1);
            }
            try (ResultSet row = status(statement)) {
                if (!row.next()) {
                    throw Fault.of(FaultCode.SOURCE_SQL, "the source keeps no binary log")
                            .hint("start the server with log_bin");
                }
                return new BinlogPosition(
                        server, row.getString(1), Long.parseLong(row.getString(2)));
            }
        }
    }

    /** The statement was renamed in 8.2, and its old name went in 8.4. */
    private static ResultSet status(Statement statement) throws SQLException {
        try {
            return statement.executeQuery("SHOW BINARY LOG STATUS");
        } catch (SQLException e) {
            if (e.getErrorCode() != SYNTAX_ERROR) {
                throw e;
            }
            return statement.executeQuery("SHOW MASTER STATUS");
        }
    }
}
