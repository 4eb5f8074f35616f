package io.landbridge.target;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables that an applier keeps in the database {@code landbridge} of a MySQL server: those of
 * {@link io.landbridge.offsets.ProgressStore}, {@link TableStates} and {@link ApplyNotes}. Names
 * are compared byte by byte.
 */
final class MysqlApplierTables {

    private static final String TAIL =
            " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

    private static final List<String> CREATE =
            List.of(
                    """
                    CREATE TABLE IF NOT EXISTS landbridge.progress (
                      migration varchar(128) NOT NULL,
                      stream varchar(32) NOT NULL,
                      worker int NOT NULL,
                      workers int NOT NULL,
                      position text NOT NULL,
                      transactions bigint NOT NULL,
                      changes bigint NOT NULL,
                      updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
                      PRIMARY KEY (migration, stream, worker)
                    )""",
                    """
                    CREATE TABLE IF NOT EXISTS landbridge.table_state (
                      migration varchar(128) NOT NULL,
                      table_schema varchar(64) NOT NULL,
                      table_name varchar(64) NOT NULL,
                      state varchar(16) NOT NULL DEFAULT 'PENDING',
                      snapshot text,
                      `rows` bigint NOT NULL DEFAULT 0,
                      bytes bigint NOT NULL DEFAULT 0,
                      stopped_code varchar(64),
                      stopped_reason text,
                      updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
                      PRIMARY KEY (migration, table_schema, table_name)
                    )""",
                    """
                    CREATE TABLE IF NOT EXISTS landbridge.apply_note (
                      migration varchar(128) NOT NULL,
                      stream varchar(32) NOT NULL,
                      table_schema varchar(64) NOT NULL,
                      table_name varchar(64) NOT NULL,
                      note text NOT NULL,
                      PRIMARY KEY (migration, stream, table_schema, table_name)
                    )""");

    private MysqlApplierTables() {}

    /** Makes them where absent; the database, too. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A role that may not make one can still work in it.
            if (!isThere(connection)) {
                statement.execute("CREATE DATABASE IF NOT EXISTS landbridge CHARACTER SET utf8mb4");
            }
            for (String create : CREATE) {
                statement.execute(create + TAIL);
            }
        }
    }

    private static boolean isThere(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT 1 FROM information_schema.schemata"
                                        + " WHERE schema_name = 'landbridge'")) {
            return row.next();
        }
    }
}
