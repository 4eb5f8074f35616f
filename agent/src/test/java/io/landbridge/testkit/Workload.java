package io.landbridge.testkit;

import io.landbridge.config.DatabaseConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Clients that write to a database while it is being migrated, and know what was acknowledged.
 *
 * <p>{@link #createTables} makes the tables, {@link NastyTransactions} holds what is written to
 * them; other transactions can be given, as long as the database has a table {@code work.receipt}.
 */
public final class Workload implements AutoCloseable {

    private final Ledger ledger = new Ledger();
    private final Pace pace;
    private final List<Thread> threads = new ArrayList<>();

    private Workload(Pace pace) {
        this.pace = pace;
    }

    /**
     * Makes and fills the tables.
     *
     * @param rows size of the small tables, at least 100; pgbench_accounts is 20 times as large
     */
    public static void createTables(TestDatabase database, int rows) {
        database.execute(
                resource("workload/schema.sql"),
                "SET landbridge.rows = '" + rows + "'",
                resource("workload/populate.sql"));
    }

    /**
     * Starts {@code writers} clients.
     *
     * @param perSecond transactions a second of all of them together; 0 is as fast as they can
     * @param seed makes each writer's choices the same in another run
     */
    public static Workload start(
            DatabaseConfig database,
            List<WriterTransaction> kinds,
            int writers,
            double perSecond,
            long seed) {
        Workload workload = new Workload(new Pace(database, perSecond / writers));
        for (int i = 1; i <= writers; i++) {
            Writer writer =
                    new Writer(
                            i,
                            List.copyOf(kinds),
                            workload.pace,
                            workload.ledger,
                            seed * 1_000_003 + i);
            Thread thread = new Thread(writer, "writer-" + i);
            thread.setDaemon(true);
            workload.threads.add(thread);
            thread.start();
        }
        return workload;
    }

    /** {@link NastyTransactions} as fast as {@code writers} clients can. */
    public static Workload start(TestDatabase database, int writers, long seed) {
        return start(database.config(), NastyTransactions.all(), writers, 0, seed);
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Lets the transactions under way end and begins no other until {@link #release}. */
    public void hold() {
        pace.hold();
    }

    /** Goes on after {@link #hold}; nothing that is refused holds them any more. */
    public void release() {
        pace.release();
    }

    /**
     * Makes the first transaction that is refused with such an SQLSTATE hold all writers, as
     * clients do that find the database fenced.
     */
    public void holdWhenRefused(Predicate<String> sqlState) {
        pace.holdWhenRefused(sqlState);
    }

    /** Whether the writers are held, by {@link #hold} or by what was refused. */
    public boolean isHeld() {
        return pace.isHeld();
    }

    /** From their next transaction on, the clients write to {@code database}. */
    public void switchTo(DatabaseConfig database) {
        pace.switchTo(database);
    }

    /** Lets the transactions under way end, closes all connections; can be called again. */
    public void stop() {
        pace.stop();
        try {
            for (Thread thread : threads) {
                thread.join(60_000);
                if (thread.isAlive()) {
                    throw new IllegalStateException(thread.getName() + " hangs");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writers were stopping", e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /**
     * One transaction that inserts {@code rows} rows, updates a half of them, deletes a tenth, and
     * takes back another {@code rows / 10} by a savepoint.
     */
    public static void hugeTransaction(TestDatabase database, int batch, int rows) {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            NastyTransactions.huge(connection, batch, rows);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Workload.class.getClassLoader().getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells each writer when its next transaction is due and where it goes; thread-safe. */
    static final class Pace {

        private final long intervalNanos;
        private final Random phase = new Random(7);
        private final java.util.Map<Integer, Long> due = new java.util.HashMap<>();
        private DatabaseConfig database;
        private Predicate<String> holding = sqlState -> false;
        private boolean held;
        private boolean stopped;

        Pace(DatabaseConfig database, double perSecondEach) {
            this.database = database;
            this.intervalNanos = perSecondEach <= 0 ? 0 : (long) (1e9 / perSecondEach);
        }

        /** Waits until the writer's next transaction is due; null when it shall end. */
        synchronized DatabaseConfig next(int writer) {
            long now = System.nanoTime();
            long start =
                    due.computeIfAbsent(
                            writer, key -> now + (long) (phase.nextDouble() * intervalNanos));
            try {
                while (!stopped && (held || start > System.nanoTime())) {
                    long left = start - System.nanoTime();
                    wait(held ? 0 : Math.max(1, left / 1_000_000));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
            // A writer that fell behind catches up, but not more than a second's worth.
            due.put(writer, Math.max(start + intervalNanos, System.nanoTime() - 1_000_000_000L));
            return stopped ? null : database;
        }

        synchronized void hold() {
            held = true;
        }

        synchronized boolean isHeld() {
            return held;
        }

        synchronized void holdWhenRefused(Predicate<String> sqlState) {
            holding = sqlState;
        }

        /** Called by a writer whose transaction failed. */
        synchronized void refused(String sqlState) {
            held = held || holding.test(sqlState);
        }

        synchronized void release() {
            held = false;
            holding = sqlState -> false;
            notifyAll();
        }

        synchronized void switchTo(DatabaseConfig other) {
            database = other;
        }

        synchronized void stop() {
            stopped = true;
            notifyAll();
        }
    }
}
