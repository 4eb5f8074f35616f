package io.landbridge.schema.digest;

import io.landbridge.jdbc.Database;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A database as of one moment: a transaction that keeps its snapshot open, and any number of
 * readers that share it. While it is open the server can't remove row versions that died since, so
 * close it soon.
 *
 * @see <a href="https://www.postgresql.org/docs/17/functions-admin.html">pg_export_snapshot</a>
 */
public final class FrozenDatabase implements FrozenTables {

    private static final String BEGIN =
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

    private final Database database;
    private final Connection keeper;
    private final String snapshot;
    private final RowText words;

    private FrozenDatabase(Database database, Connection keeper, String snapshot, RowText words) {
        this.database = database;
        this.keeper = keeper;
        this.snapshot = snapshot;
        this.words = words;
    }

    /** The same moment, its rows put into {@code words}; only one of both is to be closed. */
    public FrozenDatabase in(RowText words) {
        return new FrozenDatabase(database, keeper, snapshot, words);
    }

    /** Freezes {@code database}, its rows put into {@code words}. */
    public static Freezer freezer(Database database, RowText words) {
        return () -> new Kept(database, database.open("snapshot"), words);
    }

    /** A connection for the snapshot that is to come. */
    private static final class Kept implements Freezer.Frost {

        private final Database database;
        private final RowText words;
        private Connection keeper;

        Kept(Database database, Connection keeper, RowText words) {
            this.database = database;
            this.keeper = keeper;
            this.words = words;
        }

        @Override
        public FrozenTables now() {
            Connection taken = keeper;
            keeper = null;
            return FrozenDatabase.now(database, taken).in(words);
        }

        @Override
        public void close() {
            if (keeper != null) {
                try {
                    keeper.close();
                } catch (SQLException e) {
                    throw database.fault("closing a connection that was not needed", e);
                }
            }
        }
    }

    /** {@code database} as of now. */
    public static FrozenDatabase now(Database database) {
        return now(database, database.open("snapshot"));
    }

    /** As of now, kept by {@code keeper}, which is closed with this, also when it fails. */
    public static FrozenDatabase now(Database database, Connection keeper) {
        return keep(database, keeper, null);
    }

    /** As of the snapshot that another session exported and still holds. */
    public static FrozenDatabase at(Database database, String exported) {
        return keep(database, database.open("snapshot"), exported);
    }

    private static FrozenDatabase keep(Database database, Connection keeper, String exported) {
        try {
            begin(keeper, exported);
            try (var statement = keeper.createStatement();
                    var row = statement.executeQuery("SELECT pg_export_snapshot()")) {
                row.next();
                return new FrozenDatabase(database, keeper, row.getString(1), RowText.OWN);
            }
        } catch (SQLException e) {
            closeAfter(keeper, e);
            throw database.fault("a snapshot", e);
        }
    }

    /** A new connection inside the snapshot, in its own read-only transaction; the caller's. */
    public Connection open(String purpose) {
        Connection connection = database.open(purpose);
        try {
            begin(connection, snapshot);
            return connection;
        } catch (SQLException e) {
            closeAfter(connection, e);
            throw database.fault("taking part in a snapshot", e);
        }
    }

    /** A reader of tables inside the snapshot; the caller's to close. */
    @Override
    public TableReader reader() {
        return new PostgresTableReader(database, open("validation"), words);
    }

    /** A reader of whole rows inside the snapshot; the caller's to close. */
    @Override
    public WholeRows wholeRows() {
        return new PostgresWholeRows(database, open("repair"), words);
    }

    public Database database() {
        return database;
    }

    private static void begin(Connection connection, String exported) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(BEGIN);
            connection.setAutoCommit(false);
            if (exported != null) {
                statement.execute("SET TRANSACTION SNAPSHOT " + Sql.literal(exported));
            }
        }
    }

    private static void closeAfter(Connection connection, SQLException failure) {
        try {
            connection.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        try {
            keeper.close();
        } catch (SQLException e) {
            throw database.fault("ending a snapshot", e);
        }
    }
}
