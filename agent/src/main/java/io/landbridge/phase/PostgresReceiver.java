package io.landbridge.phase;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Relations;
import io.landbridge.schema.Counters;
import io.landbridge.schema.Sql;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.Freezer;
import io.landbridge.schema.digest.FrozenDatabase;
import io.landbridge.schema.digest.RowText;
import io.landbridge.target.Destination;
import io.landbridge.target.PostgresDestination;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** A PostgreSQL database that changes go to: the target, or for the way back the source. */
final class PostgresReceiver implements Receiver {

    private static final String[] KEPT = {"progress", "table_state", "apply_note"};

    private final Database database;
    private final Supplier<RowText> words;

    /**
     * @param words what rows are compared by
     */
    PostgresReceiver(Database database, Supplier<RowText> words) {
        this.database = database;
        this.words = words;
    }

    @Override
    public Destination destination() {
        return new PostgresDestination(database);
    }

    @Override
    public Freezer freezer() {
        return FrozenDatabase.freezer(database, words.get());
    }

    @Override
    public Counters counters() {
        return Counters.of(database);
    }

    @Override
    public void keepReady(int connections) {
        database.keepReady(connections);
    }

    @Override
    public void closeReady() {
        database.closeReady();
    }

    @Override
    public void checkWritable(Collection<Table> tables) {
        List<String> refused =
                database.with(
                        "asking for the right to write rows back",
                        connection -> {
                            List<String> found = new ArrayList<>();
                            for (Table table : tables) {
                                if (!mayWrite(connection, table)) {
                                    found.add(Sql.quote(table.id()));
                                }
                            }
                            return found;
                        });
        if (!refused.isEmpty()) {
            throw Fault.of(
                            FaultCode.SOURCE_RIGHTS,
                            "the role may not write to the source's tables, which the way back"
                                    + " needs: "
                                    + refused)
                    .hint(
                            "GRANT INSERT, UPDATE, DELETE, TRUNCATE ON "
                                    + String.join(", ", refused)
                                    + " TO "
                                    + Sql.quote(database.config().user()));
        }
    }

    private static boolean mayWrite(Connection connection, Table table) throws SQLException {
        try (var ask =
                connection.prepareStatement(
                        "SELECT bool_and(has_table_privilege(?::text::regclass, p)) FROM"
                                + " unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p")) {
            ask.setString(1, Sql.quote(table.id()));
            try (var row = ask.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    @Override
    public void removeTables(String migration) {
        database.answeringWithin(Site.SILENCE)
                .inTransaction(
                        "removing the way back's progress",
                        connection -> removeTables(connection, migration));
    }

    private static Void removeTables(Connection connection, String migration) throws SQLException {
        for (String table : KEPT) {
            removeTable(connection, "landbridge." + table, migration);
        }
        Relations.dropEmptySchema(connection);
        return null;
    }

    /** Forgets our rows; a table that nobody else has rows in goes. */
    private static void removeTable(Connection connection, String table, String migration)
            throws SQLException {
        if (!Relations.exists(connection, table)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "DELETE FROM " + table + " WHERE migration = " + Sql.literal(migration));
            try (var row =
                    statement.executeQuery("SELECT NOT EXISTS (SELECT FROM " + table + ")")) {
                row.next();
                if (!row.getBoolean(1)) {
                    return;
                }
            }
            statement.execute("DROP TABLE " + table);
        }
    }
}
