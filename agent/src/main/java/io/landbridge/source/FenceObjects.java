package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** The fence's function and triggers, as SQL on a connection that the caller owns. */
final class FenceObjects {

    /** read_only_sql_transaction: what a demoted primary says; clients and pools know it. */
    private static final String REFUSED = "25006";

    /** A session whose setting of this name is the fence's name may write. */
    static final String PASS = "landbridge.pass";

    private static final String DORMANT = "BEGIN RETURN NULL; END";

    private static final String REFUSING =
            """
            BEGIN
              IF pg_catalog.current_setting('landbridge.pass', true) IS DISTINCT FROM @name@ THEN
                RAISE EXCEPTION 'table %.% is read-only: it has moved to another database',
                    TG_TABLE_SCHEMA, TG_TABLE_NAME
                  USING ERRCODE = '@refused@',
                    HINT = 'Landbridge has fenced it off. Write to the other database.';
              END IF;
              RETURN NULL;
            END""";

    /** The wanted tables and all partitions below them; only these kinds can be locked. */
    private static final String RELATIONS =
            """
            SELECT DISTINCT n.nspname, c.relname
            FROM unnest(?::text[]) AS wanted (name)
            CROSS JOIN LATERAL (SELECT to_regclass(wanted.name)::oid
                                UNION
                                SELECT relid FROM pg_partition_tree(to_regclass(wanted.name)))
                               AS tree (oid)
            JOIN pg_class c ON c.oid = tree.oid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p')""";

    private static final String ARMED =
            """
            SELECT n.nspname, c.relname
            FROM pg_trigger g
            JOIN pg_class c ON c.oid = g.tgrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE g.tgfoid = to_regproc(?)::oid AND NOT g.tgisinternal""";

    private final String name;
    private final String function;

    /**
     * @param name what the triggers and the function are called, and the word that lets pass
     */
    FenceObjects(String name) {
        this.name = name;
        this.function = "landbridge." + Sql.quote(name);
    }

    /** Makes the function, or makes it do nothing from now on. */
    Void defineDormant(Connection connection) throws SQLException {
        return define(connection, DORMANT);
    }

    /** Makes the function refuse every write, once the transaction commits. */
    Void defineRefusing(Connection connection) throws SQLException {
        return define(
                connection,
                REFUSING.replace("@name@", Sql.literal(name)).replace("@refused@", REFUSED));
    }

    private Void define(Connection connection, String body) throws SQLException {
        run(connection, "CREATE SCHEMA IF NOT EXISTS landbridge");
        return run(
                connection,
                "CREATE OR REPLACE FUNCTION "
                        + function
                        + "() RETURNS trigger LANGUAGE plpgsql AS "
                        + Sql.literal(body));
    }

    boolean exists(Connection connection) throws SQLException {
        return asks(connection, "SELECT to_regproc(?) IS NOT NULL");
    }

    boolean isRefusing(Connection connection) throws SQLException {
        return asks(
                connection,
                "SELECT EXISTS (SELECT FROM pg_proc WHERE oid = to_regproc(?)::oid AND position('"
                        + REFUSED
                        + "' IN prosrc) > 0)");
    }

    private boolean asks(Connection connection, String question) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(question)) {
            select.setString(1, function);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    Void addTrigger(Connection connection, TableId table) throws SQLException {
        run(
                connection,
                "CREATE TRIGGER "
                        + Sql.quote(name)
                        + " BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "
                        + Sql.quote(table)
                        + " FOR EACH STATEMENT EXECUTE FUNCTION "
                        + function
                        + "()");
        return run(
                connection,
                "ALTER TABLE ONLY "
                        + Sql.quote(table)
                        + " ENABLE ALWAYS TRIGGER "
                        + Sql.quote(name));
    }

    Void removeTrigger(Connection connection, TableId table) throws SQLException {
        return run(
                connection,
                "DROP TRIGGER IF EXISTS " + Sql.quote(name) + " ON " + Sql.quote(table));
    }

    /** Removes the function, which no trigger may use any more, and our schema if it is empty. */
    Void removeFunction(Connection connection) throws SQLException {
        run(connection, "DROP FUNCTION IF EXISTS " + function + "()");
        var before = connection.setSavepoint();
        try {
            return run(connection, "DROP SCHEMA IF EXISTS landbridge");
        } catch (SQLException e) {
            // 2BP01: something else of ours, or of another migration, still lives there.
            if (!"2BP01".equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            return null;
        }
    }

    Void pass(Connection connection) throws SQLException {
        return run(connection, "SET landbridge.pass = " + Sql.literal(name));
    }

    /** {@code tables} and their partitions. */
    static Set<TableId> relations(Connection connection, Collection<TableId> tables)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(RELATIONS)) {
            select.setArray(
                    1, connection.createArrayOf("text", tables.stream().map(Sql::quote).toArray()));
            return read(select);
        }
    }

    /** Where the trigger is. */
    Set<TableId> armed(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ARMED)) {
            select.setString(1, function);
            return read(select);
        }
    }

    private static Set<TableId> read(PreparedStatement select) throws SQLException {
        Set<TableId> tables = new TreeSet<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                tables.add(new TableId(row.getString(1), row.getString(2)));
            }
        }
        return tables;
    }

    static Void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return null;
        }
    }
}
