package io.landbridge.bench;

import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.validate.Pipeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Drains the same backlog twice: by our capture, buffer and applier, and by PostgreSQL's own
 * logical replication. Both slots stand before the backlog is written, so that each has all of it
 * to read.
 *
 * <p>Arguments: {@code [changes=N] [rounds=N] [shape=tpcb|inserts|big-update|hot]
 * [only=ours,logical] [workers=N]}.
 */
public final class CdcBench {

    /** What is written: a statement that takes {@code n} rounds, each of so many changes. */
    private record Shape(String name, int changesOfOne, String write) {}

    private static final List<Shape> SHAPES =
            List.of(
                    new Shape(
                            "tpcb",
                            4,
                            """
                            DO $$ DECLARE a int; t int; b int; d int; BEGIN
                            FOR i IN 1..%d LOOP
                              a := 1 + random() * 499999; t := 1 + random() * 49;
                              b := 1 + random() * 4; d := random() * 5000;
                              UPDATE accounts SET abalance = abalance + d WHERE aid = a;
                              UPDATE tellers SET tbalance = tbalance + d WHERE tid = t;
                              UPDATE branches SET bbalance = bbalance + d WHERE bid = b;
                              INSERT INTO history (tid, bid, aid, delta, mtime, filler)
                                  VALUES (t, b, a, d, now(), '');
                              COMMIT;
                            END LOOP; END $$"""),
                    new Shape(
                            "inserts",
                            100,
                            """
                            DO $$ BEGIN FOR i IN 1..%d LOOP
                              INSERT INTO events SELECT i * 100 + n, 'kind ' || n %% 7, n * 1.25,
                                  now(), repeat('x', n) FROM generate_series(0, 99) n;
                              COMMIT;
                            END LOOP; END $$"""),
                    new Shape(
                            "big-update",
                            500_000,
                            "DO $$ BEGIN FOR i IN 1..%d LOOP UPDATE accounts SET abalance ="
                                    + " abalance + 1; COMMIT; END LOOP; END $$"),
                    new Shape(
                            "hot",
                            10,
                            """
                            DO $$ BEGIN FOR i IN 1..%d LOOP
                              UPDATE tellers SET tbalance = tbalance + i
                                  WHERE tid BETWEEN 1 + i %% 5 * 10 AND 10 + i %% 5 * 10;
                              COMMIT;
                            END LOOP; END $$"""));

    private static final String OURS = "ours";
    private static final String LOGICAL = "logical";
    private static final String DEBEZIUM = "debezium";

    private record Result(double seconds, double serverCpu, double moverCpu) {}

    private final PostgresServer from;
    private final PostgresServer to;
    private final Arguments arguments;

    private CdcBench(PostgresServer from, PostgresServer to, Arguments arguments) {
        this.from = from;
        this.to = to;
        this.arguments = arguments;
    }

    public static void main(String[] arguments) throws Exception {
        try (PostgresServer from = PostgresServer.start(14, PeerReplication.SETTINGS);
                PostgresServer to = PostgresServer.start(17, PeerReplication.SETTINGS)) {
            new CdcBench(from, to, Arguments.of(arguments)).run();
        }
    }

    private void run() throws Exception {
        for (Shape shape : SHAPES) {
            if (arguments.text("shape").orElse(shape.name()).equals(shape.name())) {
                Map<String, List<Result>> results = new LinkedHashMap<>();
                for (int round = 0; round < arguments.number("rounds", 2); round++) {
                    round(shape, results);
                }
                summarize(shape, results);
            }
        }
    }

    private void round(Shape shape, Map<String, List<Result>> results) throws Exception {
        TestDatabase source = PeerReplication.filled(from);
        int times = Math.max(1, arguments.number("changes", 500_000) / shape.changesOfOne());
        long changes = (long) times * shape.changesOfOne();
        Map<String, TestDatabase> targets = new LinkedHashMap<>();
        Map<String, Contender> contenders = new LinkedHashMap<>();
        for (String name : names()) {
            TestDatabase target = PeerReplication.filled(to);
            targets.put(name, target);
            contenders.put(name, contender(name, source, target));
        }
        source.execute(shape.write().formatted(times), "INSERT INTO done VALUES (1)");
        source.execute("CHECKPOINT");
        for (Map.Entry<String, Contender> entry : contenders.entrySet()) {
            TestDatabase target = targets.get(entry.getKey());
            try (Contender contender = entry.getValue()) {
                Result result = drain(source, target, contender);
                results.computeIfAbsent(entry.getKey(), name -> new ArrayList<>()).add(result);
                print(entry.getKey(), changes, result);
            }
            check(source, target, shape);
            new TestDatabase(to, "postgres").execute("DROP DATABASE " + target.name());
        }
        new TestDatabase(from, "postgres").execute("DROP DATABASE " + source.name());
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(LOGICAL, OURS));
        arguments.text(DEBEZIUM).ifPresent(home -> names.add(DEBEZIUM));
        arguments.choose(names);
        return names;
    }

    private Contender contender(String name, TestDatabase source, TestDatabase target)
            throws Exception {
        return switch (name) {
            case LOGICAL -> new PeerReplication(source, target);
            case DEBEZIUM ->
                    new DebeziumServer(
                            Path.of(arguments.text(name).orElseThrow()),
                            arguments.text("java21").orElse("java"),
                            source,
                            target);
            default -> new OwnPipeline(source, target, arguments.number("workers", 2));
        };
    }

    private static final class OwnPipeline implements Contender {
        private final Pipeline pipeline;

        OwnPipeline(TestDatabase source, TestDatabase target, int workers) throws Exception {
            pipeline = new Pipeline(source, target, Scratch.directory(), workers);
        }

        @Override
        public void start() {
            pipeline.start();
        }

        @Override
        public double cpuSeconds() {
            return CpuMeter.moverSeconds();
        }

        @Override
        public void close() {
            pipeline.close();
        }
    }

    private Result drain(TestDatabase source, TestDatabase target, Contender contender) {
        target.execute("CHECKPOINT");
        CpuMeter cpu = new CpuMeter(source, target);
        double server = cpu.serverSeconds();
        double mover = contender.cpuSeconds();
        long began = System.nanoTime();
        contender.start();
        Await.until(
                "the backlog is applied",
                Duration.ofMinutes(15),
                () -> target.number("SELECT count(*) FROM done") == 1);
        return new Result(
                (System.nanoTime() - began) / 1e9,
                cpu.serverSeconds() - server,
                contender.cpuSeconds() - mover);
    }

    /** Sums tell whether what was timed was the work. */
    private static void check(TestDatabase source, TestDatabase target, Shape shape) {
        String sums =
                "SELECT (SELECT sum(abalance) FROM accounts) || ' ' || (SELECT sum(tbalance) FROM"
                        + " tellers) || ' ' || (SELECT sum(bbalance) FROM branches) || ' ' || (SELECT"
                        + " count(*) FROM history) || ' ' || (SELECT count(*) FROM events)";
        if (!source.value(sums).equals(target.value(sums))) {
            throw new IllegalStateException("the sides differ after " + shape.name());
        }
    }

    private static void print(String name, long changes, Result result) {
        System.out.printf(
                Locale.ROOT,
                "  %-9s %6.1f s  %,9.0f changes/s   CPU a change: servers %5.1f us, mover %5.1f us%n",
                name,
                result.seconds(),
                changes / result.seconds(),
                result.serverCpu() * 1e6 / changes,
                result.moverCpu() * 1e6 / changes);
    }

    private static void summarize(Shape shape, Map<String, List<Result>> results) {
        results.forEach(
                (peer, times) -> {
                    if (!peer.equals(OURS) && results.containsKey(OURS)) {
                        System.out.printf(
                                Locale.ROOT,
                                "%s: best of each: time ours / %s %.2f%n",
                                shape.name(),
                                peer,
                                best(results.get(OURS)) / best(times));
                    }
                });
    }

    private static double best(List<Result> results) {
        return results.stream().mapToDouble(Result::seconds).min().orElseThrow();
    }
}
