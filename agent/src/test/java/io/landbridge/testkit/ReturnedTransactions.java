package io.landbridge.testkit;

import static io.landbridge.testkit.MysqlTransactions.run;
import static io.landbridge.testkit.MysqlTransactions.text;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * What the clients of {@link MysqlTransactions} do wherever they are led: the same tables, in the
 * words of the server that they find there. Only values that MySQL can hold, too.
 */
public final class ReturnedTransactions {

    private ReturnedTransactions() {}

    /** The whole mix, for either server. */
    public static List<WriterTransaction> all() {
        return MysqlTransactions.all().stream()
                .map(
                        at ->
                                new WriterTransaction(
                                        at.name(),
                                        at.weight(),
                                        (connection, random) ->
                                                isMysql(connection)
                                                        ? at.body().run(connection, random)
                                                        : translated(
                                                                at.name(), connection, random)))
                .toList();
    }

    private static boolean isMysql(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("MySQL");
    }

    private static boolean translated(String kind, Connection connection, Random random)
            throws SQLException {
        switch (kind) {
            case "transfer" -> transfer(connection, random);
            case "account" ->
                    run(
                            connection,
                            "INSERT INTO work.account (balance, note, at) VALUES (0, ?, now())",
                            text(random));
            case "document" -> document(connection, random);
            case "key change" -> keyChange(connection, random);
            case "swap" -> swap(connection, random);
            case "family" -> family(connection, random);
            case "keyless" -> keyless(connection, random);
            case "savepoint" -> savepoint(connection, random);
            case "truncate" -> {
                run(connection, "TRUNCATE work.scratch");
                run(connection, "INSERT INTO work.scratch VALUES (" + random.nextInt() + ", 'n')");
            }
            case "take back" -> {
                run(
                        connection,
                        "DELETE FROM work.account WHERE id > " + (100 + random.nextInt(1_000)));
                return false;
            }
            default -> throw new IllegalArgumentException(kind);
        }
        return true;
    }

    private static void transfer(Connection connection, Random random) throws SQLException {
        String amount = (random.nextInt(20_000) - 10_000) / 100.0 + "";
        int from = 1 + random.nextInt(100);
        run(
                connection,
                "UPDATE work.account SET balance = balance - ?::numeric, seen = clock_timestamp()"
                        + " WHERE id = "
                        + from,
                amount);
        run(
                connection,
                "UPDATE work.account SET balance = balance + ?::numeric, open = NOT open WHERE id ="
                        + " "
                        + (1 + random.nextInt(100)),
                amount);
        run(
                connection,
                "INSERT INTO work.entry VALUES (" + from + ", ?::numeric, '01:02:03.004')",
                amount);
    }

    private static void document(Connection connection, Random random) throws SQLException {
        String id = "decode(lpad(to_hex(" + (1 + random.nextInt(400)) + "), 16, '0'), 'hex')";
        switch (random.nextInt(4)) {
            case 0 -> run(connection, "DELETE FROM work.doc WHERE id = " + id);
            case 1 ->
                    run(
                            connection,
                            "UPDATE work.doc SET body = jsonb_build_object('t', ?::text, 'n',"
                                    + " 1.5e3, 'z', -0.25), tags = '{a,b c}' WHERE id = "
                                    + id,
                            text(random));
            case 2 ->
                    run(
                            connection,
                            "UPDATE work.doc SET state = 'paid, late', since = 2001 WHERE id = "
                                    + id);
            default ->
                    run(
                            connection,
                            "INSERT INTO work.doc (id, state, tags, long_text, since) VALUES ("
                                    + id
                                    + ", '', '{}', repeat(?::text, "
                                    + random.nextInt(5_000)
                                    + "), 2155) ON CONFLICT DO NOTHING",
                            text(random));
        }
    }

    private static void keyChange(Connection connection, Random random) throws SQLException {
        run(
                connection,
                "UPDATE work.pair SET a = ?, v = v + 0.125 WHERE (a, b) IN (SELECT a, b FROM"
                        + " work.pair WHERE a = 'k"
                        + random.nextInt(10)
                        + "' ORDER BY b LIMIT 1)",
                "ÿ" + random.nextInt(1_000_000));
        run(
                connection,
                "UPDATE work.pair p SET a = 'k"
                        + random.nextInt(10)
                        + "' || '_' || floor(random() * 1e9)::bigint WHERE (a, b) IN (SELECT a, b"
                        + " FROM work.pair WHERE a LIKE ? LIMIT 1)",
                "ÿ%");
    }

    private static void swap(Connection connection, Random random) throws SQLException {
        int one = 1 + random.nextInt(50);
        int two = 51 + random.nextInt(50);
        run(connection, "UPDATE work.badge SET code = NULL WHERE id IN (" + one + "," + two + ")");
        run(connection, "UPDATE work.badge SET code = " + -two + " WHERE id = " + one);
        run(connection, "UPDATE work.badge SET code = " + -one + " WHERE id = " + two);
    }

    private static void family(Connection connection, Random random) throws SQLException {
        int parent = 1_000 + random.nextInt(50);
        run(connection, "INSERT INTO work.parent VALUES (" + parent + ") ON CONFLICT DO NOTHING");
        run(connection, "INSERT INTO work.child (parent, bits) VALUES (" + parent + ", B'10110')");
        if (random.nextInt(3) == 0) {
            run(connection, "DELETE FROM work.child WHERE parent = " + parent);
            run(connection, "DELETE FROM work.parent WHERE id = " + parent);
        }
    }

    private static void keyless(Connection connection, Random random) throws SQLException {
        String where =
                " WHERE ctid = (SELECT ctid FROM work.entry WHERE account = "
                        + (1 + random.nextInt(100))
                        + " LIMIT 1)";
        run(
                connection,
                random.nextBoolean()
                        ? "DELETE FROM work.entry" + where
                        : "UPDATE work.entry SET amount = amount + 1" + where);
    }

    private static void savepoint(Connection connection, Random random) throws SQLException {
        run(
                connection,
                "INSERT INTO work.scratch VALUES ("
                        + random.nextInt()
                        + ", 'kept') ON CONFLICT DO NOTHING");
        var here = connection.setSavepoint();
        run(connection, "UPDATE work.scratch SET t = 'never' WHERE id % 3 = 0");
        connection.rollback(here);
    }
}
