package io.landbridge.dms;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Relations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/**
 * A row at the source that DMS carries to the target like any other: once a number that was written
 * here stands there, everything that was committed before it does, too. Thread-safe.
 */
public final class MarkerRow {

    /** In a task's table mappings beside the tables that move. */
    public static final TableId TABLE = new TableId("landbridge", "dms_marker");

    private static final String NAME = "landbridge.dms_marker";

    private final Database source;
    private final Database target;
    private final String migration;

    public MarkerRow(Database source, Database target, String migration) {
        this.source = source;
        this.target = target;
        this.migration = migration;
    }

    /** Makes the table on both sides, where it is absent, and the row at the source. */
    public void make() {
        source.inTransaction("making the marker table", MarkerRow::createTable);
        target.inTransaction("making the marker table", MarkerRow::createTable);
        var unused = write();
    }

    private static Void createTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS landbridge");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS "
                            + NAME
                            + " (migration text PRIMARY KEY, number bigint NOT NULL)");
        }
        return null;
    }

    /** Puts the next number into the source's log; returns it. */
    public long write() {
        return source.with(
                "writing a marker",
                connection -> {
                    try (PreparedStatement upsert =
                            connection.prepareStatement(
                                    "INSERT INTO "
                                            + NAME
                                            + " AS m VALUES (?, 1) ON CONFLICT (migration) DO"
                                            + " UPDATE SET number = m.number + 1 RETURNING"
                                            + " number")) {
                        upsert.setString(1, migration);
                        return number(upsert).orElseThrow();
                    }
                });
    }

    /** Whether {@code number}, or one that was written after it, stands at the target. */
    public boolean hasArrived(long number) {
        OptionalLong there =
                target.with(
                        "looking for the marker",
                        connection -> {
                            try (PreparedStatement select =
                                    connection.prepareStatement(
                                            "SELECT number FROM "
                                                    + NAME
                                                    + " WHERE migration = ?")) {
                                select.setString(1, migration);
                                return number(select);
                            }
                        });
        return there.isPresent() && there.getAsLong() >= number;
    }

    private static OptionalLong number(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    /** Takes away what {@link #make} made; nobody carries it any more. */
    public void remove() {
        source.inTransaction("removing the marker table", this::removeRow);
        target.inTransaction("removing the marker table", this::removeRow);
    }

    private Void removeRow(Connection connection) throws SQLException {
        if (!Relations.exists(connection, NAME)) {
            return null;
        }
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + NAME + " WHERE migration = ?")) {
            delete.setString(1, migration);
            delete.executeUpdate();
        }
        try (Statement statement = connection.createStatement()) {
            // Other migrations of this database may have rows there.
            try (ResultSet row =
                    statement.executeQuery("SELECT NOT EXISTS (SELECT FROM " + NAME + ")")) {
                row.next();
                if (!row.getBoolean(1)) {
                    return null;
                }
            }
            statement.execute("DROP TABLE " + NAME);
        }
        Relations.dropEmptySchema(connection);
        return null;
    }
}
