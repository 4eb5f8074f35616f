package io.landbridge.testkit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The counterpart of {@link NastyTransactions} for a MySQL source: tables in a database {@code
 * work}, what clients do to them, and a comparison of both sides that shares nothing with the
 * agent's.
 */
public final class MysqlTransactions {

    /** The database that the tables are in, and the schema at the target. */
    public static final String DATABASE = "work";

    private static final String[] TEXTS = {
        "",
        " ",
        "a",
        "A",
        "é",
        "tab\there",
        "line\nbreak",
        "quote'\"",
        "back\\slash",
        "\\N",
        "€\uD83D\uDE00"
    };

    private static final List<String> TABLES =
            List.of(
                    "CREATE TABLE receipt (writer int, seq int, kind varchar(40) NOT NULL,"
                            + " PRIMARY KEY (writer, seq))",
                    "CREATE TABLE account (id int unsigned AUTO_INCREMENT PRIMARY KEY, balance"
                            + " decimal(12,2) NOT NULL, open tinyint(1), note varchar(50) CHARACTER"
                            + " SET utf8mb4, at datetime(6), seen timestamp(6) NULL)",
                    "CREATE TABLE entry (account int unsigned, amount decimal(12,2), at time(3))",
                    "CREATE TABLE doc (id binary(8) PRIMARY KEY, body json, state enum('new','paid,"
                            + " late','') NOT NULL, tags set('a','b c','d'), long_text longtext"
                            + " CHARACTER SET utf8mb4, since year)",
                    "CREATE TABLE pair (a varchar(20) CHARACTER SET latin1, b bigint unsigned, v"
                            + " double, PRIMARY KEY (a, b))",
                    "CREATE TABLE badge (id int PRIMARY KEY, code int UNIQUE)",
                    "CREATE TABLE parent (id int PRIMARY KEY)",
                    "CREATE TABLE child (id int AUTO_INCREMENT PRIMARY KEY, parent int NOT NULL,"
                            + " bits bit(5), FOREIGN KEY (parent) REFERENCES parent (id))",
                    "CREATE TABLE scratch (id int PRIMARY KEY, t text CHARACTER SET utf8mb4)",
                    "CREATE TABLE huge (batch int, id int, v varchar(40), PRIMARY KEY (batch, id))");

    /** For each table its columns' texts at MySQL, and at PostgreSQL. */
    private static final List<List<String>> TEXT_OF =
            List.of(
                    List.of("receipt", "writer, seq, kind", "writer, seq, kind"),
                    List.of(
                            "account",
                            "id, balance, open, note, DATE_FORMAT(at, '%Y-%m-%d %H:%i:%s.%f'),"
                                    + " UNIX_TIMESTAMP(seen)",
                            "id, balance, open::int, note, to_char(at, 'YYYY-MM-DD HH24:MI:SS.US'),"
                                    + " extract(epoch FROM seen)::numeric(20,6)"),
                    List.of(
                            "entry",
                            "account, amount, TIME_FORMAT(at, '%H:%i:%s.%f')",
                            "account, amount, to_char(at, 'HH24:MI:SS.US')"),
                    List.of(
                            "doc",
                            "HEX(id), CAST(body AS CHAR), state, tags, LENGTH(long_text),"
                                    + " MD5(long_text), since",
                            "upper(encode(id, 'hex')), body, state, array_to_string(tags, ','),"
                                    + " octet_length(long_text), md5(long_text), since"),
                    List.of("pair", "a, b, CAST(v * 1000 AS SIGNED)", "a, b, (v * 1000)::bigint"),
                    List.of("badge", "id, code", "id, code"),
                    List.of("parent", "id", "id"),
                    List.of("child", "id, parent, LPAD(BIN(bits), 5, '0')", "id, parent, bits"),
                    List.of("scratch", "id, t", "id, t"),
                    List.of("huge", "batch, id, v", "batch, id, v"));

    private MysqlTransactions() {}

    /** Makes the database, its tables and their first rows. */
    public static MysqlTestDatabase create(MysqlServer server, int rows) {
        MysqlTestDatabase database = server.createDatabase(DATABASE);
        TABLES.forEach(database::execute);
        String numbers =
                "WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < "
                        + rows
                        + ") SELECT ";
        database.execute(
                "SET SESSION "
                        + server.recursionSetting()
                        + " = 1000000;"
                        + " INSERT INTO account (balance, open, note, at, seen) "
                        + numbers
                        + "i, i % 2, CONCAT('note ', i), '2024-02-29 23:59:59.5', NOW(6) FROM n;"
                        + " INSERT INTO doc "
                        + numbers
                        + "UNHEX(LPAD(HEX(i), 16, '0')), JSON_OBJECT('n', i, 'list',"
                        + " JSON_ARRAY(1, 'x')), 'new', 'a,d', REPEAT('long ', i % 50), 1901 + i % 200"
                        + " FROM n; INSERT INTO pair "
                        + numbers
                        + "CONCAT('k', i % 10), 18446744073709551615 - i, i / 8 FROM n;"
                        + " INSERT INTO badge "
                        + numbers
                        + "i, -i FROM n; INSERT INTO parent "
                        + numbers
                        + "i FROM n; INSERT INTO entry "
                        + numbers
                        + "i, i / 100, '12:34:56.789' FROM n; INSERT INTO scratch "
                        + numbers
                        + "i, 'at first' FROM n");
        return database;
    }

    /** The whole mix. */
    public static List<WriterTransaction> all() {
        return List.of(
                new WriterTransaction("transfer", 40, MysqlTransactions::transfer),
                new WriterTransaction("account", 8, MysqlTransactions::openAccount),
                new WriterTransaction("document", 10, MysqlTransactions::document),
                new WriterTransaction("key change", 8, MysqlTransactions::keyChange),
                new WriterTransaction("swap", 6, MysqlTransactions::swap),
                new WriterTransaction("family", 6, MysqlTransactions::family),
                new WriterTransaction("keyless", 6, MysqlTransactions::keyless),
                new WriterTransaction("savepoint", 5, MysqlTransactions::savepoint),
                new WriterTransaction("truncate", 1, MysqlTransactions::truncate),
                new WriterTransaction("take back", 4, MysqlTransactions::takeBack));
    }

    private static boolean transfer(Connection connection, Random random) throws SQLException {
        String amount = (random.nextInt(20_000) - 10_000) / 100.0 + "";
        int from = 1 + random.nextInt(100);
        run(
                connection,
                "UPDATE account SET balance = balance - ?, seen = NOW(6) WHERE id = " + from,
                amount);
        run(
                connection,
                "UPDATE account SET balance = balance + ?, open = NOT open WHERE id = "
                        + (1 + random.nextInt(100)),
                amount);
        run(connection, "INSERT INTO entry VALUES (" + from + ", ?, CURTIME(3))", amount);
        return true;
    }

    private static boolean openAccount(Connection connection, Random random) throws SQLException {
        run(
                connection,
                "INSERT INTO account (balance, note, at) VALUES (0, ?, NOW(6))",
                text(random));
        return true;
    }

    private static boolean document(Connection connection, Random random) throws SQLException {
        String id = "UNHEX(LPAD(HEX(" + (1 + random.nextInt(400)) + "), 16, '0'))";
        switch (random.nextInt(4)) {
            case 0 -> run(connection, "DELETE FROM doc WHERE id = " + id);
            case 1 ->
                    run(
                            connection,
                            "UPDATE doc SET body = JSON_SET(body, '$.t', ?), tags = 'b c,a' WHERE"
                                    + " id = "
                                    + id,
                            text(random));
            case 2 ->
                    run(
                            connection,
                            "UPDATE doc SET state = 'paid, late', since = 0 WHERE id = " + id);
            default ->
                    run(
                            connection,
                            "REPLACE INTO doc VALUES ("
                                    + id
                                    + ", NULL, '', '', REPEAT(?, "
                                    + random.nextInt(5_000)
                                    + "), 2155)",
                            text(random));
        }
        return true;
    }

    private static boolean keyChange(Connection connection, Random random) throws SQLException {
        run(
                connection,
                "UPDATE pair SET a = ?, v = v + 0.125 WHERE a = 'k"
                        + random.nextInt(10)
                        + "' ORDER BY b LIMIT 1",
                "ÿ" + random.nextInt(1_000_000));
        run(
                connection,
                "UPDATE IGNORE pair SET a = 'k" + random.nextInt(10) + "' WHERE a LIKE ? LIMIT 1",
                "ÿ%");
        return true;
    }

    private static boolean swap(Connection connection, Random random) throws SQLException {
        List<Integer> two =
                new ArrayList<>(List.of(1 + random.nextInt(50), 51 + random.nextInt(50)));
        Collections.shuffle(two, random);
        run(connection, "UPDATE badge SET code = NULL WHERE id = " + two.get(0));
        run(
                connection,
                "UPDATE badge SET code = -"
                        + two.get(0)
                        + " WHERE id = "
                        + two.get(1)
                        + " AND NOT EXISTS (SELECT 1 FROM (SELECT 1 FROM badge WHERE code = -"
                        + two.get(0)
                        + ") taken)");
        return true;
    }

    private static boolean family(Connection connection, Random random) throws SQLException {
        int parent = 1_000 + random.nextInt(50);
        run(connection, "INSERT IGNORE INTO parent VALUES (" + parent + ")");
        run(connection, "INSERT INTO child (parent, bits) VALUES (" + parent + ", b'10110')");
        if (random.nextInt(3) == 0) {
            run(connection, "DELETE FROM child WHERE parent = " + parent);
            run(connection, "DELETE FROM parent WHERE id = " + parent);
        }
        return true;
    }

    private static boolean keyless(Connection connection, Random random) throws SQLException {
        String where = " WHERE account = " + (1 + random.nextInt(100)) + " ORDER BY at LIMIT 1";
        run(
                connection,
                random.nextBoolean()
                        ? "DELETE FROM entry" + where
                        : "UPDATE entry SET amount = amount + 1" + where);
        return true;
    }

    private static boolean savepoint(Connection connection, Random random) throws SQLException {
        run(connection, "INSERT IGNORE INTO scratch VALUES (" + random.nextInt() + ", 'kept')");
        Savepoint here = connection.setSavepoint();
        run(connection, "UPDATE scratch SET t = 'never' LIMIT 20");
        connection.rollback(here);
        return true;
    }

    private static boolean truncate(Connection connection, Random random) throws SQLException {
        run(connection, "TRUNCATE scratch");
        run(connection, "INSERT INTO scratch VALUES (" + random.nextInt() + ", 'new')");
        return true;
    }

    private static boolean takeBack(Connection connection, Random random) throws SQLException {
        run(connection, "DELETE FROM account WHERE id > " + (100 + random.nextInt(1_000)));
        return false;
    }

    /** Inserts, updates a half, deletes a tenth, in one transaction. */
    public static void huge(MysqlTestDatabase database, int batch, int rows) {
        database.execute(
                "SET SESSION "
                        + database.server().recursionSetting()
                        + " = 100000000; START TRANSACTION;"
                        + " INSERT INTO huge WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1"
                        + " FROM n WHERE i < "
                        + rows
                        + ") SELECT "
                        + batch
                        + ", i, CONCAT('row ', i) FROM n; UPDATE huge SET v = CONCAT(v, ' again')"
                        + " WHERE id % 2 = 0 AND batch = "
                        + batch
                        + "; DELETE FROM huge WHERE id % 10 = 0 AND batch = "
                        + batch
                        + "; COMMIT");
    }

    /** The first tables whose rows are not the same on both sides, as {@code TABLE: ROWS}. */
    public static List<String> differences(MysqlTestDatabase source, TestDatabase target) {
        List<String> found = new ArrayList<>();
        for (List<String> table : TEXT_OF) {
            List<String> left = source.rows("SELECT " + table.get(1) + " FROM " + table.get(0));
            List<String> right =
                    target.rows(
                            "SELECT " + table.get(2) + " FROM " + DATABASE + "." + table.get(0));
            Collections.sort(left);
            Collections.sort(right);
            if (!left.equals(right)) {
                List<String> missing = new ArrayList<>(left);
                missing.removeAll(right);
                List<String> extra = new ArrayList<>(right);
                extra.removeAll(left);
                found.add(
                        "%s: %d and %d rows; only at the source %s; only at the target %s"
                                .formatted(
                                        table.get(0),
                                        left.size(),
                                        right.size(),
                                        missing.subList(0, Math.min(5, missing.size())),
                                        extra.subList(0, Math.min(5, extra.size()))));
            }
        }
        return found;
    }

    static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    static void run(Connection connection, String sql, String... values) throws SQLException {
        if (values.length == 0) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return;
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.execute();
        }
    }
}
