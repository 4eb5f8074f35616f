package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.mysql.Form.Wire;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Streams rows out of MySQL and gives them as COPY's text format. MySQL's text protocol has each
 * value as bytes, which need an escape at most: nothing is parsed, no object is made for a value
 * but its bytes.
 */
final class MysqlCopyReader implements CopyReader {

    private static final int LOCK_SECONDS = 2;
    private static final int LOCK_TRIES = 30;

    private static final String COLUMNS =
            """
            SELECT column_name, column_type FROM information_schema.columns
             WHERE table_schema = ? AND table_name = ?""";

    private final MysqlDatabase source;
    private final Map<TableId, MappedTable> tables;
    private final String purpose;
    private final Connection connection;
    private final CopyText row = new CopyText();
    private Statement statement;
    private ResultSet rows;
    private Wire[] wires = {};
    private long read;
    private String doing = "";

    MysqlCopyReader(MysqlDatabase source, Map<TableId, MappedTable> tables, String purpose) {
        this.source = source;
        this.tables = tables;
        this.purpose = purpose;
        this.connection = source.open(purpose);
        execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    }

    /**
     * The binary log's position that the snapshot shows: exact, since a lock kept writers out of
     * the tables while both were taken. The lock waits no longer than {@value #LOCK_SECONDS} s at a
     * time, since writers queue up behind it.
     */
    @Override
    public String beginSnapshot(List<TableId> locked, String what) {
        doing = what;
        String names =
                locked.stream()
                        .map(table -> MysqlSql.quote(table) + " READ")
                        .collect(Collectors.joining(", "));
        try (Connection locks = source.open(purpose);
                Statement lock = locks.createStatement()) {
            lock.execute("SET SESSION lock_wait_timeout = " + LOCK_SECONDS);
            lock(lock, names);
            execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            String position = MysqlPosition.read(locks, source.dialect()).text();
            lock.execute("UNLOCK TABLES");
            return position;
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    private void lock(Statement lock, String names) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                lock.execute("LOCK TABLES " + names);
                return;
            } catch (SQLException e) {
                Fault fault = source.fault("a short lock for " + doing, e);
                boolean again = fault.code() == FaultCode.SOURCE_LOCK_TIMEOUT && tries < LOCK_TRIES;
                if (!again) {
                    throw fault.hint(
                            "a transaction holds the table for long: end it, or give the table a"
                                    + " primary key");
                }
            }
        }
    }

    @Override
    public void endSnapshot() {
        execute("COMMIT");
    }

    @Override
    public void open(Request request, String what) {
        doing = what;
        read = 0;
        MappedTable table = tables.get(request.table());
        List<MappedColumn> columns = request.columns().stream().map(table::column).toList();
        wires = columns.stream().map(column -> column.form().wire()).toArray(Wire[]::new);
        String query =
                "SELECT "
                        + columns.stream()
                                .map(MappedColumn::loadSql)
                                .collect(Collectors.joining(", "))
                        + " FROM "
                        + MysqlSql.quote(table.sourceId())
                        + MysqlRanges.where(table, request.range());
        try {
            statement =
                    connection.createStatement(
                            ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
            // The driver's word for: row by row, as they come.
            statement.setFetchSize(Integer.MIN_VALUE);
            rows = statement.executeQuery(query);
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    @Override
    public byte[] next() {
        try {
            if (!rows.next()) {
                return null;
            }
            row.begin();
            for (int i = 0; i < wires.length; i++) {
                row.add(rows.getBytes(i + 1), wires[i]);
            }
            read++;
            return row.end();
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    @Override
    public long finish() {
        try {
            statement.close();
            statement = null;
            return read;
        } catch (SQLException e) {
            throw source.fault(doing, e);
        }
    }

    /** A column whose type is what it was when it was mapped has the type it was mapped to. */
    @Override
    public Map<TableId, Map<String, String>> columns(List<TableId> relations) {
        Map<TableId, Map<String, String>> columns = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            for (TableId relation : relations) {
                MappedTable table = tables.get(relation);
                query.setString(1, relation.schema());
                query.setString(2, relation.name());
                try (ResultSet found = query.executeQuery()) {
                    while (found.next()) {
                        String name = found.getString(1);
                        String type = found.getString(2);
                        table.columns().stream()
                                .filter(column -> column.source().name().equals(name))
                                .filter(column -> column.source().columnType().equals(type))
                                .findFirst()
                                .ifPresentOrElse(
                                        column -> put(columns, relation, column),
                                        () -> put(columns, relation, name, type));
                    }
                }
            }
            return columns;
        } catch (SQLException e) {
            throw source.fault("reading the tables' columns", e);
        }
    }

    private static void put(
            Map<TableId, Map<String, String>> columns, TableId relation, MappedColumn column) {
        put(columns, relation, column.name(), column.type());
    }

    private static void put(
            Map<TableId, Map<String, String>> columns, TableId relation, String name, String type) {
        columns.computeIfAbsent(relation, none -> new HashMap<>()).put(name, type);
    }

    private void execute(String sql) {
        try (Statement once = connection.createStatement()) {
            once.execute(sql);
        } catch (SQLException e) {
            throw source.fault(doing.isEmpty() ? "the settings of a reading session" : doing, e);
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

    /** What still streams would be read to its end by an ordinary close. */
    @Override
    public void close() {
        if (statement != null) {
            abort();
            return;
        }
        try {
            connection.close();
        } catch (SQLException e) {
            throw source.fault("the end of a connection", e);
        }
    }
}
