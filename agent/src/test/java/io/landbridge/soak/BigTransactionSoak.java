package io.landbridge.soak;

import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code scripts/dev soak bigtx}: one transaction of millions of inserts while tables are copied,
 * so that it is applied converging, and one of as many updates while the agent follows.
 */
@Command(name = "scripts/dev soak bigtx", mixinStandardHelpOptions = true)
public final class BigTransactionSoak implements Callable<Integer> {

    private static final Duration LONG = Duration.ofMinutes(60);

    @Option(names = "--rows", defaultValue = "5000000", description = "Rows of each transaction.")
    private long rows;

    @Option(
            names = "--seeded",
            defaultValue = "500000",
            description = "Rows that are there before; they are copied slowly.")
    private long seeded;

    @Option(names = "--throttle", defaultValue = "4MiB", description = "Of that copy, a second.")
    private String throttle;

    private TestDatabase source;
    private TestDatabase target;
    private long marks;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BigTransactionSoak()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (PostgresServer from = PostgresServer.start(14, BigTableSoak.SETTINGS);
                PostgresServer to = PostgresServer.start(17, BigTableSoak.SETTINGS)) {
            source = from.freshDatabase();
            target = to.freshDatabase();
            source.execute(
                    "CREATE TABLE mark (id bigint PRIMARY KEY)",
                    "CREATE TABLE big (id bigint PRIMARY KEY, account int NOT NULL, amount"
                            + " numeric(12,2), note text)",
                    "CREATE INDEX ON big (account)",
                    "INSERT INTO big SELECT n, n %% 1000, n, md5(n::text) FROM generate_series(1, %d) n"
                            .formatted(seeded));
            String config = SoakRun.LOG + "load:\n  chunk-rows: 10000\n  throttle: " + throttle;
            try (AgentHome home = new AgentHome("soak", source.config(), target.config(), config);
                    SoakRun run = new SoakRun(home)) {
                run.start();
                converging(home, run);
                following(run);
                run.stop();
                run.migrate(LONG, "--cutover");
                run.print();
            }
            long began = System.nanoTime();
            RowsOf.assertEqual(source, target);
            print(
                    "equal, %s rows compared independently",
                    began, target.value("SELECT count(*) FROM big"));
            return 0;
        }
    }

    /**
     * The load is paused meanwhile, so that the transaction surely falls into it: half of its rows
     * into a range that is copied already, half into one that is not.
     */
    private void converging(AgentHome home, SoakRun run) throws IOException, InterruptedException {
        Await.until(
                "some rows are copied",
                LONG,
                () -> alive(run) && step().equals("COPY") && chunksDone() > 0);
        home.ask("pause");
        long began = System.nanoTime();
        source.execute(
                "INSERT INTO big SELECT n, n %% 1000, n, md5(n::text) FROM (SELECT generate_series(-%d, -1) AS n UNION ALL SELECT generate_series(%d, %d)) AS new"
                        .formatted(rows / 2, seeded + 1, seeded + rows - rows / 2));
        print("the source committed %s inserts during %s", began, rows, step());
        SourcePosition committed = Lsn.parse(source.value("SELECT pg_current_wal_lsn()"));
        home.ask("resume");
        long waiting = System.nanoTime();
        awaitApplied(run);
        SourcePosition converged =
                SourcePosition.parse(
                        target.value(
                                "SELECT document->>'convergeThrough' FROM landbridge.migration"));
        if (!converged.covers(committed)) {
            throw new AssertionError(
                    "the transaction ended after the copy, at "
                            + committed
                            + ": a smaller --throttle");
        }
        print("they were copied around and applied converging, with the rest of the copy", waiting);
    }

    private void following(SoakRun run) {
        Await.until("the agent follows", LONG, () -> alive(run) && step().equals("FOLLOW"));
        long began = System.nanoTime();
        source.execute(
                "UPDATE big SET amount = amount + 1, note = md5(note) WHERE id NOT BETWEEN 1 AND "
                        + seeded);
        print("the source committed %s updates", began, rows);
        long waiting = System.nanoTime();
        awaitApplied(run);
        double seconds = (System.nanoTime() - waiting) / 1e9;
        print("they were applied strictly, %,.0f a second", waiting, rows / seconds);
    }

    /** What is committed at the source from here on is younger than what has arrived. */
    private void awaitApplied(SoakRun run) {
        source.execute("INSERT INTO mark VALUES (" + ++marks + ")");
        Await.until(
                "everything is applied",
                LONG,
                () ->
                        alive(run)
                                && target.number("SELECT count(*) FROM mark WHERE id = " + marks)
                                        == 1
                                && step().equals("FOLLOW"));
    }

    private long chunksDone() {
        return target.number(
                "SELECT count(*) FROM landbridge.chunk WHERE table_name = 'big' AND done_at IS NOT"
                        + " NULL AND lower_bound IS NULL");
    }

    private static boolean alive(SoakRun run) {
        run.assertAlive();
        return true;
    }

    private String step() {
        return target.value("SELECT document->>'step' FROM landbridge.migration");
    }

    private static void print(String format, long since, Object... arguments) {
        System.out.printf(Locale.ROOT, format, arguments);
        System.out.printf(Locale.ROOT, " (%.1f s)%n", (System.nanoTime() - since) / 1e9);
    }
}
