package io.landbridge.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.PostgresServer.Shutdown;
import io.landbridge.testkit.Proxy;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Servers go away and come back; the agent goes on by itself, and nothing is lost or doubled. */
class RestartIT {

    private static final Duration GOES_ON = Duration.ofSeconds(10);
    private static final Duration REACHES = Duration.ofMinutes(2);

    /** Slow enough to be interrupted again and again. */
    private static final String SLOW_LOAD =
            """
            load:
              chunk-rows: 1000
              throttle: 300KiB
            """;

    @Test
    void goesOnWithinTenSecondsOfAServersReturn() {
        try (PostgresServer old = PostgresServer.start(14, Map.of());
                PostgresServer next = PostgresServer.start(17, Map.of())) {
            TestDatabase source = old.freshDatabase();
            TestDatabase target = next.freshDatabase();
            migrate(
                    source,
                    target,
                    source.config(),
                    target.config(),
                    running -> {
                        for (Shutdown how : Shutdown.values()) {
                            old.restart(how);
                            running.loadGoesOn("the source's restart " + how);
                            next.restart(how);
                            running.loadGoesOn("the target's restart " + how);
                        }
                        running.awaitFollowing();
                        for (Shutdown how : Shutdown.values()) {
                            old.restart(how);
                            running.streamGoesOn("the source's restart " + how);
                            next.restart(how);
                            running.streamGoesOn("the target's restart " + how);
                        }
                    });
        }
    }

    @Test
    void goesOnWithinTenSecondsOfACutOrStalledNetwork() {
        try (PostgresServer old = PostgresServer.start(14, Map.of());
                PostgresServer next = PostgresServer.start(17, Map.of());
                Proxy near = new Proxy("127.0.0.1", old.port());
                Proxy far = new Proxy("127.0.0.1", next.port())) {
            TestDatabase source = old.freshDatabase();
            TestDatabase target = next.freshDatabase();
            migrate(
                    source,
                    target,
                    near.through(source.config()),
                    far.through(target.config()),
                    running -> {
                        near.cutOnce();
                        running.loadGoesOn("a cut at the source");
                        far.cutOnce();
                        running.loadGoesOn("a cut at the target");
                        running.awaitFollowing();
                        near.cutOnce();
                        running.streamGoesOn("a cut at the source");
                        far.cutOnce();
                        running.streamGoesOn("a cut at the target");
                        near.cut();
                        far.cut();
                        running.writersCommit(150);
                        near.restore();
                        far.restore();
                        running.streamGoesOn("a network that was away");
                        near.stall();
                        running.writersCommit(150);
                        near.restore();
                        running.streamGoesOn("a stalled source");
                        far.stall();
                        running.writersCommit(150);
                        far.restore();
                        running.streamGoesOn("a stalled target");
                    });
        }
    }

    @FunctionalInterface
    private interface Trouble {
        void make(Running running);
    }

    private static void migrate(
            TestDatabase source,
            TestDatabase target,
            DatabaseConfig sourceWay,
            DatabaseConfig targetWay,
            Trouble trouble) {
        Workload.createTables(source, 300);
        try (AgentHome home = new AgentHome("restart", sourceWay, targetWay, SLOW_LOAD);
                Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 3, 60, 5)) {
            try (AgentProcess agent = home.start("migrate")) {
                Running running = new Running(home, agent, workload, source, target);
                running.awaitLoading();
                trouble.make(running);
                workload.stop();
                assertThat(agent.stop(Duration.ofSeconds(60))).isZero();
            }
            try (AgentProcess agent = home.start("migrate", "--cutover")) {
                assertThat(agent.await(REACHES)).as("cutover%s", agent.lastWords()).isZero();
            }
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
        }
    }

    /** A migration under way, seen from outside. */
    private record Running(
            AgentHome home,
            AgentProcess agent,
            Workload workload,
            TestDatabase source,
            TestDatabase target) {

        void awaitLoading() {
            await("rows are loaded", REACHES, () -> loaded() > 0);
        }

        void awaitFollowing() {
            await(
                    "it follows",
                    REACHES,
                    () -> {
                        home.status();
                        return step().equals("FOLLOW");
                    });
        }

        private String step() {
            return target.value("SELECT document->>'step' FROM landbridge.migration");
        }

        /** The target's own word: it takes rows, or has taken all. */
        void loadGoesOn(String after) {
            Set<String> before = copied();
            await(
                    "the load goes on after " + after,
                    GOES_ON,
                    () -> !before.containsAll(copied()) || !step().equals("COPY"));
        }

        private Set<String> copied() {
            return Set.copyOf(
                    target.rows(
                            "SELECT pid || ' ' || bytes_processed FROM pg_stat_progress_copy"
                                    + " WHERE bytes_processed > 0"));
        }

        /** What is committed now arrives in time. */
        void streamGoesOn(String after) {
            long before = workload.ledger().commits();
            await("writers are back", GOES_ON, () -> workload.ledger().commits() > before);
            String last =
                    source.value(
                            "SELECT writer || ' AND seq = ' || seq FROM work.receipt"
                                    + " ORDER BY at DESC LIMIT 1");
            await(
                    "the stream goes on after " + after,
                    GOES_ON,
                    () ->
                            target.number(
                                            "SELECT count(*) FROM work.receipt WHERE writer = "
                                                    + last)
                                    == 1);
        }

        void writersCommit(int transactions) {
            long before = workload.ledger().commits();
            await(
                    "writers commit",
                    REACHES,
                    () -> workload.ledger().commits() > before + transactions);
        }

        private long loaded() {
            return target.number("SELECT count(*) FROM landbridge.chunk WHERE done_at IS NOT NULL");
        }

        private void await(String what, Duration deadline, Callable<Boolean> condition) {
            try {
                Await.until(
                        what,
                        deadline,
                        () -> {
                            if (!agent.isAlive()) {
                                throw new AssertionError("the agent ended");
                            }
                            return condition.call();
                        });
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + agent.lastWords(), e);
            }
        }
    }
}
