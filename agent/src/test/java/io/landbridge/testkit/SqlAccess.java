package io.landbridge.testkit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Short ways to run SQL on a test's database, of whatever kind its server is. */
public interface SqlAccess {

    String name();

    /** A plain connection in auto-commit; close it. */
    Connection connect() throws SQLException;

    /** Runs each text, which may hold several statements, in auto-commit on one connection. */
    default void execute(String... sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String one : sql) {
                statement.execute(one);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("on " + name() + ": " + e.getMessage(), e);
        }
    }

    /** Every row as text, columns separated by {@code |}, NULL as {@code ∅}. */
    default List<String> rows(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    String value = rows.getString(i);
                    row.append(i == 1 ? "" : "|").append(value == null ? "∅" : value);
                }
                all.add(row.toString());
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException("on " + name() + ": " + e.getMessage(), e);
        }
    }

    /** The only row of {@code query}, as {@link #rows} gives it. */
    default String value(String query) {
        List<String> all = rows(query);
        if (all.size() != 1) {
            throw new IllegalStateException(all.size() + " rows instead of one: " + query);
        }
        return all.get(0);
    }

    default long number(String query) {
        return Long.parseLong(value(query));
    }
}
