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
final class PostgresCopyReader implements CopyReader {

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

    PostgresCopyReader(Database source, String purpose) {
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

    private static String statement(Request request) {
        return "COPY (SELECT "
                + Sql.quoteAll(request.columns())
                + " FROM "
                + PostgresKeys.from(request.relation(), request.only())
                + PostgresKeys.where(request.key(), request.range())
                + ") TO STDOUT (FORMAT "
                + (request.binary() ? "binary" : "text")
                + ")";
    }

    /** The snapshot goes by its text, {@code xmin:xmax:xip,...}. */
    @Override
    public String beginSnapshot(List<TableId> tables, String what) {
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

    @Override
    public void endSnapshot() {
        try (Statement end = connection.createStatement()) {
            end.execute("COMMIT");
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    @Override
    public void open(Request request, String what) {
        doing = what;
        try {
            copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(statement(request));
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    @Override
    public byte[] next() {
        try {
            return copy.readFromCopy();
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    @Override
    public long finish() {
        long rows = copy.getHandledRowCount();
        copy = null;
        return rows;
    }

    @Override
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

    @Override
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
