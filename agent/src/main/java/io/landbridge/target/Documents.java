package io.landbridge.target;

import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Relations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Texts that must survive the agent, by name: rows of {@code landbridge.document} at the target.
 * Each write replaces the whole text and has survived once it returns. Thread-safe.
 */
public final class Documents {

    private final Database target;
    private final String migration;

    public Documents(Database target, String migration) {
        this.target = target;
        this.migration = migration;
    }

    /** Makes the table when it is absent, and its schema. */
    public void createTable() {
        target.inTransaction(
                "creating landbridge.document",
                connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("CREATE SCHEMA IF NOT EXISTS landbridge");
                        statement.execute(
                                """
                                CREATE TABLE IF NOT EXISTS landbridge.document (
                                  migration text NOT NULL,
                                  name text NOT NULL,
                                  body text NOT NULL,
                                  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                                  PRIMARY KEY (migration, name)
                                )""");
                    }
                    return null;
                });
    }

    /** The text; empty when there is none, or no table yet. */
    public Optional<String> read(String name) {
        return target.with(
                "reading " + name,
                connection -> {
                    if (!Relations.exists(connection, "landbridge.document")) {
                        return Optional.empty();
                    }
                    try (PreparedStatement select =
                            connection.prepareStatement(
                                    "SELECT body FROM landbridge.document"
                                            + " WHERE migration = ? AND name = ?")) {
                        select.setString(1, migration);
                        select.setString(2, name);
                        try (ResultSet row = select.executeQuery()) {
                            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                        }
                    }
                });
    }

    /** One statement, so that it costs one round trip and one commit: clients may be waiting. */
    public void write(String name, String body) {
        target.with(
                "writing " + name,
                connection -> {
                    // Whatever the role's default is: what is written here must survive a crash.
                    try (PreparedStatement upsert =
                            connection.prepareStatement(
                                    "INSERT INTO landbridge.document (migration, name, body)"
                                            + " SELECT ?, ?, ? WHERE"
                                            + " set_config('synchronous_commit', 'on', true) = 'on'"
                                            + " ON CONFLICT (migration, name)"
                                            + " DO UPDATE SET body = excluded.body,"
                                            + " updated_at = clock_timestamp()")) {
                        upsert.setString(1, migration);
                        upsert.setString(2, name);
                        upsert.setString(3, body);
                        return upsert.executeUpdate();
                    }
                });
    }

    /** Forgets the migration's texts, in the caller's transaction; does nothing without a table. */
    public static void delete(Connection connection, String migration) throws SQLException {
        if (!Relations.exists(connection, "landbridge.document")) {
            return;
        }
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM landbridge.document WHERE migration = ?")) {
            delete.setString(1, migration);
            delete.executeUpdate();
        }
    }
}
