package io.landbridge.target;

import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.TableLayout;
import io.landbridge.schema.digest.RowPlace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Writes sets of rows of one table of PostgreSQL. */
public final class PostgresRowWriter implements RowWriter {

    /** From here on COPY is faster, its extra round trips included. */
    private static final int COPY_FROM = 64;

    private final Connection connection;
    private final PostgresTable table;
    private final TableLayout layout;
    private final PostgresRowSql sql;
    private final CopyRows copy;
    private final boolean refusesUpdates;
    private final Map<String, String> statements = new LinkedHashMap<>();

    /** Every column of {@code layout} must be one of {@code table}. */
    public PostgresRowWriter(Connection connection, PostgresTable table, TableLayout layout) {
        this.connection = connection;
        this.table = table;
        this.layout = layout;
        this.sql = new PostgresRowSql(table, layout);
        this.copy = new CopyRows(connection, sql.copy(), sql.written());
        this.refusesUpdates = table.refusesUpdates(layout.keyColumns());
    }

    public PostgresTable table() {
        return table;
    }

    @Override
    public long insert(List<RowImage> rows) throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
        if (rows.size() >= COPY_FROM) {
            return copy.write(rows);
        }
        return run(memo("insert", sql::insert), arrays(rows, sql.written()));
    }

    @Override
    public long upsert(List<RowImage> rows) throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
        if (refusesUpdates) {
            delete(rows.stream().map(layout::keyOf).toList());
            return insert(rows);
        }
        return run(memo("upsert", sql::upsert), arrays(rows, sql.written()));
    }

    @Override
    public long update(List<RowImage> rows) throws SQLException {
        if (refusesUpdates) {
            return rewrite(rows.stream().map(layout::keyOf).toList(), rows);
        }
        long touched = 0;
        for (Map.Entry<BitSet, List<RowImage>> group : byUnchanged(rows).entrySet()) {
            touched += update(group.getKey(), group.getValue());
        }
        return touched;
    }

    private long update(BitSet unchanged, List<RowImage> rows) throws SQLException {
        List<Integer> changing = sql.changing(unchanged);
        if (changing.isEmpty()) {
            return (long) rows.size() - absent(rows.stream().map(layout::keyOf).toList()).size();
        }
        List<String[]> arrays = arrays(rows, layout.key());
        arrays.addAll(arrays(rows, changing));
        return run(memo("update" + unchanged, () -> sql.update(unchanged)), arrays);
    }

    @Override
    public long rewrite(List<RowKey> keys, List<RowImage> rows) throws SQLException {
        Map<BitSet, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            groups.computeIfAbsent(unchanged(rows.get(i)), mask -> new ArrayList<>()).add(i);
        }
        long touched = 0;
        for (Map.Entry<BitSet, List<Integer>> group : groups.entrySet()) {
            BitSet unchanged = group.getKey();
            List<String[]> arrays = keys(group.getValue().stream().map(keys::get).toList());
            arrays.addAll(
                    arrays(
                            group.getValue().stream().map(rows::get).toList(),
                            sql.written(unchanged)));
            touched += run(memo("rewrite" + unchanged, () -> sql.rewrite(unchanged)), arrays);
        }
        return touched;
    }

    @Override
    public long delete(List<RowKey> keys) throws SQLException {
        return keys.isEmpty() ? 0 : run(memo("delete", sql::delete), keys(keys));
    }

    /** Those of {@code keys} that no row has. */
    public List<RowKey> absent(List<RowKey> keys) throws SQLException {
        List<RowKey> absent = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(memo("absent", sql::absent))) {
            bind(query, keys(keys));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    absent.add(keys.get(row.getInt(1) - 1));
                }
            }
        }
        return absent;
    }

    @Override
    public long deleteOne(RowImage row) throws SQLException {
        BitSet nulls = nulls(row);
        String text = memo("deleteOne" + nulls, () -> sql.deleteOne(nulls));
        try (PreparedStatement delete = connection.prepareStatement(text)) {
            bindPresent(delete, row);
            return delete.executeUpdate();
        }
    }

    /** Deletes the rows at {@code places} that nobody has changed since they were seen there. */
    public long deleteAt(List<RowPlace> places) throws SQLException {
        if (places.isEmpty()) {
            return 0;
        }
        try (PreparedStatement delete =
                connection.prepareStatement(memo("deleteAt", sql::deleteAt))) {
            delete.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", places.stream().map(RowPlace::part).toArray()));
            delete.setArray(
                    2,
                    connection.createArrayOf(
                            "text", places.stream().map(RowPlace::place).toArray()));
            return delete.executeUpdate();
        }
    }

    @Override
    public long updateOne(RowImage before, RowImage after) throws SQLException {
        if (refusesUpdates) {
            long touched = deleteOne(before);
            return touched == 0 ? 0 : insert(List.of(after));
        }
        BitSet nulls = nulls(before);
        String text = memo("updateOne" + nulls, () -> sql.updateOne(nulls));
        try (PreparedStatement update = connection.prepareStatement(text)) {
            int parameter = bindPresent(update, before);
            for (int i : sql.written()) {
                update.setString(parameter++, after.text(i));
            }
            return update.executeUpdate();
        }
    }

    @Override
    public void deleteAll() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql.deleteAll());
        }
    }

    private String memo(String name, Supplier<String> text) {
        return statements.computeIfAbsent(name, absent -> text.get());
    }

    private long run(String text, List<String[]> arrays) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            bind(statement, arrays);
            return statement.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, List<String[]> arrays) throws SQLException {
        for (int i = 0; i < arrays.size(); i++) {
            statement.setArray(i + 1, connection.createArrayOf("text", arrays.get(i)));
        }
    }

    private int bindPresent(PreparedStatement statement, RowImage row) throws SQLException {
        int parameter = 1;
        for (int i : sql.written()) {
            if (!row.isNull(i)) {
                statement.setString(parameter++, row.text(i));
            }
        }
        return parameter;
    }

    private List<String[]> keys(List<RowKey> keys) {
        List<String[]> arrays = new ArrayList<>();
        for (int i = 0; i < layout.key().size(); i++) {
            String[] values = new String[keys.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = keys.get(row).value(i);
            }
            arrays.add(values);
        }
        return arrays;
    }

    private static List<String[]> arrays(List<RowImage> rows, List<Integer> places) {
        List<String[]> arrays = new ArrayList<>(places.size());
        for (int place : places) {
            String[] values = new String[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row).text(place);
            }
            arrays.add(values);
        }
        return arrays;
    }

    private BitSet nulls(RowImage row) {
        BitSet nulls = new BitSet();
        for (int i : sql.written()) {
            nulls.set(i, row.isNull(i));
        }
        return nulls;
    }

    private static Map<BitSet, List<RowImage>> byUnchanged(List<RowImage> rows) {
        Map<BitSet, List<RowImage>> groups = new LinkedHashMap<>();
        for (RowImage row : rows) {
            groups.computeIfAbsent(unchanged(row), mask -> new ArrayList<>()).add(row);
        }
        return groups;
    }

    private static BitSet unchanged(RowImage row) {
        BitSet unchanged = new BitSet();
        for (int i = 0; i < row.size(); i++) {
            if (row.isUnchanged(i)) {
                unchanged.set(i);
            }
        }
        return unchanged;
    }
}
