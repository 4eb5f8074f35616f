package io.landbridge.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The row at the source which says that its fence is ours, and what the server was before. */
final class MysqlServerFenceRow {

    private static final String CREATE =
            "CREATE TABLE IF NOT EXISTS landbridge.fence ("
                    + "migration VARCHAR(250) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL"
                    + " PRIMARY KEY, read_only BOOLEAN NOT NULL, super_read_only BOOLEAN NOT NULL,"
                    + " persisted_read_only VARCHAR(9), persisted_super_read_only VARCHAR(9))"
                    + " ENGINE = InnoDB";

    private static final String PERSISTED =
            ", (SELECT variable_value FROM performance_schema.persisted_variables WHERE"
                    + " variable_name = '%s')";

    private static final String INSERT =
            "INSERT INTO landbridge.fence SELECT ?, @@GLOBAL.read_only, @@GLOBAL.super_read_only"
                    + PERSISTED.formatted("read_only")
                    + PERSISTED.formatted("super_read_only");

    private final String migration;

    MysqlServerFenceRow(String migration) {
        this.migration = migration;
    }

    void createTable(Connection connection) throws SQLException {
        if (!hasTable(connection)) {
            run(connection, MysqlLog.CREATE_DATABASE);
            run(connection, CREATE);
        }
    }

    /** What the server is now; a row that is there already is older and stays. */
    void write(Connection connection) throws SQLException {
        if (isThere(connection)) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, migration);
            insert.executeUpdate();
        }
    }

    boolean isThere(Connection connection) throws SQLException {
        if (!hasTable(connection)) {
            return false;
        }
        try (PreparedStatement query =
                connection.prepareStatement("SELECT 1 FROM landbridge.fence WHERE migration = ?")) {
            query.setString(1, migration);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Gives the server back what it was, also after a restart; the row must be there. */
    void restore(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT super_read_only, persisted_super_read_only, read_only,"
                                + " persisted_read_only FROM landbridge.fence"
                                + " WHERE migration = ?")) {
            query.setString(1, migration);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                restore(connection, "super_read_only", row.getInt(1), row.getString(2));
                restore(connection, "read_only", row.getInt(3), row.getString(4));
            }
        }
    }

    /** A value that is only to be persisted would ask for one right more. */
    private static void restore(Connection connection, String name, int now, String persisted)
            throws SQLException {
        if (persisted != null) {
            run(connection, "SET PERSIST " + name + " = " + persisted);
        }
        run(connection, "SET GLOBAL " + name + " = " + now);
        if (persisted == null) {
            run(connection, "RESET PERSIST IF EXISTS " + name);
        }
    }

    void delete(Connection connection) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM landbridge.fence WHERE migration = ?")) {
            delete.setString(1, migration);
            delete.executeUpdate();
        }
    }

    /** Unless another migration has a row in it. */
    Void dropTable(Connection connection) throws SQLException {
        if (hasTable(connection) && !exists(connection, "SELECT 1 FROM landbridge.fence LIMIT 1")) {
            run(connection, "DROP TABLE landbridge.fence");
        }
        return null;
    }

    static boolean isReadOnly(Connection connection) throws SQLException {
        return exists(connection, "SELECT 1 FROM DUAL WHERE @@GLOBAL.read_only");
    }

    private static boolean hasTable(Connection connection) throws SQLException {
        return exists(
                connection,
                "SELECT 1 FROM information_schema.tables WHERE table_schema = 'landbridge'"
                        + " AND table_name = 'fence'");
    }

    private static boolean exists(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
