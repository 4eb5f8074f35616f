package io.landbridge.demo;

import io.landbridge.testkit.WriterTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/** What the shop's customers and staff do. */
final class ShopTransactions {

    private final int customers;
    private final int products;
    private final int orders;

    /**
     * @param rows as {@code demo.rows} in shop.sql: ids up to fixed shares of it exist
     */
    ShopTransactions(int rows) {
        this.customers = rows * 8 / 100;
        this.products = rows * 2 / 100;
        this.orders = rows * 15 / 100;
    }

    List<WriterTransaction> all() {
        return List.of(
                new WriterTransaction("look", 40, this::look),
                new WriterTransaction("order", 20, this::order),
                new WriterTransaction("pay", 15, this::pay),
                new WriterTransaction("cancel", 3, this::cancel),
                new WriterTransaction("sign up", 5, this::signUp),
                new WriterTransaction("leave", 1, this::leave),
                new WriterTransaction("review", 5, this::review),
                new WriterTransaction("reprice", 5, this::reprice),
                new WriterTransaction("change of mind", 4, this::changeOfMind),
                new WriterTransaction("forget views", 2, this::forgetViews));
    }

    private boolean look(Connection c, Random r) throws SQLException {
        run(
                c,
                "INSERT INTO page_view (path, client, took) VALUES (?, '10.1.2.3', ? * interval '1"
                        + " ms')",
                "/p/" + r.nextInt(1000),
                r.nextInt(800));
        return true;
    }

    private boolean order(Connection c, Random r) throws SQLException {
        long order =
                id(
                        c,
                        "INSERT INTO \"order\" (customer_id, note)"
                                + " SELECT id, ? FROM customer WHERE id >= ? ORDER BY id LIMIT 1"
                                + " RETURNING id",
                        r.nextInt(4) == 0 ? "please ring twice" : null,
                        1 + r.nextInt(customers));
        // Always in the order of their keys, so that customers don't deadlock.
        int first = 1 + r.nextInt(products - 3);
        for (int line = 1; line <= 1 + r.nextInt(3); line++) {
            run(
                    c,
                    "INSERT INTO order_line (order_id, line, product_id, quantity, price)"
                            + " SELECT ?, ?, id, 1, price FROM product WHERE sku = ?",
                    order,
                    line,
                    "SKU-" + (first + line));
            run(
                    c,
                    "UPDATE stock SET quantity = quantity - 1 WHERE product_id ="
                            + " (SELECT id FROM product WHERE sku = ?)",
                    "SKU-" + (first + line));
        }
        return true;
    }

    private boolean pay(Connection c, Random r) throws SQLException {
        long order =
                id(
                        c,
                        "SELECT id FROM \"order\" WHERE id >= ? ORDER BY id LIMIT 1 FOR UPDATE",
                        1 + r.nextInt(orders));
        run(c, "UPDATE \"order\" SET state = 'paid' WHERE id = ?", order);
        run(
                c,
                "INSERT INTO payment (order_id, amount, method) VALUES (?, ?, 'transfer')",
                order,
                5 + r.nextInt(100));
        return true;
    }

    private boolean cancel(Connection c, Random r) throws SQLException {
        run(c, "DELETE FROM \"order\" WHERE id = ?", 1 + r.nextInt(orders));
        return true;
    }

    private boolean signUp(Connection c, Random r) throws SQLException {
        long customer =
                id(
                        c,
                        "INSERT INTO customer (email, name) VALUES (gen_random_uuid() ||"
                                + " '@example.org', ?) RETURNING id",
                        "Zoë " + r.nextInt(1000));
        run(c, "INSERT INTO address VALUES (?, 1, 'New Street', 'Århus', 'DK')", customer);
        return true;
    }

    /** Of those without orders; their addresses and reviews go with them. */
    private boolean leave(Connection c, Random r) throws SQLException {
        run(
                c,
                "DELETE FROM customer WHERE id = (SELECT id FROM customer c WHERE id > ? AND NOT"
                        + " EXISTS (SELECT FROM \"order\" o WHERE o.customer_id = c.id)"
                        + " ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)",
                customers);
        return true;
    }

    private boolean review(Connection c, Random r) throws SQLException {
        run(
                c,
                "INSERT INTO review (product_id, customer_id, stars, body)"
                        + " SELECT p.id, c.id, ?, ? FROM product p, customer c"
                        + " WHERE p.sku = ? AND c.id = ? ON CONFLICT (product_id, customer_id)"
                        + " DO UPDATE SET stars = excluded.stars",
                1 + r.nextInt(5),
                "nice ".repeat(1 + r.nextInt(20)),
                "SKU-" + (1 + r.nextInt(products)),
                1 + r.nextInt(customers));
        return true;
    }

    private boolean reprice(Connection c, Random r) throws SQLException {
        run(
                c,
                "UPDATE product SET price = price * 1.01, tags = array_append(tags[1:3], 'sale')"
                        + " WHERE sku = ?",
                "SKU-" + (1 + r.nextInt(products)));
        return true;
    }

    /** Rolled back. */
    private boolean changeOfMind(Connection c, Random r) throws SQLException {
        order(c, r);
        return false;
    }

    private boolean forgetViews(Connection c, Random r) throws SQLException {
        run(
                c,
                "DELETE FROM page_view WHERE ctid IN (SELECT ctid FROM page_view"
                        + " ORDER BY seen_at LIMIT ? FOR UPDATE SKIP LOCKED)",
                5 + r.nextInt(10));
        return true;
    }

    private static long id(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(c, sql, values);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void run(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(c, sql, values)) {
            statement.execute();
        }
    }

    private static PreparedStatement prepare(Connection c, String sql, Object... values)
            throws SQLException {
        PreparedStatement statement = c.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
