package io.landbridge.demo;

import io.landbridge.change.TableId;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.SqlAccess;
import io.landbridge.testkit.WriterTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A shop at MySQL: its tables, what its customers do, in words that both databases understand, and
 * a comparison of both sides that shares no code with the agent.
 */
final class MysqlShop implements Shop {

    /** Each table with its columns as text at MySQL, and at PostgreSQL. */
    private static final List<List<String>> TABLES =
            List.of(
                    List.of(
                            "shop.customer",
                            "id, email, name, vip, born,"
                                    + " DATE_FORMAT(signed_up, '%Y-%m-%d %H:%i:%s')",
                            "id, email, name, vip::int, born,"
                                    + " to_char(signed_up, 'YYYY-MM-DD HH24:MI:SS')"),
                    List.of(
                            "shop.product",
                            "id, sku, price, tags, CAST(detail AS CHAR), stock",
                            "id, sku::text, price, array_to_string(tags, ','), detail::text, stock"),
                    List.of(
                            "shop.orders",
                            "id, customer_id, state, UNIX_TIMESTAMP(placed_at),"
                                    + " UNIX_TIMESTAMP(changed_at), note",
                            "id, customer_id, state, extract(epoch FROM"
                                    + " placed_at)::numeric(20,3), extract(epoch FROM"
                                    + " changed_at)::numeric(20,3), note"),
                    List.of(
                            "shop.order_line",
                            "order_id, line, product_id, quantity, price, total",
                            "order_id, line, product_id, quantity, price, total"),
                    List.of(
                            "shop.payment",
                            "HEX(id), order_id, amount, TIME_FORMAT(took, '%H:%i:%s.%f')",
                            "upper(encode(id, 'hex')), order_id, amount,"
                                    + " to_char(took, 'HH24:MI:SS.US')"),
                    List.of(
                            "shop.page_view",
                            "path, DATE_FORMAT(seen_at, '%Y-%m-%d %H:%i:%s.%f'),"
                                    + " CAST(millis AS SIGNED)",
                            "path, to_char(seen_at, 'YYYY-MM-DD HH24:MI:SS.US'), millis::int"),
                    List.of("work.receipt", "writer, seq, kind", "writer, seq, kind"));

    private final MysqlServer server;
    private final MysqlTestDatabase database;
    private final int customers;
    private final int products;
    private final int orders;

    /**
     * @param rows about how many it is filled with, 1,000 at least
     */
    MysqlShop(int rows) throws IOException {
        this.customers = rows / 10;
        this.products = rows / 50;
        this.orders = rows / 4;
        this.server = MysqlServer.start(Map.of());
        this.database = server.createDatabase("shop");
        try (InputStream in =
                MysqlShop.class.getClassLoader().getResourceAsStream("demo/shop-mysql.sql")) {
            database.execute(
                    "SET @rows = "
                            + rows
                            + ";\n"
                            + new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public DatabaseConfig source() {
        return database.config();
    }

    @Override
    public String yaml() {
        return "tables:\n  include: ['shop.*', 'work.*']\n";
    }

    @Override
    public SqlAccess receipts() {
        return database;
    }

    @Override
    public void close() {
        server.close();
    }

    @Override
    public List<WriterTransaction> transactions() {
        return List.of(
                new WriterTransaction("look", 40, this::look),
                new WriterTransaction("order", 25, this::order),
                new WriterTransaction("pay", 15, this::pay),
                new WriterTransaction("send", 10, this::send),
                new WriterTransaction("sign up", 5, this::signUp),
                new WriterTransaction("reprice", 5, this::reprice),
                new WriterTransaction("cancel", 3, this::cancel),
                new WriterTransaction("change of mind", 4, this::changeOfMind));
    }

    private boolean look(Connection c, Random r) throws SQLException {
        run(
                c,
                "INSERT INTO shop.page_view VALUES (?, CURRENT_TIMESTAMP(6), ?)",
                "/p/" + r.nextInt(1000),
                (float) r.nextInt(800));
        return true;
    }

    private boolean order(Connection c, Random r) throws SQLException {
        long order =
                id(
                        c,
                        "INSERT INTO shop.orders (customer_id, note) VALUES (?, ?)",
                        1 + r.nextInt(customers),
                        r.nextInt(4) == 0 ? "please ring twice" : null);
        // Always in the order of their keys, so that customers don't deadlock.
        int first = 1 + r.nextInt(products - 4);
        for (int line = 1; line <= 1 + r.nextInt(3); line++) {
            run(
                    c,
                    "INSERT INTO shop.order_line (order_id, line, product_id, quantity, price)"
                            + " SELECT ?, ?, id, 2, price FROM shop.product WHERE id = ?",
                    order,
                    line,
                    first + line);
            run(c, "UPDATE shop.product SET stock = stock + 1 WHERE id = ?", first + line);
        }
        return true;
    }

    private boolean pay(Connection c, Random r) throws SQLException {
        int order = 1 + r.nextInt(orders);
        byte[] id = new byte[16];
        r.nextBytes(id);
        run(c, "UPDATE shop.orders SET state = 'paid' WHERE id = ?", order);
        run(c, "INSERT INTO shop.payment VALUES (?, ?, 12.34, '00:00:02.5')", id, order);
        return true;
    }

    private boolean send(Connection c, Random r) throws SQLException {
        run(
                c,
                "UPDATE shop.orders SET state = 'returned, late', note = ? WHERE id = ?",
                "né\t" + r.nextInt(100),
                1 + r.nextInt(orders));
        return true;
    }

    private boolean signUp(Connection c, Random r) throws SQLException {
        id(
                c,
                "INSERT INTO shop.customer (email, name, born) VALUES (?, 'Åsa', 1999)",
                Long.toHexString(r.nextLong()) + "@example.org");
        return true;
    }

    private boolean reprice(Connection c, Random r) throws SQLException {
        run(
                c,
                "UPDATE shop.product SET price = price + 0.01 WHERE id = ?",
                1 + r.nextInt(products));
        return true;
    }

    private boolean cancel(Connection c, Random r) throws SQLException {
        int order = 1 + r.nextInt(orders);
        run(c, "DELETE FROM shop.order_line WHERE order_id = ?", order);
        run(c, "DELETE FROM shop.payment WHERE order_id = ?", order);
        run(c, "DELETE FROM shop.orders WHERE id = ?", order);
        return true;
    }

    /** Rolled back. */
    private boolean changeOfMind(Connection c, Random r) throws SQLException {
        order(c, r);
        return false;
    }

    private static long id(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement =
                c.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            set(statement, values);
            statement.executeUpdate();
            try (ResultSet row = statement.getGeneratedKeys()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void run(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = c.prepareStatement(sql)) {
            set(statement, values);
            statement.execute();
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    /** All tables, by the sum of their rows' hashes: whatever order the rows come in. */
    @Override
    public List<RowsOf.Comparison> compare(Connection target) throws SQLException {
        List<RowsOf.Comparison> found = new ArrayList<>();
        try (Connection connection = database.connect()) {
            for (List<String> table : TABLES) {
                Sum left = sum(connection, table.get(1), table.get(0), Integer.MIN_VALUE);
                Sum right = sum(target, table.get(2), table.get(0), 10_000);
                long differing =
                        left.equals(right) ? 0 : Math.max(1, Math.abs(left.rows - right.rows));
                int dot = table.get(0).indexOf('.');
                found.add(
                        new RowsOf.Comparison(
                                new TableId(
                                        table.get(0).substring(0, dot),
                                        table.get(0).substring(dot + 1)),
                                left.rows,
                                right.rows,
                                left.rows >= right.rows ? differing : 0,
                                left.rows < right.rows ? differing : 0,
                                List.of()));
            }
        }
        return found;
    }

    private record Sum(long rows, long high, long low) {}

    /**
     * @param fetch the driver's word for reading row by row
     */
    private static Sum sum(Connection connection, String columns, String table, int fetch)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(fetch);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long count = 0;
            long high = 0;
            long low = 0;
            try (ResultSet row = statement.executeQuery("SELECT " + columns + " FROM " + table)) {
                int width = row.getMetaData().getColumnCount();
                while (row.next()) {
                    for (int i = 1; i <= width; i++) {
                        String value = row.getString(i);
                        digest.update(
                                (value == null ? "∅" : "=" + value)
                                        .getBytes(StandardCharsets.UTF_8));
                        digest.update((byte) 0);
                    }
                    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
                    high += hash.getLong();
                    low += hash.getLong();
                    count++;
                }
            }
            return new Sum(count, high, low);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
