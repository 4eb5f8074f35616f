package io.landbridge.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One migration under nasty writers whose agent is killed with SIGKILL again and again; at the end
 * it is cut over, and both sides are compared.
 */
final class KillRun {

    /** Where kills shall fall; a run goes through them in this order, spread over its kills. */
    private static final List<String> STEPS =
            List.of(
                    "COPY",
                    "COPY",
                    "BUILD_KEYS",
                    "CONVERGE",
                    "CONVERGE",
                    "BUILD_REST",
                    "FOLLOW",
                    "FOLLOW",
                    "FOLLOW",
                    "FOLLOW");

    private static final List<String> ORDER =
            List.of(
                    "ASSESS",
                    "PREPARE_TARGET",
                    "OPEN_STREAM",
                    "COPY",
                    "BUILD_KEYS",
                    "CONVERGE",
                    "BUILD_REST",
                    "FOLLOW");

    /**
     * @param rows size of the workload's small tables
     * @param hugeRows rows of each of two transactions, 0 for none
     * @param rate transactions a second of all writers together
     * @param longestLife an agent is killed at a random moment up to this long after it reached the
     *     step
     * @param yaml configuration beside the databases
     */
    record Plan(
            int kills,
            int rows,
            int hugeRows,
            int writers,
            double rate,
            Duration longestLife,
            long seed,
            String yaml) {

        /** Once to be converged, and once to be followed. */
        boolean hugeAt(int kill) {
            return hugeRows > 0 && (kill == kills / 6 || kill == kills * 7 / 10);
        }
    }

    private final Plan plan;
    private final KillScene source;
    private final TestDatabase target;
    private final Consumer<String> log;
    private final Random random;
    private final Map<String, Integer> killedIn = new TreeMap<>();

    KillRun(Plan plan, KillScene source, TestDatabase target, Consumer<String> log) {
        this.plan = plan;
        this.source = source;
        this.target = target;
        this.log = log;
        this.random = new Random(plan.seed());
    }

    /** How many kills fell into each step. */
    Map<String, Integer> killedIn() {
        return Map.copyOf(killedIn);
    }

    void run() {
        source.create(plan.rows());
        try (AgentHome home =
                        new AgentHome(
                                "kill_" + source.name(),
                                source.source(),
                                target.config(),
                                source.yaml() + plan.yaml());
                Workload workload =
                        Workload.start(
                                source.source(),
                                source.kinds(),
                                plan.writers(),
                                plan.rate(),
                                plan.seed())) {
            List<CompletableFuture<Void>> huge = new ArrayList<>();
            for (int kill = 0; kill < plan.kills(); kill++) {
                if (plan.hugeAt(kill)) {
                    int batch = huge.size() + 1;
                    huge.add(
                            CompletableFuture.runAsync(
                                    () -> source.hugeTransaction(batch, plan.hugeRows())));
                }
                killOnce(home, kill);
            }
            huge.forEach(CompletableFuture::join);
            finish(home, workload);
        }
    }

    private void killOnce(AgentHome home, int kill) {
        String wanted = STEPS.get(kill * STEPS.size() / plan.kills());
        try (AgentProcess agent = home.start("migrate")) {
            Await.until(
                    "the migration reaches " + wanted + " (kill " + kill + ")",
                    Duration.ofMinutes(5),
                    () -> {
                        assertAlive(agent);
                        home.status();
                        return ORDER.indexOf(step()) >= ORDER.indexOf(wanted);
                    });
            LockSupport.parkNanos((long) (random.nextDouble() * life(wanted).toNanos()));
            assertAlive(agent);
            String step = step();
            agent.kill();
            killedIn.merge(step, 1, Integer::sum);
            log.accept("kill " + (kill + 1) + " in " + step);
        }
    }

    /** Tables of a test are built within moments. */
    private Duration life(String step) {
        return step.startsWith("BUILD") ? Duration.ofMillis(50) : plan.longestLife();
    }

    private void finish(AgentHome home, Workload workload) {
        try (AgentProcess agent = home.start("migrate")) {
            Await.until(
                    "the agent follows again",
                    Duration.ofMinutes(10),
                    () -> {
                        assertAlive(agent);
                        home.status();
                        return step().equals("FOLLOW");
                    });
            workload.stop();
            log.accept(workload.ledger().toString());
            assertThat(agent.stop(Duration.ofSeconds(60))).as("exit status of SIGTERM").isZero();
        }
        try (AgentProcess agent = home.start("migrate", "--cutover")) {
            int status = agent.await(Duration.ofMinutes(10));
            assertThat(status).as("exit status of the cutover%s", agent.lastWords()).isZero();
        }
        source.assertEqual(target);
        workload.ledger().assertReceiptsIn(target);
    }

    private static void assertAlive(AgentProcess agent) {
        if (!agent.isAlive()) {
            // Not an AssertionError of the condition but the end of waiting.
            throw new AssertionError("the agent ended by itself" + agent.lastWords());
        }
    }

    private String step() {
        return target.value(
                "SELECT document->>'step' FROM landbridge.migration WHERE name = 'kill_"
                        + source.name()
                        + "'");
    }
}
