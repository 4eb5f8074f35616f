package io.landbridge.example;

import com.fasterxml.jackson.databind.JsonNode;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Real-time capture for a given time: a writer at MySQL, and how far behind PostgreSQL is. */
@Command(name = "follow", mixinStandardHelpOptions = true, sortOptions = false)
final class FollowExample implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofSeconds(5);

    @Option(
            names = "--seconds",
            defaultValue = "30",
            description = "How long it is written and followed (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "Transactions a second (default ${DEFAULT-VALUE}).")
    private int rate;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong written = new AtomicLong();

    @Override
    public Integer call() throws Exception {
        try (Stage stage = new Stage("follow")) {
            stage.source()
                    .execute(
                            "CREATE TABLE account (id int PRIMARY KEY, balance decimal(14, 2) NOT"
                                    + " NULL)",
                            "CREATE TABLE entry (id bigint AUTO_INCREMENT PRIMARY KEY, account int"
                                    + " NOT NULL, amount decimal(10, 2) NOT NULL, at datetime(6)"
                                    + " NOT NULL)",
                            "INSERT INTO account WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL"
                                    + " SELECT i + 1 FROM n WHERE i < 1000) SELECT i, 0 FROM n");
            try (AgentProcess agent = stage.start("migrate")) {
                CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(stage));
                watch(stage);
                stop.set(true);
                writing.join();
                stage.say("the writer ends after " + written + " transactions");
                Await.until(
                        "PostgreSQL has them all",
                        Duration.ofMinutes(2),
                        () -> isEntryEqual(stage) && isAccountEqual(stage));
                int status = agent.stop(Duration.ofMinutes(1));
                stage.say("the agent stopped with status " + status);
                return stage.compare("entry", ENTRY_AT_MYSQL, ENTRY_AT_POSTGRES)
                                && stage.compare("account", ACCOUNT, ACCOUNT)
                        ? status
                        : 5;
            }
        }
    }

    private static final String ENTRY_AT_MYSQL =
            "CONCAT_WS('|', id, account, amount, DATE_FORMAT(at, '%Y-%m-%d %H:%i:%s.%f'))";

    private static final String ENTRY_AT_POSTGRES =
            "concat_ws('|', id, account, amount, to_char(at, 'YYYY-MM-DD HH24:MI:SS.US'))";

    private static final String ACCOUNT = "concat_ws('|', id, balance)";

    private static boolean isEntryEqual(Stage stage) {
        return stage.isEqual("entry", ENTRY_AT_MYSQL, ENTRY_AT_POSTGRES);
    }

    private static boolean isAccountEqual(Stage stage) {
        return stage.isEqual("account", ACCOUNT, ACCOUNT);
    }

    /** Two accounts change in each transaction, as if money moved. */
    private void write(Stage stage) {
        Random random = new Random(1);
        long began = System.nanoTime();
        try (Connection connection = stage.source().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                for (int sign : new int[] {1, -1}) {
                    int account = 1 + random.nextInt(1000);
                    int amount = sign * (1 + random.nextInt(100));
                    statement.execute(
                            "UPDATE account SET balance = balance + "
                                    + amount
                                    + " WHERE id = "
                                    + account);
                    statement.execute(
                            "INSERT INTO entry (account, amount, at) VALUES ("
                                    + account
                                    + ", "
                                    + amount
                                    + ", NOW(6))");
                }
                connection.commit();
                long due = began + written.incrementAndGet() * 1_000_000_000L / rate;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void watch(Stage stage) {
        Await.until(
                "the agent follows",
                Duration.ofMinutes(2),
                () -> stage.api().status().at("/stage/step").asText().equals("FOLLOW"));
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(Math.min(LOOK.toNanos(), end - System.nanoTime()));
            try {
                JsonNode apply = stage.api().status().at("/apply");
                stage.say(
                        "%d transactions written; applied %s, %s changes, lag %s"
                                .formatted(
                                        written.get(),
                                        apply.path("transactions"),
                                        apply.path("changes"),
                                        apply.path("lag")));
            } catch (java.io.IOException | InterruptedException e) {
                throw new IllegalStateException("the agent does not answer", e);
            }
        }
    }
}
