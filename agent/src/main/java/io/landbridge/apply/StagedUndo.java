package io.landbridge.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landbridge.change.RowImage;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a rewind is to bring back, kept in a table of the transaction that will do it, so that
 * memory does not grow with the number of changes and nothing is left of it whatever happens.
 *
 * <p>For a table with a key, what stands first under a key counts: it is how the row was. For one
 * without, each line says how often a row of those values is put back, or taken away.
 */
final class StagedUndo {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_LINES = 2_000;
    private static final int MOST_CHARS = 4 << 20;
    private static final int FETCHED = 2_000;

    private final Connection connection;
    private final List<Line> lines = new ArrayList<>();
    private int chars;
    private long number;

    /**
     * One line.
     *
     * @param key null for tables without a key
     * @param image null where there was no row
     * @param times how often, for tables without a key
     */
    private record Line(
            long number, long transaction, int table, String key, String image, int times) {}

    /** Takes a line that was kept. */
    @FunctionalInterface
    interface Taker {
        void take(List<String> key, RowImage image, long times) throws SQLException;
    }

    StagedUndo(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement create = connection.createStatement()) {
            create.execute(
                    """
                    CREATE UNLOGGED TABLE landbridge.rewind (
                      n bigint NOT NULL,
                      transaction bigint NOT NULL,
                      t integer NOT NULL,
                      key text COLLATE "C",
                      image text COLLATE "C",
                      times integer NOT NULL
                    )""");
        }
    }

    /** The row of that key was {@code image}, or absent when that is null. */
    void was(long transaction, int table, List<String> key, RowImage image) throws SQLException {
        add(transaction, table, key, image, 0);
    }

    /** A row of those values is there {@code times} less than it was; more, when negative. */
    void lacks(long transaction, int table, RowImage image, int times) throws SQLException {
        add(transaction, table, null, image, times);
    }

    private void add(long transaction, int table, List<String> key, RowImage image, int times)
            throws SQLException {
        Line line =
                new Line(
                        number++,
                        transaction,
                        table,
                        key == null ? null : json(key),
                        image == null ? null : json(values(image)),
                        times);
        lines.add(line);
        chars +=
                (line.key == null ? 0 : line.key.length())
                        + (line.image == null ? 0 : line.image.length());
        if (lines.size() >= MOST_LINES || chars >= MOST_CHARS) {
            flush();
        }
    }

    private static List<String> values(RowImage image) {
        String[] values = new String[image.size()];
        Arrays.setAll(values, image::text);
        return Arrays.asList(values);
    }

    private static String json(List<String> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw Fault.of(FaultCode.INTERNAL, "can't spell a row that is to be brought back", e);
        }
    }

    /** Forgets what a transaction brought that was given up. */
    void forget(long transaction) throws SQLException {
        flush();
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM landbridge.rewind WHERE transaction = ?")) {
            delete.setLong(1, transaction);
            delete.executeUpdate();
        }
    }

    /** Has everything that was added in the table. */
    void flush() throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO landbridge.rewind SELECT * FROM unnest(?::bigint[],"
                                + " ?::bigint[], ?::integer[], ?::text[], ?::text[],"
                                + " ?::integer[])")) {
            set(insert, 1, "bigint", lines.stream().map(Line::number).toArray());
            set(insert, 2, "bigint", lines.stream().map(Line::transaction).toArray());
            set(insert, 3, "integer", lines.stream().map(Line::table).toArray());
            set(insert, 4, "text", lines.stream().map(Line::key).toArray());
            set(insert, 5, "text", lines.stream().map(Line::image).toArray());
            set(insert, 6, "integer", lines.stream().map(Line::times).toArray());
            insert.executeUpdate();
        }
        lines.clear();
        chars = 0;
    }

    private void set(PreparedStatement insert, int parameter, String type, Object[] values)
            throws SQLException {
        insert.setArray(parameter, connection.createArrayOf(type, values));
    }

    /** Every key of {@code table} once, with how its row was. */
    void firsts(int table, Taker taker) throws SQLException {
        each(
                "SELECT DISTINCT ON (key) key, image, 1 FROM landbridge.rewind WHERE t = ?"
                        + " ORDER BY key, n",
                table,
                taker);
    }

    /** Every row of {@code table} that is there too often or not often enough. */
    void sums(int table, Taker taker) throws SQLException {
        each(
                "SELECT NULL, image, sum(times) FROM landbridge.rewind WHERE t = ?"
                        + " GROUP BY image HAVING sum(times) <> 0 ORDER BY image",
                table,
                taker);
    }

    private void each(String query, int table, Taker taker) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setInt(1, table);
            select.setFetchSize(FETCHED);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String key = row.getString(1);
                    String image = row.getString(2);
                    taker.take(
                            key == null ? List.of() : List.of(parse(key)),
                            image == null ? null : RowImage.of(parse(image)),
                            row.getLong(3));
                }
            }
        }
    }

    private static String[] parse(String text) {
        try {
            return JSON.readValue(text, String[].class);
        } catch (JsonProcessingException e) {
            throw Fault.of(FaultCode.INTERNAL, "can't read a row that is to be brought back", e);
        }
    }

    void drop() throws SQLException {
        try (Statement drop = connection.createStatement()) {
            drop.execute("DROP TABLE landbridge.rewind");
        }
    }
}
