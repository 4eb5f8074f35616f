package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads rows in COPY's own format over a connection of its own; nothing is parsed on the way.
 *
 * <p>Used by one thread, but {@link #abort} may come from any. After a fault it can only be closed.
 */
public final class PostgresCopyReader implements AutoCloseable {

    /**
     * Row security must fail rather than hide rows; one core of the source is enough for a reader;
     * and what only reads should not be able to write.
     */
    private static final String SESSION =
            "SET row_security = off; SET max_parallel_workers_per_gather = 0; SET jit = off;"
                    + " SET default_transaction_read_only = on";

    private static final String COLUMNS =
            """
            SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
            FROM unnest(?::text[], ?::text[]) AS w (s, t)
            JOIN pg_namespace n ON n.nspname = w.s
            JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.t
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped""";

    private final Database source;
    private final Connection connection;
    private CopyOut copy;
    private String doing = "";

    /**
     * @param purpose as in {@link Database#open}
     */
    public PostgresCopyReader(Database source, String purpose) {
        this.source = source;
        this.connection = source.open(purpose);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SESSION);
        } catch (SQLException e) {
            Fault fault = source.fault("the settings of a reading session", e);
            close();
            throw fault;
        }
    }

    /**
     * The statement that reads a range of a table.
     *
     * @param key the columns that {@code range} speaks of; may be empty when it is all
     * @param binary whether to give PostgreSQL's binary format instead of its text format
     */
    public static String statement(
            TableId relation,
            boolean only,
            List<String> columns,
            List<String> key,
            KeyRange range,
            boolean binary) {
        return "COPY (SELECT "
                + Sql.quoteAll(columns)
                + " FROM "
                + PostgresKeys.from(relation, only)
                + PostgresKeys.where(key, range)
                + ") TO STDOUT (FORMAT "
                + (binary ? "binary" : "text")
                + ")";
    }

    /**
     * Begins a transaction in which everything opened sees one moment, until {@link #endSnapshot}.
     *
     * @param what names it in faults
     * @return the snapshot's text, {@code xmin:xmax:xip,...}
     */
    public String beginSnapshot(String what) {
        doing = what;
        try (Statement begin = connection.createStatement()) {
            boolean renamed = connection.getMetaData().getDatabaseMajorVersion() >= 13;
            begin.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            try (ResultSet row =
                    begin.executeQuery(
                            "SELECT "
                                    + (renamed ? "pg_current_snapshot" : "txid_current_snapshot")
                                    + "()::text")) {
                row.next();
                return row.getString(1);
            }
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    public void endSnapshot() {
        try (Statement end = connection.createStatement()) {
            end.execute("COMMIT");
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    /**
     * Starts {@code statement}, in a transaction of its own unless there is a snapshot.
     *
     * @param what names it in faults
     */
    public void open(String statement, String what) {
        doing = what;
        try {
            copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(statement);
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    /** The next piece of COPY data, in general one row; null after the last. */
    public byte[] next() {
        try {
            return copy.readFromCopy();
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    /**
     * Ends what was opened, after {@link #next} gave null.
     *
     * @return how many rows the source says it gave
     */
    public long finish() {
        long rows = copy.getHandledRowCount();
        copy = null;
        return rows;
    }

    /** Names and types of the columns that {@code relations} have now; absent ones are left out. */
    public Map<TableId, Map<String, String>> columns(List<TableId> relations) {
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text", relations.stream().map(TableId::schema).toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text", relations.stream().map(TableId::name).toArray()));
            Map<TableId, Map<String, String>> columns = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    columns.computeIfAbsent(
                                    new TableId(row.getString(1), row.getString(2)),
                                    none -> new HashMap<>())
                            .put(row.getString(3), row.getString(4));
                }
            }
            return columns;
        } catch (SQLException e) {
            throw source.fault("reading the tables' columns", e);
        }
    }

    /** Breaks the connection at once; whoever waits on it gets a fault. */
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            throw source.fault("the end of a connection", e);
        }
    }

    @Override
    public void close() {
        try {
            if (copy == null) {
                connection.close();
            } else {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            throw source.fault("the end of a connection", e);
        }
    }
}
