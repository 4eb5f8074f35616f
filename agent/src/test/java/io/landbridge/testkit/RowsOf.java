package io.landbridge.testkit;

import io.landbridge.change.TableId;
import io.landbridge.config.DatabaseConfig;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

/**
 * Compares tables of two databases, sharing no code with the product: each side sorts the text of
 * its whole rows by bytes, the two streams are merged. Rows count as often as they occur, so tables
 * without a key are compared as multisets.
 */
public final class RowsOf {

    private static final int EXAMPLES = 5;
    private static final int EXAMPLE_LENGTH = 300;

    private RowsOf() {}

    /**
     * How one table differs.
     *
     * @param sourceRows rows at the source
     * @param targetRows rows at the target
     * @param missing rows that only the source has
     * @param extra rows that only the target has
     * @param examples a few of them, {@code -} missing, {@code +} extra
     */
    public record Comparison(
            TableId table,
            long sourceRows,
            long targetRows,
            long missing,
            long extra,
            List<String> examples) {

        public boolean equal() {
            return missing == 0 && extra == 0;
        }
    }

    /** The tables that differ; none when the two sides are equal. */
    public static List<Comparison> differing(
            DatabaseConfig source, DatabaseConfig target, Collection<TableId> tables) {
        return compare(source, target, tables).stream().filter(one -> !one.equal()).toList();
    }

    /**
     * Fails with examples unless every user table of {@code source} has equal rows in {@code
     * target}.
     */
    public static void assertEqual(TestDatabase source, TestDatabase target) {
        List<TableId> tables = tables(source.config());
        List<Comparison> differing = differing(source.config(), target.config(), tables);
        if (!differing.isEmpty()) {
            throw new AssertionError("rows differ: " + differing);
        }
    }

    /** One result for each table, whether it differs or not. */
    public static List<Comparison> compare(
            DatabaseConfig source, DatabaseConfig target, Collection<TableId> tables) {
        try (Connection left = connect(source);
                Connection right = connect(target)) {
            return compare(left, right, tables);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot compare: " + e.getMessage(), e);
        }
    }

    /** As above, on connections made by {@link #snapshot}; they stay open. */
    public static List<Comparison> compare(
            Connection source, Connection target, Collection<TableId> tables) {
        try {
            List<Comparison> all = new ArrayList<>();
            for (TableId table : tables) {
                all.add(compare(source, target, table));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot compare: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection that sees the database as it is now, whatever is written later; close it. */
    public static Connection snapshot(DatabaseConfig database) {
        try {
            Connection connection = connect(database);
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot take a snapshot: " + e.getMessage(), e);
        }
    }

    /** All tables of the users of a database, partitioned ones by their root. */
    public static List<TableId> tables(DatabaseConfig database) {
        try (Connection connection = connect(database);
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT n.nspname, c.relname FROM pg_class c"
                                        + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                                        + " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
                                        + " AND n.nspname NOT IN ('information_schema',"
                                        + " 'landbridge') AND n.nspname NOT LIKE 'pg\\_%'"
                                        + " ORDER BY 1, 2");
                ResultSet rows = statement.executeQuery()) {
            List<TableId> tables = new ArrayList<>();
            while (rows.next()) {
                tables.add(new TableId(rows.getString(1), rows.getString(2)));
            }
            return tables;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot list tables: " + e.getMessage(), e);
        }
    }

    private static Comparison compare(Connection left, Connection right, TableId table)
            throws SQLException, IOException {
        String query = query(left, table);
        long missing = 0;
        long extra = 0;
        List<String> examples = new ArrayList<>();
        try (Rows source = new Rows(left, query);
                Rows target = new Rows(right, query)) {
            byte[] mine = source.next();
            byte[] theirs = target.next();
            while (mine != null || theirs != null) {
                int order =
                        mine == null
                                ? 1
                                : theirs == null ? -1 : Arrays.compareUnsigned(mine, theirs);
                if (order != 0 && examples.size() < EXAMPLES) {
                    examples.add(order < 0 ? "- " + text(mine) : "+ " + text(theirs));
                }
                if (order < 0) {
                    missing++;
                } else if (order > 0) {
                    extra++;
                }
                if (order <= 0) {
                    mine = source.next();
                }
                if (order >= 0) {
                    theirs = target.next();
                }
            }
            return new Comparison(
                    table, source.count(), target.count(), missing, extra, List.copyOf(examples));
        }
    }

    /** The same columns in the same order on both sides, by the source's catalogue. */
    private static String query(Connection connection, TableId table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT quote_ident(attname) FROM pg_attribute"
                                + " WHERE attrelid = format('%I.%I', ?::text, ?::text)::regclass"
                                + " AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
        }
        String name =
                '"'
                        + table.schema().replace("\"", "\"\"")
                        + "\".\""
                        + table.name().replace("\"", "\"\"")
                        + '"';
        return "COPY (SELECT ROW("
                + String.join(", ", columns)
                + ")::text AS line FROM "
                + name
                + " ORDER BY convert_to(ROW("
                + String.join(", ", columns)
                + ")::text, 'UTF8')) TO STDOUT (ENCODING 'UTF8')";
    }

    private static Connection connect(DatabaseConfig database) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(database.parameters());
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password().reveal());
        properties.setProperty(
                "options",
                "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex"
                        + " -c extra_float_digits=3 -c lc_monetary=C -c search_path=pg_catalog"
                        + " -c work_mem=64MB");
        return DriverManager.getConnection(
                "jdbc:postgresql://"
                        + database.host()
                        + ":"
                        + database.port()
                        + "/"
                        + java.net.URLEncoder.encode(database.database(), StandardCharsets.UTF_8),
                properties);
    }

    private static String text(byte[] row) {
        String text = new String(row, StandardCharsets.UTF_8);
        return text.length() > EXAMPLE_LENGTH ? text.substring(0, EXAMPLE_LENGTH) + "..." : text;
    }

    /** Rows in the order of their bytes, one at a time. */
    private static final class Rows implements AutoCloseable {

        private final PGCopyInputStream copy;
        private final InputStream in;
        private final ByteArrayOutputStream row = new ByteArrayOutputStream(1024);
        private long count;

        Rows(Connection connection, String query) throws SQLException {
            this.copy = new PGCopyInputStream(connection.unwrap(PGConnection.class), query);
            this.in = new BufferedInputStream(copy, 1 << 16);
        }

        long count() {
            return count;
        }

        /** The next row's text with COPY's escapes undone, so that the order is that of bytes. */
        byte[] next() throws IOException {
            row.reset();
            int b = in.read();
            if (b < 0) {
                return null;
            }
            for (; b != '\n'; b = in.read()) {
                row.write(b == '\\' ? unescaped(in.read()) : b);
            }
            count++;
            return row.toByteArray();
        }

        private static int unescaped(int code) {
            return switch (code) {
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'v' -> 0x0b;
                default -> code;
            };
        }

        @Override
        public void close() throws IOException {
            in.close();
            copy.close();
        }
    }
}
