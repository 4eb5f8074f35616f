package io.landbridge.schema.digest;

import io.landbridge.change.RowImage;
import io.landbridge.jdbc.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@link WholeRows} of PostgreSQL. */
final class PostgresWholeRows implements WholeRows {

    private final Database database;
    private final Connection connection;
    private final RowText words;
    private RowSql sql;

    /** Takes over {@code connection}, which is in a transaction of the snapshot. */
    PostgresWholeRows(Database database, Connection connection, RowText words) {
        this.database = database;
        this.connection = connection;
        this.words = words;
    }

    @Override
    public List<RowImage> byKey(ComparedTable table, Collection<List<String>> keys) {
        String statement = "SELECT " + texts(table) + RowSql.from(table) + sql().joinKeys(table);
        return run(
                table,
                statement,
                query -> {
                    for (int i = 0; i < table.key().size(); i++) {
                        int column = i;
                        set(query, i + 1, keys.stream().map(key -> key.get(column)).toList());
                    }
                    List<RowImage> images = new ArrayList<>(keys.size());
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            images.add(image(table, row, 1));
                        }
                    }
                    return images;
                });
    }

    @Override
    public Map<String, RowImage> byHash(ComparedTable table, Collection<String> rowHashes) {
        String statement = "SELECT DISTINCT ON (w.m) w.m, " + texts(table) + matching(table);
        return run(
                table,
                statement,
                query -> {
                    set(query, 1, rowHashes);
                    Map<String, RowImage> images = new HashMap<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            images.put(row.getString(1), image(table, row, 2));
                        }
                    }
                    return images;
                });
    }

    @Override
    public Map<String, List<RowPlace>> places(ComparedTable table, Collection<String> rowHashes) {
        String statement = "SELECT w.m, t.tableoid::int8, t.ctid::text" + matching(table);
        return run(
                table,
                statement,
                query -> {
                    set(query, 1, rowHashes);
                    Map<String, List<RowPlace>> places = new HashMap<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            places.computeIfAbsent(row.getString(1), hash -> new ArrayList<>())
                                    .add(new RowPlace(row.getLong(2), row.getString(3)));
                        }
                    }
                    return places;
                });
    }

    private String texts(ComparedTable table) {
        return table.columns().stream()
                .map(column -> sql().text(table, column))
                .collect(Collectors.joining(", "));
    }

    private String matching(ComparedTable table) {
        return RowSql.from(table)
                + " JOIN unnest(?::text[]) AS w (m) ON "
                + sql().hash(table, table.columns())
                + " = w.m";
    }

    private RowSql sql() {
        if (sql == null) {
            try (Statement show = connection.createStatement();
                    ResultSet row = show.executeQuery("SHOW server_encoding")) {
                row.next();
                sql = new RowSql(row.getString(1).equals("UTF8"), words);
            } catch (SQLException e) {
                throw database.fault("asking for the encoding", e);
            }
        }
        return sql;
    }

    private static RowImage image(ComparedTable table, ResultSet row, int first)
            throws SQLException {
        String[] values = new String[table.columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getString(first + i);
        }
        return RowImage.of(values);
    }

    private void set(PreparedStatement query, int parameter, Collection<String> texts)
            throws SQLException {
        query.setArray(parameter, connection.createArrayOf("text", texts.toArray()));
    }

    private interface Work<T> {
        T on(PreparedStatement query) throws SQLException;
    }

    /** Subtransactions that are rolled back give their locks up; the snapshot stays. */
    private <T> T run(ComparedTable table, String statement, Work<T> work) {
        try (Statement plain = connection.createStatement()) {
            plain.execute("SAVEPOINT nothing_locked");
            try (PreparedStatement query = connection.prepareStatement(statement)) {
                return work.on(query);
            } finally {
                plain.execute("ROLLBACK TO SAVEPOINT nothing_locked");
                plain.execute("RELEASE SAVEPOINT nothing_locked");
            }
        } catch (SQLException e) {
            throw database.fault("reading rows", e).in(table.id());
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw database.fault("closing a reader", e);
        }
    }
}
