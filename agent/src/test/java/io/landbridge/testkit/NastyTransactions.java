package io.landbridge.testkit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/**
 * What real applications do to a change stream, and some things that only few do: each kind of
 * transaction is there because it breaks a plausible way of applying changes.
 */
public final class NastyTransactions {

    private static final String[] REGIONS = {"north", "süd", "o'st", "w\test"};
    private static final String[] LABELS = {
        "",
        " ",
        "a",
        "A",
        "a ",
        "é",
        "e\u0301",
        "\\",
        "\\N",
        "tab\there",
        "line\nbreak",
        "quote'\"",
        "{}",
        "NULL",
        "null",
        "€\uD83D\uDE00",
        "\u007f",
        "(a,b)",
        "$1",
        "%s"
    };

    private NastyTransactions() {}

    /** The whole mix; TPC-B is about half of it. */
    public static List<WriterTransaction> all() {
        return List.of(
                new WriterTransaction("tpcb", 40, NastyTransactions::tpcb),
                new WriterTransaction("ledger", 6, NastyTransactions::compositeKey),
                new WriterTransaction("document", 8, NastyTransactions::document),
                new WriterTransaction("event log", 6, NastyTransactions::keyless),
                new WriterTransaction("swap", 5, NastyTransactions::swapUniqueValues),
                new WriterTransaction("badge", 4, NastyTransactions::otherIdentity),
                new WriterTransaction("family", 5, NastyTransactions::family),
                new WriterTransaction("key change", 5, NastyTransactions::keyChange),
                new WriterTransaction("scratch", 5, NastyTransactions::scratch),
                new WriterTransaction("truncate", 1, NastyTransactions::truncate),
                new WriterTransaction("hot", 8, NastyTransactions::hotRows),
                new WriterTransaction("label", 4, NastyTransactions::label),
                new WriterTransaction("measure", 3, NastyTransactions::equalKeysSpelledDifferently),
                new WriterTransaction("odd types", 4, NastyTransactions::oddTypes),
                new WriterTransaction("partition", 4, NastyTransactions::partition),
                new WriterTransaction("savepoint", 5, NastyTransactions::savepoints),
                new WriterTransaction("rollback", 3, NastyTransactions::rollback),
                new WriterTransaction("subtransactions", 2, NastyTransactions::subtransactions),
                new WriterTransaction("temporary", 1, NastyTransactions::temporary));
    }

    /** As pgbench's built-in script. */
    static boolean tpcb(Connection c, Random r) throws SQLException {
        int aid = 1 + r.nextInt(2000);
        int bid = 1;
        int tid = 1 + r.nextInt(10);
        int delta = r.nextInt(10_001) - 5000;
        run(c, "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?", delta, aid);
        run(c, "UPDATE pgbench_tellers SET tbalance = tbalance + ? WHERE tid = ?", delta, tid);
        run(c, "UPDATE pgbench_branches SET bbalance = bbalance + ? WHERE bid = ?", delta, bid);
        run(
                c,
                "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)"
                        + " VALUES (?, ?, ?, ?, localtimestamp)",
                tid,
                bid,
                aid,
                delta);
        return true;
    }

    static boolean compositeKey(Connection c, Random r) throws SQLException {
        String region = REGIONS[r.nextInt(REGIONS.length)];
        int number = 1 + r.nextInt(1500);
        switch (r.nextInt(4)) {
            case 0 ->
                    run(
                            c,
                            "DELETE FROM work.ledger WHERE region = ? AND number = ?",
                            region,
                            number);
            case 1 ->
                    run(
                            c,
                            "UPDATE work.ledger SET amount = NULL WHERE number = ?", // all regions
                            number);
            default ->
                    run(
                            c,
                            "INSERT INTO work.ledger (region, number, amount, note)"
                                    + " VALUES (?, ?, ?, ?) ON CONFLICT (region, number) DO UPDATE"
                                    + " SET amount = excluded.amount, note = excluded.note",
                            region,
                            number,
                            r.nextInt(1_000_000) / 7,
                            r.nextInt(5) == 0 ? null : "note " + r.nextInt());
        }
        return true;
    }

    /** Big values: mostly left alone by updates, sometimes replaced, shrunk or nulled. */
    static boolean document(Connection c, Random r) throws SQLException {
        String id = "md5('" + (1 + r.nextInt(1500)) + "')::uuid";
        String where = " WHERE id = " + id;
        switch (r.nextInt(9)) {
            case 0 ->
                    run(
                            c,
                            "UPDATE work.document SET body = ?, version = version + 1" + where,
                            "b" + (char) ('a' + r.nextInt(26)) + "x".repeat(r.nextInt(9000)));
            case 1 -> run(c, "UPDATE work.document SET scan = NULL, body = ''" + where);
            case 2 -> run(c, "DELETE FROM work.document" + where);
            case 3, 4 ->
                    run(
                            c,
                            "INSERT INTO work.document VALUES ("
                                    + id
                                    + ", 1, 'new', repeat('y', ?), '{\"k\": [1, null, 1.50]}',"
                                    + " decode(repeat('ab', ?), 'hex')) ON CONFLICT (id) DO UPDATE"
                                    + " SET title = work.document.title || '+'",
                            r.nextInt(9000),
                            r.nextInt(9000));
            case 5 -> {
                // New and changed in one transaction: the second change lacks what the first has.
                run(c, "DELETE FROM work.document" + where);
                run(
                        c,
                        "INSERT INTO work.document VALUES ("
                                + id
                                + ", 0, 't', repeat('z', 5000), NULL, NULL)");
                run(c, "UPDATE work.document SET version = 7" + where);
            }
            default ->
                    run(
                            c,
                            "UPDATE work.document SET version = version + 1,"
                                    + " meta = jsonb_set(meta, '{n}', to_jsonb(?::int))"
                                    + where,
                            r.nextInt());
        }
        return true;
    }

    /** One of several equal rows, in a table without a key. */
    static boolean keyless(Connection c, Random r) throws SQLException {
        int kind = r.nextInt(50);
        String one =
                " WHERE ctid = (SELECT ctid FROM work.event_log WHERE kind = ? LIMIT 1 FOR UPDATE"
                        + " SKIP LOCKED)";
        switch (r.nextInt(5)) {
            case 0 -> run(c, "DELETE FROM work.event_log" + one, kind);
            case 1 ->
                    run(
                            c,
                            "UPDATE work.event_log SET note = ?" + one,
                            r.nextInt(3) == 0 ? null : "changed " + r.nextInt(3),
                            kind);
            case 2 ->
                    run(
                            c,
                            "INSERT INTO work.event_log SELECT ?, 'note', repeat('q', 4000),"
                                    + " '2021-01-01' FROM generate_series(1, 2)",
                            kind);
            default ->
                    run(c, "INSERT INTO work.event_log VALUES (?, NULL, NULL, '2020-01-01')", kind);
        }
        return true;
    }

    /** Two rows exchange unique values, one way through a free value, one way deferred. */
    static boolean swapUniqueValues(Connection c, Random r) throws SQLException {
        int a = 1 + r.nextInt(100);
        int b = a + 1 + r.nextInt(50);
        if (r.nextBoolean()) {
            run(
                    c,
                    "UPDATE work.seat SET badge = (SELECT s.badge FROM work.seat s WHERE s.id ="
                            + " CASE work.seat.id WHEN ? THEN ? ELSE ? END) WHERE id IN (?, ?)",
                    a,
                    b,
                    a,
                    a,
                    b);
            return true;
        }
        run(c, "SELECT FROM work.seat WHERE id IN (?, ?) ORDER BY id FOR UPDATE", a, b);
        int free = -1 - r.nextInt(1_000_000_000);
        run(
                c,
                "CREATE TEMPORARY TABLE places ON COMMIT DROP AS"
                        + " SELECT id, place FROM work.seat WHERE id IN (?, ?)",
                a,
                b);
        run(c, "UPDATE work.seat SET place = ? WHERE id = ?", free, a);
        run(
                c,
                "UPDATE work.seat SET place = (SELECT place FROM places WHERE id = ?) WHERE id = ?",
                a,
                b);
        run(
                c,
                "UPDATE work.seat SET place = (SELECT place FROM places WHERE id = ?) WHERE id = ?",
                b,
                a);
        return true;
    }

    /** The stream knows these rows by a unique index, not by their primary key. */
    static boolean otherIdentity(Connection c, Random r) throws SQLException {
        String code = "code " + (1 + r.nextInt(400));
        switch (r.nextInt(4)) {
            case 0 -> run(c, "DELETE FROM work.badge WHERE code = ?", code);
            case 1 ->
                    run(
                            c,
                            "UPDATE work.badge SET code = code || '-' WHERE code = ?"
                                    + " AND length(code) < 20",
                            code);
            default ->
                    run(
                            c,
                            "INSERT INTO work.badge (code, holder) VALUES (?, ?)"
                                    + " ON CONFLICT (code) DO UPDATE SET issued ="
                                    + " work.badge.issued + 1",
                            code,
                            "holder " + r.nextInt());
        }
        return true;
    }

    static boolean family(Connection c, Random r) throws SQLException {
        switch (r.nextInt(3)) {
            case 0 ->
                    run(
                            c,
                            "DELETE FROM work.customer WHERE id = (SELECT id FROM work.customer"
                                    + " OFFSET ? LIMIT 1)",
                            r.nextInt(200));
            case 1 ->
                    run(
                            c,
                            "UPDATE work.purchase SET total = total + 1 WHERE customer ="
                                    + " (SELECT id FROM work.customer OFFSET ? LIMIT 1)",
                            r.nextInt(200));
            default ->
                    run(
                            c,
                            "WITH c AS (INSERT INTO work.customer (name, email) VALUES (?, NULL)"
                                    + " RETURNING id), p AS (INSERT INTO work.purchase (customer,"
                                    + " total) SELECT id, 5 FROM c, generate_series(1, 2)"
                                    + " RETURNING id) INSERT INTO work.purchase_line SELECT id, l,"
                                    + " 'article', 1 FROM p, generate_series(1, 3) l",
                            "new " + r.nextInt());
        }
        return true;
    }

    /** Keys move, also onto keys that were just left, beside a big value that stays. */
    static boolean keyChange(Connection c, Random r) throws SQLException {
        long id = 10L * (1 + r.nextInt(500));
        switch (r.nextInt(4)) {
            case 0 -> {
                run(c, "DELETE FROM work.moving WHERE id IN (?, ?)", id, id + 1);
                run(c, "INSERT INTO work.moving VALUES (?, 'fresh', repeat('m', 3000))", id);
            }
            case 1 -> {
                run(c, "DELETE FROM work.moving WHERE id = ?", id + 1);
                run(c, "UPDATE work.moving SET id = id + 1 WHERE id = ?", id);
            }
            case 2 -> {
                // A chain: b leaves its key, a takes it over.
                run(c, "DELETE FROM work.moving WHERE id = ?", id + 2);
                run(c, "UPDATE work.moving SET id = ? WHERE id = ?", id + 2, id + 1);
                run(c, "UPDATE work.moving SET id = ?, tag = 'chain' WHERE id = ?", id + 1, id);
            }
            default -> {
                // There and back again, changed on the way.
                run(c, "DELETE FROM work.moving WHERE id = ?", -id);
                run(c, "UPDATE work.moving SET id = -id WHERE id = ?", id);
                run(c, "UPDATE work.moving SET tag = 'away' WHERE id = ?", -id);
                run(c, "UPDATE work.moving SET id = -id WHERE id = ?", -id);
            }
        }
        return true;
    }

    static boolean scratch(Connection c, Random r) throws SQLException {
        run(
                c,
                "WITH s AS (INSERT INTO work.scratch (note) SELECT 'n' || g FROM"
                        + " generate_series(1, ?) g RETURNING id) INSERT INTO work.scratch_child"
                        + " SELECT id, 'child' FROM s WHERE id % 2 = 0",
                1 + r.nextInt(20));
        return true;
    }

    /** With rows before it and after it in the same transaction, sometimes taken back. */
    static boolean truncate(Connection c, Random r) throws SQLException {
        scratch(c, r);
        Savepoint savepoint = c.setSavepoint();
        run(
                c,
                r.nextBoolean()
                        ? "TRUNCATE work.scratch, work.scratch_child"
                        : "TRUNCATE work.scratch RESTART IDENTITY CASCADE");
        if (r.nextInt(4) == 0) {
            c.rollback(savepoint);
        }
        scratch(c, r);
        return true;
    }

    /** Many changes of the same few keys in one transaction. */
    static boolean hotRows(Connection c, Random r) throws SQLException {
        for (int i = 2 + r.nextInt(6); i > 0; i--) {
            int id = 1 + r.nextInt(20);
            switch (r.nextInt(6)) {
                case 0 -> run(c, "DELETE FROM work.hot WHERE id = ?", id);
                case 1, 2 ->
                        run(
                                c,
                                "INSERT INTO work.hot VALUES (?, 1, 'new', repeat('h', 3000))"
                                        + " ON CONFLICT (id) DO UPDATE SET a = work.hot.a + 1",
                                id);
                case 3 -> run(c, "UPDATE work.hot SET c = NULL WHERE id = ?", id);
                default ->
                        run(
                                c,
                                "UPDATE work.hot SET a = a + 1, b = ? WHERE id = ?",
                                "b" + r.nextInt(10),
                                id);
            }
        }
        return true;
    }

    static boolean label(Connection c, Random r) throws SQLException {
        String name = LABELS[r.nextInt(LABELS.length)];
        if (r.nextInt(3) == 0) {
            run(c, "DELETE FROM work.label WHERE name = ?", name);
        } else {
            run(
                    c,
                    "INSERT INTO work.label VALUES (?, 1) ON CONFLICT (name) DO UPDATE"
                            + " SET uses = work.label.uses + 1",
                    name);
        }
        return true;
    }

    static boolean equalKeysSpelledDifferently(Connection c, Random r) throws SQLException {
        int point = 1 + r.nextInt(40);
        String spelled = point + ".0" + "0".repeat(r.nextInt(3));
        switch (r.nextInt(3)) {
            case 0 ->
                    run(
                            c,
                            "UPDATE work.measure SET point = " + spelled + " WHERE point = ?",
                            point);
            case 1 -> {
                run(c, "DELETE FROM work.measure WHERE point = ?", point);
                run(c, "INSERT INTO work.measure VALUES (" + spelled + ", random())");
            }
            default ->
                    run(c, "UPDATE work.measure SET value = '-0'::float8 WHERE point = ?", point);
        }
        return true;
    }

    static boolean oddTypes(Connection c, Random r) throws SQLException {
        String table = "work.\"Odd \"\"Types\"\"\"";
        int id = 1 + r.nextInt(300);
        if (r.nextInt(4) == 0) {
            run(c, "DELETE FROM " + table + " WHERE \"Id\" = ?", id);
            return true;
        }
        run(c, "DELETE FROM " + table + " WHERE \"Id\" = ?", id);
        run(
                c,
                "INSERT INTO "
                        + table
                        + " VALUES (?, 'a\\b', 'it''s \"fine\"', ARRAY['so, so', NULL]::work.mood[],"
                        + " 99.99, ROW(1, 'x,\"y')::work.pair, "
                        + pick(r, "'infinity'", "'0044-03-15 BC'", "'2024-02-29'")
                        + ", '24:00', '23:59:59.999999+15:59', "
                        + pick(r, "'-infinity'", "'294276-12-31 23:59:59.999999'")
                        + ", "
                        + pick(r, "'infinity'", "'0001-01-01 00:00:00+00 BC'", "now()")
                        + ", '-1 year 3 days -04:05:06.789', "
                        + pick(r, "'NaN'", "1.1", "3.4e38")
                        + ", "
                        + pick(r, "'-0'", "'-Infinity'", "0.1", "5e-324")
                        + ", "
                        + pick(r, "'NaN'", "1e-40", "12345678901234567890.00")
                        + ", '-12.34', true, B'10101', B'', '\\x00ff5c27', '::1/64',"
                        + " '08:00:2b:01:02:03', '{\"a\": 1,  \"a\": 2}', '{\"a\": 1.10}',"
                        + " '{{1,NULL},{3,4}}', ARRAY['', NULL, 'NULL', '\"', E'\\\\'], '[1,5)',"
                        + " '(1.5,-0)', 'a:1A b:2', md5(random()::text)::uuid, 'pad', 42)",
                id);
        if (r.nextBoolean()) {
            run(c, "UPDATE " + table + " SET \"select\" = NULL, flag = NULL WHERE \"Id\" = ?", id);
        }
        return true;
    }

    /** Rows that wander between partitions, which the log shows as delete and insert. */
    static boolean partition(Connection c, Random r) throws SQLException {
        int id = 1 + r.nextInt(1200);
        if (r.nextInt(4) == 0) {
            run(c, "DELETE FROM work.reading WHERE id = ?", id);
        }
        run(
                c,
                "UPDATE work.reading SET day = (day + ?) % 25, value = value || '.' WHERE id = ?"
                        + " AND length(value) < 100",
                r.nextInt(25),
                id);
        run(
                c,
                "INSERT INTO work.reading VALUES (?, ?, 'new') ON CONFLICT DO NOTHING",
                id,
                r.nextInt(25));
        return true;
    }

    static boolean savepoints(Connection c, Random r) throws SQLException {
        hotRows(c, r);
        Savepoint outer = c.setSavepoint();
        document(c, r);
        Savepoint inner = c.setSavepoint();
        keyless(c, r);
        c.rollback(inner);
        compositeKey(c, r);
        if (r.nextBoolean()) {
            c.rollback(outer);
        }
        tpcb(c, r);
        return true;
    }

    static boolean rollback(Connection c, Random r) throws SQLException {
        hotRows(c, r);
        document(c, r);
        keyless(c, r);
        scratch(c, r);
        return false;
    }

    /** More than 64 subtransactions, so that the server's caches of them overflow. */
    static boolean subtransactions(Connection c, Random r) throws SQLException {
        run(
                c,
                "DO $$ BEGIN FOR i IN 1..80 LOOP BEGIN"
                        + " INSERT INTO work.ledger (region, number, note)"
                        + " VALUES ('sub', i, 'subtransaction');"
                        + " IF i % 3 = 0 THEN RAISE EXCEPTION 'taken back'; END IF;"
                        + " EXCEPTION WHEN raise_exception OR unique_violation THEN"
                        + " UPDATE work.ledger SET amount = coalesce(amount, 0) + 1"
                        + " WHERE region = 'sub' AND number = i;"
                        + " END; END LOOP; END $$");
        if (r.nextBoolean()) {
            run(c, "DELETE FROM work.ledger WHERE region = 'sub' AND number % 2 = 0");
        }
        return true;
    }

    /** Writes that the log knows of but nobody else shall see. */
    static boolean temporary(Connection c, Random r) throws SQLException {
        run(
                c,
                "CREATE TEMPORARY TABLE pad ON COMMIT DROP AS SELECT g FROM generate_series(1, ?) g",
                1 + r.nextInt(100));
        return true;
    }

    static void huge(Connection c, int batch, int rows) throws SQLException {
        long from = (long) batch * 1_000_000_000L;
        String insert =
                "INSERT INTO work.bulk SELECT ? + g, ?, md5(g::text) FROM generate_series(?, ?) g";
        run(c, insert, from, batch, 1, rows);
        Savepoint savepoint = c.setSavepoint();
        run(c, insert, from, batch, rows + 1, rows + rows / 10);
        c.rollback(savepoint);
        run(
                c,
                "UPDATE work.bulk SET payload = payload || '!' WHERE batch = ? AND id % 2 = 0",
                batch);
        run(c, "DELETE FROM work.bulk WHERE batch = ? AND id % 10 = 3", batch);
    }

    private static String pick(Random r, String... values) {
        return values[r.nextInt(values.length)];
    }

    private static void run(Connection c, String sql, Object... values) throws SQLException {
        if (values.length == 0) {
            try (Statement statement = c.createStatement()) {
                statement.execute(sql);
            }
            return;
        }
        try (PreparedStatement statement = c.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.execute();
        }
    }
}
