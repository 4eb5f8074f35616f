package io.landbridge.bench;

import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.validate.Pipeline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * From a commit's return at the source to the moment in which a query at the target sees it, at a
 * steady rate of TPC-B-like transactions; ours, then PostgreSQL's own logical replication. The
 * query asks again and again, so its own time, about a millisecond, is part of what is measured.
 *
 * <p>Arguments: {@code [tps=500] [seconds=30] [only=ours|logical]}.
 */
public final class LatencyBench {

    private static final int WRITERS = 4;
    private static final long PAUSE_NANOS = 300_000;

    private final Arguments arguments;
    private final int tps;
    private final int count;

    private LatencyBench(Arguments arguments) {
        this.arguments = arguments;
        this.tps = arguments.number("tps", 500);
        this.count = tps * arguments.number("seconds", 30);
    }

    public static void main(String[] arguments) throws Exception {
        try (PostgresServer from = PostgresServer.start(14, PeerReplication.SETTINGS);
                PostgresServer to = PostgresServer.start(17, PeerReplication.SETTINGS)) {
            new LatencyBench(Arguments.of(arguments)).run(from, to);
        }
    }

    private void run(PostgresServer from, PostgresServer to) throws Exception {
        String only = arguments.text("only").orElse("both");
        if (!only.equals("logical")) {
            TestDatabase source = PeerReplication.filled(from);
            TestDatabase target = PeerReplication.filled(to);
            try (Pipeline pipeline = new Pipeline(source, target, Scratch.directory())) {
                pipeline.catchUp();
                measure("ours, cold", source, target, 0);
                measure("ours, warm", source, target, count);
            }
        }
        if (!only.equals("ours")) {
            TestDatabase source = PeerReplication.filled(from);
            TestDatabase target = PeerReplication.filled(to);
            try (PeerReplication peer = new PeerReplication(source, target)) {
                peer.start();
                measure("logical", source, target, 0);
            }
        }
    }

    /** Writes rows {@code first}, {@code first + 1}, ... and prints how long they took. */
    private void measure(String name, TestDatabase source, TestDatabase target, int first)
            throws Exception {
        AtomicLongArray committed = new AtomicLongArray(count);
        List<Thread> writers = new ArrayList<>();
        AtomicInteger next = new AtomicInteger();
        CpuMeter cpu = new CpuMeter(source, target);
        double mover = CpuMeter.moverSeconds();
        double servers = cpu.serverSeconds();
        long start = System.nanoTime();
        for (int i = 0; i < WRITERS; i++) {
            Thread writer = new Thread(() -> write(source, next, first, start, committed));
            writer.start();
            writers.add(writer);
        }
        long[] seen = watch(target, first);
        for (Thread writer : writers) {
            writer.join();
        }
        double[] millis = new double[count];
        for (int i = 0; i < count; i++) {
            // A commit may be seen before its writer heard of it.
            millis[i] = Math.max(0, seen[i] - committed.get(i)) / 1e6;
        }
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "  %-11s %d tx at %d/s: p50 %.1f ms  p90 %.1f  p99 %.1f  p99.9 %.1f  max %.1f;"
                        + " CPU servers %.1f s, this JVM %.1f s%n",
                name,
                count,
                tps,
                millis[count / 2],
                millis[count * 9 / 10],
                millis[count * 99 / 100],
                millis[(int) (count * 0.999)],
                millis[count - 1],
                cpu.serverSeconds() - servers,
                CpuMeter.moverSeconds() - mover);
    }

    private void write(
            TestDatabase source,
            AtomicInteger next,
            int first,
            long start,
            AtomicLongArray committed) {
        try (Connection connection = source.connect();
                PreparedStatement write =
                        connection.prepareStatement(
                                """
                                WITH a AS (UPDATE accounts SET abalance = abalance + 1 WHERE aid = ?),
                                t AS (UPDATE tellers SET tbalance = tbalance + 1 WHERE tid = ?),
                                h AS (INSERT INTO history (tid, bid, aid, mtime)
                                    VALUES (1, 1, 1, now()))
                                INSERT INTO done VALUES (?)""")) {
            int i;
            while ((i = next.getAndIncrement()) < count) {
                long due = start + i * TimeUnit.SECONDS.toNanos(1) / tps;
                LockSupport.parkNanos(due - System.nanoTime());
                write.setInt(1, ThreadLocalRandom.current().nextInt(1, 500_001));
                write.setInt(2, ThreadLocalRandom.current().nextInt(1, 51));
                write.setInt(3, first + i);
                write.executeUpdate();
                committed.set(i, System.nanoTime());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** When each row was seen first, by System.nanoTime. */
    private long[] watch(TestDatabase target, int first) throws SQLException {
        long[] seen = new long[count];
        int left = count;
        int from = 0;
        try (Connection connection = target.connect();
                PreparedStatement query =
                        connection.prepareStatement("SELECT id FROM done WHERE id >= ?")) {
            while (left > 0) {
                query.setInt(1, first + from);
                try (ResultSet rows = query.executeQuery()) {
                    long now = System.nanoTime();
                    while (rows.next()) {
                        int i = rows.getInt(1) - first;
                        left -= seen[i] == 0 ? 1 : 0;
                        seen[i] = seen[i] == 0 ? now : seen[i];
                    }
                }
                while (from < count && seen[from] != 0) {
                    from++;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return seen;
    }
}
