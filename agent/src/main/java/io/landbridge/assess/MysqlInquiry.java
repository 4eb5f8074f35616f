package io.landbridge.assess;

import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks the source: read-only, and no question takes long. Owned by one thread. */
final class MysqlInquiry implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final MysqlDatabase database;
    private final Connection connection;

    MysqlInquiry(MysqlDatabase database) {
        this.database = database;
        this.connection = database.open("assess");
        try (var statement = connection.createStatement()) {
            statement.execute("SET SESSION TRANSACTION READ ONLY");
            statement.execute("SET SESSION " + database.dialect().statementLimit(LONGEST));
            statement.execute("SET SESSION lock_wait_timeout = 2");
        } catch (SQLException e) {
            close();
            throw database.fault("preparing a read-only session", e);
        }
    }

    /** Every row of the answer, its values as text; parameters are texts. */
    List<List<String>> rows(String sql, String... parameters) throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setString(i + 1, parameters[i]);
            }
            List<List<String>> rows = new ArrayList<>();
            try (var answer = query.executeQuery()) {
                int columns = answer.getMetaData().getColumnCount();
                while (answer.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        row.add(answer.getString(i));
                    }
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    /** The first column of every row. */
    List<String> texts(String sql, String... parameters) throws SQLException {
        return rows(sql, parameters).stream().map(row -> row.get(0)).toList();
    }

    /** A global setting; empty when this version has no such setting. */
    String setting(String name) throws SQLException {
        List<List<String>> found = rows("SHOW GLOBAL VARIABLES WHERE variable_name = ?", name);
        return found.isEmpty() || found.get(0).get(1) == null ? "" : found.get(0).get(1);
    }

    Dialect dialect() {
        return database.dialect();
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
