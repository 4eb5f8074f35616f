package io.landbridge.soak;

import io.landbridge.testkit.PgBouncer;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients as pgbench's: each moves money on a connection of its own through PgBouncer, at a steady
 * rate, and keeps a log of what was acknowledged. Anything that fails is counted, nothing is tried
 * again.
 */
public final class BankClients implements AutoCloseable {

    private final PgBouncer bouncer;
    private final int clients;
    private final long intervalNanos;
    private final int accounts;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean stopped;

    public BankClients(PgBouncer bouncer, int clients, double perSecond, int accounts) {
        this.bouncer = bouncer;
        this.clients = clients;
        this.intervalNanos = (long) (1e9 * clients / perSecond);
        this.accounts = accounts;
    }

    public static void createTables(TestDatabase database, int accounts) {
        database.execute(
                "CREATE TABLE branch (id int PRIMARY KEY, balance bigint NOT NULL)",
                "CREATE TABLE teller (id int PRIMARY KEY, balance bigint NOT NULL)",
                "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL, filler text)",
                "CREATE TABLE history (client int, seq int, account int, delta int,"
                        + " at timestamptz DEFAULT now(), PRIMARY KEY (client, seq))",
                "INSERT INTO branch SELECT i, 0 FROM generate_series(1, 20) i",
                "INSERT INTO teller SELECT i, 0 FROM generate_series(1, 200) i",
                "INSERT INTO account SELECT i, 0, repeat('x', 60) FROM generate_series(1, "
                        + accounts
                        + ") i",
                "VACUUM ANALYZE");
    }

    public void start() {
        for (int client = 1; client <= clients; client++) {
            int number = client;
            Thread thread = new Thread(() -> work(number), "bank-client-" + client);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void work(int client) {
        Random random = new Random(client);
        int seq = 0;
        while (!stopped) {
            try (Connection connection = bouncer.connect()) {
                connection.setAutoCommit(false);
                long next = System.nanoTime();
                while (!stopped) {
                    transact(connection, client, ++seq, random);
                    next += intervalNanos;
                    long now = System.nanoTime();
                    if (next < now) {
                        next = now;
                    }
                    LockSupport.parkNanos(next - now);
                }
            } catch (SQLException e) {
                failed.incrementAndGet();
                System.err.println("client " + client + ": " + e.getMessage());
                LockSupport.parkNanos(intervalNanos);
            }
        }
    }

    private void transact(Connection connection, int client, int seq, Random random)
            throws SQLException {
        long began = System.nanoTime();
        int account = 1 + random.nextInt(accounts);
        int delta = random.nextInt(10_001) - 5_000;
        run(connection, "UPDATE account SET balance = balance + ? WHERE id = ?", delta, account);
        try (PreparedStatement select =
                connection.prepareStatement("SELECT balance FROM account WHERE id = ?")) {
            select.setInt(1, account);
            try (ResultSet row = select.executeQuery()) {
                row.next();
            }
        }
        run(
                connection,
                "UPDATE teller SET balance = balance + ? WHERE id = ?",
                delta,
                1 + random.nextInt(200));
        run(
                connection,
                "UPDATE branch SET balance = balance + ? WHERE id = ?",
                delta,
                1 + random.nextInt(20));
        run(
                connection,
                "INSERT INTO history (client, seq, account, delta) VALUES (?, ?, ?, ?)",
                client,
                seq,
                account,
                delta);
        connection.commit();
        acknowledged.add(client + "/" + seq);
        longestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
    }

    private static void run(Connection connection, String sql, int... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setInt(1 + i, values[i]);
            }
            if (statement.executeUpdate() != 1) {
                throw new SQLException("no row: " + sql);
            }
        }
    }

    public int acknowledged() {
        return acknowledged.size();
    }

    public long failed() {
        return failed.get();
    }

    /** The longest transaction since this was asked last. */
    Duration pauseSoFar() {
        return Duration.ofNanos(longestNanos.getAndSet(0));
    }

    /** As {@link #pauseSoFar}, after letting them go on for a while. */
    Duration pauseAfter(Duration stay) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(stay.toNanos());
        return pauseSoFar();
    }

    /**
     * Whether {@code database} holds every transaction that was acknowledged before, each once, and
     * the sums are those of the history.
     */
    public void assertNothingLost(TestDatabase database) {
        Set<String> before = new HashSet<>(acknowledged);
        List<String> rows = database.rows("SELECT client || '/' || seq FROM history");
        Set<String> there = new HashSet<>(rows);
        if (there.size() != rows.size()) {
            throw new AssertionError((rows.size() - there.size()) + " transactions are doubled");
        }
        before.removeAll(there);
        if (!before.isEmpty()) {
            throw new AssertionError(before.size() + " acknowledged are lost: " + before);
        }
        String sums =
                database.value(
                        "SELECT (SELECT sum(delta) FROM history) = (SELECT sum(balance) FROM"
                                + " account) AND (SELECT sum(delta) FROM history) = (SELECT"
                                + " sum(balance) FROM teller) AND (SELECT sum(delta) FROM history)"
                                + " = (SELECT sum(balance) FROM branch)");
        if (!sums.equals("t")) {
            throw new AssertionError("the books of " + database.name() + " don't balance");
        }
    }

    public void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public void close() {
        stopped = true;
    }
}
