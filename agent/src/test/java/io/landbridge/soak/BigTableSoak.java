package io.landbridge.soak;

import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.TestDatabase;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scripts/dev soak bigtable}: one large table, from the assessment to the cutover. */
@Command(name = "scripts/dev soak bigtable", mixinStandardHelpOptions = true)
public final class BigTableSoak implements Callable<Integer> {

    static final Map<String, String> SETTINGS =
            Map.of(
                    "shared_buffers", "512MB",
                    "max_wal_size", "4GB",
                    "maintenance_work_mem", "256MB",
                    "checkpoint_timeout", "30min",
                    "autovacuum", "off");

    @Option(names = "--rows", defaultValue = "20000000")
    private long rows;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BigTableSoak()).execute(arguments));
    }

    @Override
    public Integer call() {
        try (PostgresServer from = PostgresServer.start(14, SETTINGS);
                PostgresServer to = PostgresServer.start(17, SETTINGS)) {
            TestDatabase source = from.freshDatabase();
            TestDatabase target = to.freshDatabase();
            source.execute(
                    "CREATE TABLE big (id bigint PRIMARY KEY, account int NOT NULL, amount"
                            + " numeric(12,2), at timestamptz NOT NULL, note text)",
                    "INSERT INTO big SELECT n, n % 100000, n / 7.0, timestamptz '2024-01-01' + n *"
                            + " interval '1 second', md5(n::text) FROM generate_series(1, "
                            + rows
                            + ") n",
                    "CREATE INDEX ON big (account, at)",
                    "VACUUM ANALYZE big");
            System.out.printf(
                    Locale.ROOT,
                    "%,d rows, %s%n",
                    rows,
                    source.value("SELECT pg_size_pretty(pg_total_relation_size('big'))"));
            try (AgentHome home =
                            new AgentHome("soak", source.config(), target.config(), SoakRun.LOG);
                    SoakRun run = new SoakRun(home)) {
                run.migrate(Duration.ofHours(2), "--cutover");
                run.print();
                Map<String, Duration> steps = run.steps();
                System.out.printf(
                        Locale.ROOT,
                        "copied %,.0f rows a second, compared %,.0f rows a second%n",
                        rows * 1000.0 / steps.get("COPY").toMillis(),
                        rows * 1000.0 / steps.get("VALIDATE").toMillis());
            }
            RowsOf.assertEqual(source, target);
            System.out.println("equal, compared independently");
            return 0;
        }
    }
}
