package io.landbridge.demo;

import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A shop with a million rows moves from PostgreSQL 14 to 17 while customers keep buying.
 *
 * <p>The agent is the real one, in a process of its own, started as a user would. The comparison at
 * the end shares no code with it.
 */
@Command(name = "scripts/demo", mixinStandardHelpOptions = true, sortOptions = false)
public final class Demo implements Callable<Integer> {

    /** What writers may meet in a shop that is open; anything else is the fence. */
    private static final Set<String> ORDINARY = Set.of("40001", "40P01", "23503", "23505");

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
        say("starting PostgreSQL 14 (source) and 17 (target)");
        try (PostgresServer old = PostgresServer.start(14, Map.of("max_wal_size", "4GB"));
                PostgresServer next = PostgresServer.start(17, Map.of("max_wal_size", "4GB"))) {
            TestDatabase source = old.createDatabase("shop");
            TestDatabase target = next.createDatabase("shop");
            say("filling the shop with about " + rows + " rows");
            source.execute(
                    "SET demo.rows = '" + Math.max(rows, 1000) + "'", resource("demo/shop.sql"));
            try (Workload workload =
                    Workload.start(
                            source.config(),
                            new ShopTransactions(Math.max(rows, 1000)).all(),
                            4,
                            rate,
                            1)) {
                return migrate(source, target, workload);
            }
        }
    }

    private int migrate(TestDatabase source, TestDatabase target, Workload workload)
            throws IOException, SQLException {
        Await.until("customers buy", Duration.ofSeconds(60), () -> workload.ledger().commits() > 0);
        say("the shop is open; the agent starts, page and health at http://127.0.0.1:" + port);
        workload.holdWhenRefused(state -> !ORDINARY.contains(state));
        Path state = Files.createTempDirectory("landbridge-demo-");
        try (AgentProcess agent = agent(source, target, state)) {
            Thread onInterrupt = new Thread(() -> cleanUp(agent, state));
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            int status = agent.await(Duration.ofHours(12));
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
            cleanUp(agent, state);
            if (status != 0) {
                say("the agent failed with exit status " + status);
                return status;
            }
        }
        Await.until("the writers meet the fence", Duration.ofSeconds(10), workload::isHeld);
        return compareAndGoOn(source, target, workload);
    }

    private int compareAndGoOn(TestDatabase source, TestDatabase target, Workload workload)
            throws SQLException {
        try (Connection before = RowsOf.snapshot(source.config());
                Connection after = RowsOf.snapshot(target.config())) {
            long commits = workload.ledger().commits();
            workload.switchTo(target.config());
            workload.release();
            Await.until(
                    "customers buy at the target",
                    Duration.ofSeconds(60),
                    () -> workload.ledger().commits() > commits + rate);
            say("customers buy at the target; comparing both sides as they were at the cutover");
            List<RowsOf.Comparison> tables =
                    RowsOf.compare(before, after, RowsOf.tables(source.config()));
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

    private AgentProcess agent(TestDatabase source, TestDatabase target, Path state)
            throws IOException {
        Path config =
                Files.writeString(
                        state.resolve("demo.yaml"),
                        """
                        migration:
                          name: demo
                        http:
                          port: %d
                        state-dir: %s
                        """
                                .formatted(port, state.resolve("state")));
        return AgentProcess.launch(
                Path.of(System.getProperty("landbridge.launcher", "scripts/landbridge")),
                Map.of(
                        "SOURCE_DB_URL",
                        AgentHome.url(source.config()),
                        "TARGET_DB_URL",
                        AgentHome.url(target.config())),
                List.of("migrate", "--config=" + config, "--cutover"));
    }

    private void say(String what) {
        System.out.printf("[%6.1f s] %s%n", (System.nanoTime() - began) / 1e9, what);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Demo.class.getClassLoader().getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void cleanUp(AgentProcess agent, Path state) {
        agent.end();
        try (var files = Files.walk(state)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + state + " (" + e + ")");
        }
    }
}
