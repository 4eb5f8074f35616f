package io.landbridge.demo;

import io.landbridge.testkit.AgentApi;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

    @Option(
            names = "--return",
            description =
                    "Keep a way back open, let customers buy at the target, and take the traffic"
                            + " back to where it came from.")
    private boolean back;

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
                        "http:\n  port: " + port + "\n" + shop.yaml() + observed())) {
            if (back) {
                return thereAndBack(agents, shop, target, workload);
            }
            int status = agents.start("migrate", "--cutover").await(Duration.ofHours(12));
            if (status != 0) {
                say("the agent failed with exit status " + status);
                return status;
            }
        }
        Await.until("the writers meet the fence", Duration.ofSeconds(10), workload::isHeld);
        return compareAndGoOn(shop, target, workload);
    }

    private String observed() {
        return back ? "cutover:\n  mode: auto\n  observe: 1h\n" : "";
    }

    /** Of the target what it was when it was fenced is compared: its tables go with the return. */
    private int thereAndBack(Agents agents, Shop shop, TestDatabase target, Workload workload)
            throws SQLException {
        AgentApi api = new AgentApi(port);
        AgentProcess agent = agents.start("run");
        awaitStep(api, agent, "MONITOR");
        Await.until("the writers meet the fence", Duration.ofSeconds(30), workload::isHeld);
        long before = workload.ledger().commits();
        workload.switchTo(target.config());
        workload.release();
        say("customers buy at the target, and all they do flows back");
        Await.until(
                "customers buy at the target",
                Duration.ofMinutes(2),
                () -> workload.ledger().commits() > before + 10 * rate);
        workload.holdWhenRefused(state -> !ORDINARY.contains(state));
        try (Connection last = latched(target)) {
            Await.until(
                    "the agent takes the rollback",
                    Duration.ofMinutes(1),
                    () -> {
                        api.ask("rollback");
                        return true;
                    });
            Await.until("the writers meet the fence", Duration.ofMinutes(2), workload::isHeld);
            long there = workload.ledger().commits();
            awaitStep(api, agent, "ROLL_BACK");
            say("back at the source; comparing both sides as they were at the return");
            List<RowsOf.Comparison> tables = shop.compare(last);
            last.rollback();
            workload.switchTo(shop.source());
            workload.release();
            Await.until(
                    "customers buy at the source again",
                    Duration.ofMinutes(1),
                    () -> workload.ledger().commits() > there + rate);
            workload.stop();
            workload.ledger().assertReceiptsIn(shop.receipts());
            print(tables, workload, before);
            boolean equal = tables.stream().allMatch(RowsOf.Comparison::equal);
            say(equal ? "done: nothing lost, nothing doubled" : "THE SIDES DIFFER");
            return equal ? 0 : 5;
        }
    }

    private static void awaitStep(AgentApi api, AgentProcess agent, String step) {
        Await.until(
                "step " + step + agent.lastWords(),
                Duration.ofMinutes(30),
                () -> api.status().get("stage").get("step").asText().equals(step));
    }

    /** Holds the tables; its first question, later, is answered by how they are then. */
    private static Connection latched(TestDatabase target) throws SQLException {
        Connection connection = target.connect();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        String tables =
                RowsOf.tables(target.config()).stream()
                        .filter(table -> !table.schema().equals("landbridge"))
                        .map(table -> table.schema() + "." + table.name())
                        .collect(Collectors.joining(", "));
        try (Statement lock = connection.createStatement()) {
            lock.execute("LOCK TABLE " + tables + " IN ACCESS SHARE MODE");
        }
        return connection;
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
                "%ntransactions acknowledged    %d before the cutover, %d behind it, all present%n",
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
