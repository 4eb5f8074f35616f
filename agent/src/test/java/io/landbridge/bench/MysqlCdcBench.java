package io.landbridge.bench;

import io.landbridge.Migration;
import io.landbridge.phase.Until;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Drains a backlog from MySQL's log through capture, buffer and applier: the whole agent, from its
 * start to the last row at the target.
 *
 * <p>Arguments: {@code [changes=N] [rounds=N] [shape=inserts|big-update|small] [workers=N]}.
 */
public final class MysqlCdcBench {

    /** What is written: a body of a procedure's loop, each time of so many changes. */
    private record Shape(String name, int changesOfOne, String write) {}

    private static final List<Shape> SHAPES =
            List.of(
                    new Shape(
                            "inserts",
                            100,
                            "INSERT INTO events (kind, amount, at, filler) SELECT CONCAT('kind ',"
                                    + " id % 7), id * 1.25, NOW(6), REPEAT('x', id % 100) FROM"
                                    + " accounts WHERE id <= 100;"),
                    new Shape("big-update", 100_000, "UPDATE accounts SET balance = balance + 1;"),
                    new Shape(
                            "small",
                            4,
                            "START TRANSACTION; UPDATE accounts SET balance = balance + 1 WHERE id"
                                    + " = 1 + i * 7919 % 100000; UPDATE accounts SET balance ="
                                    + " balance - 1 WHERE id = 1 + i * 7907 % 100000; UPDATE tellers"
                                    + " SET balance = balance + i WHERE id = 1 + i % 50; INSERT INTO"
                                    + " events (kind, amount, at, filler) VALUES ('small', i, NOW(6),"
                                    + " ''); COMMIT;"));

    private final MysqlServer from;
    private final PostgresServer to;
    private final Arguments arguments;

    private MysqlCdcBench(MysqlServer from, PostgresServer to, Arguments arguments) {
        this.from = from;
        this.to = to;
        this.arguments = arguments;
    }

    public static void main(String[] arguments) throws Exception {
        try (MysqlServer from = MysqlServer.start(Map.of("log-bin-trust-function-creators", "ON"));
                PostgresServer to = PostgresServer.start(17, Map.of("max_wal_size", "8GB"))) {
            MysqlCdcBench bench = new MysqlCdcBench(from, to, Arguments.of(arguments));
            for (Shape shape : SHAPES) {
                if (bench.arguments.text("shape").orElse(shape.name()).equals(shape.name())) {
                    for (int round = 0; round < bench.arguments.number("rounds", 2); round++) {
                        bench.round(shape);
                    }
                }
            }
        }
    }

    private void round(Shape shape) throws Exception {
        MysqlTestDatabase source = filled();
        TestDatabase target = to.freshDatabase();
        int times = Math.max(1, arguments.number("changes", 500_000) / shape.changesOfOne());
        long changes = (long) times * shape.changesOfOne();
        try (AgentHome home =
                new AgentHome(
                        "bench",
                        source.config(),
                        target.config(),
                        "tables:\n  include: ['%s.*']\napply:\n  workers: %d\n"
                                .formatted(source.name(), arguments.number("workers", 2)))) {
            try (Migration migration = Migration.open(home.configuration())) {
                migration.runUntil(Until.CAUGHT_UP);
            }
            source.execute(
                    "CREATE PROCEDURE work_load() BEGIN DECLARE i INT DEFAULT 0; WHILE i < "
                            + times
                            + " DO SET i = i + 1; "
                            + shape.write()
                            + " END WHILE; END",
                    "CALL work_load()",
                    "INSERT INTO done VALUES (1)");
            drain(shape, changes, source, target, home);
        }
        check(source, target);
    }

    private void drain(
            Shape shape,
            long changes,
            MysqlTestDatabase source,
            TestDatabase target,
            AgentHome home)
            throws Exception {
        double cpu = CpuMeter.moverSeconds();
        long began = System.nanoTime();
        try (Migration migration = Migration.open(home.configuration())) {
            Thread running = new Thread(() -> run(migration));
            running.start();
            Await.until(
                    "the first of the backlog is in the buffer",
                    Duration.ofMinutes(2),
                    () -> migration.control().status().capture().changes() > 0);
            double started = (System.nanoTime() - began) / 1e9;
            Await.until(
                    "the backlog is applied",
                    Duration.ofMinutes(15),
                    () -> target.number("SELECT count(*) FROM " + source.name() + ".done") == 1);
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "  %-10s %,9d changes in %6.1f s: %,8.0f/s; since the first came, %.1f s after"
                            + " the start: %,8.0f/s; CPU of the agent %5.1f us a change%n",
                    shape.name(),
                    changes,
                    seconds,
                    changes / seconds,
                    started,
                    changes / (seconds - started),
                    (CpuMeter.moverSeconds() - cpu) * 1e6 / changes);
            migration.stop();
            running.join();
        }
    }

    private static void run(Migration migration) {
        try {
            var unused = migration.runUntil(Until.STOPPED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private MysqlTestDatabase filled() {
        MysqlTestDatabase source = from.freshDatabase();
        source.execute(
                "CREATE TABLE accounts (id int PRIMARY KEY, branch int, balance bigint NOT NULL,"
                        + " filler char(84))",
                "CREATE TABLE tellers (id int PRIMARY KEY, balance bigint NOT NULL)",
                "CREATE TABLE events (id bigint AUTO_INCREMENT PRIMARY KEY, kind varchar(20), amount"
                        + " decimal(12,2), at datetime(6), filler varchar(100))",
                "CREATE TABLE done (id int PRIMARY KEY)",
                "SET SESSION cte_max_recursion_depth = 1000000; INSERT INTO accounts WITH RECURSIVE"
                        + " n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT"
                        + " i, i % 10, 0, REPEAT('x', 84) FROM n; INSERT INTO tellers SELECT id, 0"
                        + " FROM accounts WHERE id <= 50");
        return source;
    }

    /** Sums tell whether what was timed was the work. */
    private static void check(MysqlTestDatabase source, TestDatabase target) {
        String sums =
                "SELECT (SELECT sum(balance) FROM %1$s.accounts), (SELECT sum(balance) FROM"
                        + " %1$s.tellers), (SELECT count(*) FROM %1$s.events), (SELECT sum(amount)"
                        + " FROM %1$s.events)";
        String query = sums.formatted(source.name());
        if (!source.value(query).equals(target.value(query))) {
            throw new IllegalStateException("the sides differ");
        }
    }
}
