package io.landbridge.assess;

import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.SqlFaults;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Asks one side: read-only, and no question takes long or waits for a lock for long. Owned by one
 * thread.
 */
final class Inquiry implements AutoCloseable {

    private static final String SESSION =
            "set default_transaction_read_only = on; set statement_timeout = '30s';"
                    + " set lock_timeout = '2s'";

    private final Database database;
    private final Connection connection;

    Inquiry(Database database) {
        this.database = database;
        this.connection = database.open("assess");
        try (var statement = connection.createStatement()) {
            statement.execute(SESSION);
        } catch (SQLException e) {
            close();
            throw database.fault("preparing a read-only session", e);
        }
    }

    /** A row of an answer; columns count from 1. */
    record Row(List<String> values) {

        String text(int column) {
            return values.get(column - 1);
        }

        boolean flag(int column) {
            return "t".equals(text(column));
        }

        long number(int column) {
            return text(column) == null ? 0 : Long.parseLong(text(column));
        }
    }

    /**
     * Every row of the answer; parameters are texts, numbers, or collections of texts.
     *
     * @throws io.landbridge.fault.Fault when the server is gone; every other error is the caller's
     */
    List<Row> rows(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                if (parameters[i] instanceof Collection<?> texts) {
                    Array array = connection.createArrayOf("text", texts.toArray());
                    query.setArray(i + 1, array);
                } else {
                    query.setObject(i + 1, parameters[i]);
                }
            }
            List<Row> rows = new ArrayList<>();
            try (ResultSet answer = query.executeQuery()) {
                int columns = answer.getMetaData().getColumnCount();
                while (answer.next()) {
                    List<String> values = new ArrayList<>(columns);
                    for (int i = 1; i <= columns; i++) {
                        values.add(answer.getString(i));
                    }
                    rows.add(new Row(values));
                }
            }
            return rows;
        } catch (SQLException e) {
            if (SqlFaults.isConnectionLost(e)) {
                throw database.fault("assessing it", e);
            }
            throw e;
        }
    }

    /** The first column of every row. */
    List<String> texts(String sql, Object... parameters) throws SQLException {
        return rows(sql, parameters).stream().map(row -> row.text(1)).toList();
    }

    /** The only value of the answer. */
    String text(String sql, Object... parameters) throws SQLException {
        return rows(sql, parameters).get(0).text(1);
    }

    long number(String sql, Object... parameters) throws SQLException {
        return Long.parseLong(text(sql, parameters));
    }

    boolean flag(String sql, Object... parameters) throws SQLException {
        return "t".equals(text(sql, parameters));
    }

    /** A setting's value in its base unit; empty when this version has no such setting. */
    String setting(String name) throws SQLException {
        List<String> values = texts("select setting from pg_settings where name = ?", name);
        return values.isEmpty() ? "" : values.get(0);
    }

    /** {@code 140024} on 14.24. */
    long version() throws SQLException {
        return number("select current_setting('server_version_num')");
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw database.fault("closing the assessment's connection", e);
        }
    }
}
