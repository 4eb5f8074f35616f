package io.landbridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.testkit.Await;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several agents share one migration's work, on real servers, under writers. */
class AgentsIT {

    /** Until another agent leads. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final String OBSERVED =
            """
            cutover:
              observe: 1h
            """;

    private TestDatabase source;
    private TestDatabase target;

    @BeforeEach
    void makeDatabases() {
        source = Servers.source().freshDatabase();
        target = Servers.target().freshDatabase();
        Workload.createTables(source, 1_000);
    }

    /**
     * One after the other: an agent is killed, one stands still, one is cut from Kafka, the broker
     * is killed, the agent that leads is killed. Then the traffic moves, the agent that leads is
     * killed on the way back, and the traffic returns.
     */
    @Test
    void loseNothingWhateverIsKilledStandsStillOrIsCutOffThereAndBack() {
        try (KafkaBroker broker = KafkaBroker.start();
                AgentTeam team = new AgentTeam("team", source, target, OBSERVED);
                Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 2, 20, 61)) {
            int first = team.add(broker.address());
            team.awaitPhase(first, "CDC");
            int second = team.add(broker.address());
            int far = team.add(broker.farAddress());
            team.awaitFollowers(first, 2);
            team.startBulk(1_500);
            team.awaitWriting(second);
            team.awaitWriting(far);
            team.awaitLag(far);

            team.process(second).kill();
            team.awaitReceipt();
            team.restart(second);

            team.signal(far, "STOP");
            team.awaitStuck();
            team.awaitReceipt();
            team.signal(far, "CONT");
            team.awaitWriting(second);
            team.awaitWriting(far);

            broker.proxy().cut();
            team.awaitFollowers(first, 1);
            team.awaitReceipt();
            broker.proxy().restore();
            broker.kill();
            broker.restart();
            team.awaitReceipt();
            team.awaitWriting(far);

            long killed = System.nanoTime();
            team.process(first).kill();
            int leader = team.awaitLeader();
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(LONGEST);
            team.awaitReceipt();
            team.awaitWriting(second + far - leader);

            team.stopBulk();
            workload.stop();
            team.awaitReceipt();
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
            goThereAndBack(team);
        }
    }

    /** Without writers: who writes where the traffic is, tests of the cutover show. */
    private void goThereAndBack(AgentTeam team) {
        team.awaitReady();
        team.askLeader("cutover");
        int leader = team.awaitLeader();
        team.awaitPhase(leader, "MONITORING");
        target.execute("DELETE FROM work.bulk WHERE id % 2 = 0");
        awaitEqual();
        team.process(leader).kill();
        int heir = team.awaitLeader();
        assertThat(heir).isNotEqualTo(leader);
        target.execute("DELETE FROM work.receipt WHERE seq % 2 = 0");
        awaitEqual();
        team.askLeader("rollback");
        // All that was written there is here; what was made there is gone after that.
        team.awaitPhase(heir, "ROLLED_BACK");
    }

    private void awaitEqual() {
        Await.until(
                "what is written to the target arrives at the source",
                Duration.ofMinutes(1),
                () ->
                        RowsOf.differing(
                                        source.config(),
                                        target.config(),
                                        RowsOf.tables(source.config()))
                                .isEmpty());
    }
}
