package io.landbridge.demo;

import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A shop with a million rows moves from PostgreSQL 14 or MySQL to PostgreSQL 17 while customers
 * keep buying.
 *
 * <p>The agent is the real one, in a process of its own, started as a user would. The comparison at
 * the end shares no code with it.
 */
@Command(name = "scripts/demo", mixinStandardHelpOptions = true, sortOptions = false)
public final class Demo implements Callable<Integer> {

    /** What writers may meet in a shop that is open; anything else is the fence. */
    private static final Set<String> ORDINARY = Set.of("40001", "40P01", "23000", "23503", "23505");

    /** Where the shop is before it moves. */
    enum Kind {
        postgresql,
        mysql
    }

    @Option(
            names = "--source",
            defaultValue = "postgresql",
            description = "Where it moves from: ${COMPLETION-CANDIDATES}.")
    private Kind source;

    @Option(
            names = "--rows",
            defaultValue = "1000000",
            description = "About how many rows the shop has (default ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "Transactions a second that are written (default ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "Port of the agent's page and health (default ${DEFAULT-VALUE}).")
    private int port;

    private long began;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Demo()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        began = System.nanoTime();
        say(
                "starting "
                        + (source == Kind.mysql ? "MySQL 8.0" : "PostgreSQL 14")
                        + " with a shop of about "
                        + rows
                        + " rows, and PostgreSQL 17");
        try (Shop shop = open();
                PostgresServer next = PostgresServer.start(17, Map.of("max_wal_size", "4GB"));
                Workload workload =
                        Workload.start(shop.source(), shop.transactions(), 4, rate, 1)) {
            return migrate(shop, next.createDatabase("shop"), workload);
        }
    }

    private Shop open() throws IOException {
        int least = Math.max(rows, 1000);
        return source == Kind.mysql ? new MysqlShop(least) : new PostgresShop(least);
    }

    private int migrate(Shop shop, TestDatabase target, Workload workload)
            throws IOException, SQLException {
        Await.until("customers buy", Duration.ofSeconds(60), () -> workload.ledger().commits() > 0);
        say("the shop is open; the agent starts, page and health at http://127.0.0.1:" + port);
        workload.holdWhenRefused(state -> !ORDINARY.contains(state));
        try (Agents agents =
                new Agents(
                        shop.source(),
                        target.config(),
                        "http:\n  port: " + port + "\n" + shop.yaml())) {
            int status = agents.start("migrate", "--cutover").await(Duration.ofHours(12));
            if (status != 0) {
                say("the agent failed with exit status " + status);
                return status;
            }
        }
        Await.until("the writers meet the fence", Duration.ofSeconds(10), workload::isHeld);
        return compareAndGoOn(shop, target, workload);
    }

    /** The source takes no writes any more; of the target a snapshot is compared. */
    private int compareAndGoOn(Shop shop, TestDatabase target, Workload workload)
            throws SQLException {
        try (Connection after = RowsOf.snapshot(target.config())) {
            long commits = workload.ledger().commits();
            workload.switchTo(target.config());
            workload.release();
            Await.until(
                    "customers buy at the target",
                    Duration.ofSeconds(60),
                    () -> workload.ledger().commits() > commits + rate);
            say("customers buy at the target; comparing both sides as they were at the cutover");
            List<RowsOf.Comparison> tables = shop.compare(after);
            workload.stop();
            workload.ledger().assertReceiptsIn(target);
            print(tables, workload, commits);
            boolean equal = tables.stream().allMatch(RowsOf.Comparison::equal);
            say(equal ? "done: nothing lost, nothing doubled" : "THE SIDES DIFFER");
            return equal ? 0 : 5;
        }
    }

    private static void print(List<RowsOf.Comparison> tables, Workload workload, long commits) {
        System.out.printf(
                "%n%-24s %12s %12s %10s %10s%n", "table", "source", "target", "missing", "extra");
        for (RowsOf.Comparison one : tables) {
            System.out.printf(
                    "%-24s %12d %12d %10d %10d%n",
                    one.table(), one.sourceRows(), one.targetRows(), one.missing(), one.extra());
            one.examples().forEach(example -> System.out.println("    " + example));
        }
        System.out.printf(
                "%ntransactions acknowledged    %d at the source, %d at the target, all present%n",
                commits, workload.ledger().commits() - commits);
        System.out.printf("refused and tried again      %s%n", workload.ledger().errors());
        System.out.printf(
                "longest pause of a customer  %d ms%n%n",
                workload.ledger().longestPause().toMillis());
    }

    private void say(String what) {
        System.out.printf("[%6.1f s] %s%n", (System.nanoTime() - began) / 1e9, what);
    }
}
