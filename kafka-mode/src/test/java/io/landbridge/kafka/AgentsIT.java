package io.landbridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

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

    private TestDatabase source;
    private TestDatabase target;

    @BeforeEach
    void makeDatabases() {
        source = Servers.source().freshDatabase();
        target = Servers.target().freshDatabase();
        Workload.createTables(source, 1_000);
    }

    @Test
    void shareTheWorkAndLoseNothingWhenAnyIsKilledOrStandsStill() {
        KafkaBroker broker = KafkaBroker.shared();
        try (AgentTeam team = new AgentTeam("team_killed", source, target);
                Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 2, 20, 61)) {
            int first = team.add(broker.address());
            team.awaitPhase(first, "CDC");
            int second = team.add(broker.address());
            int third = team.add(broker.address());
            team.awaitFollowers(first, 2);
            team.startBulk(1_500);
            team.awaitWriting(second);
            team.awaitWriting(third);
            team.awaitLag(third);

            team.process(second).kill();
            team.awaitReceipt();
            team.restart(second);
            team.awaitWriting(second);

            team.signal(third, "STOP");
            team.awaitStuck();
            team.awaitReceipt();
            team.signal(third, "CONT");
            team.awaitWriting(third);

            long killed = System.nanoTime();
            team.process(first).kill();
            int leader = team.awaitLeader();
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(LONGEST);
            team.awaitReceipt();
            team.awaitWriting(second + third - leader);

            assertEqual(team, workload);
        }
    }

    @Test
    void recoverByThemselvesFromACutAndARestartedBroker() {
        try (KafkaBroker broker = KafkaBroker.start();
                AgentTeam team = new AgentTeam("team_cut", source, target);
                Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 2, 20, 62)) {
            int near = team.add(broker.address());
            team.awaitPhase(near, "CDC");
            int far = team.add(broker.farAddress());
            team.awaitFollowers(near, 1);
            team.startBulk(1_500);
            team.awaitWriting(far);

            broker.proxy().cut();
            team.awaitFollowers(near, 0);
            team.awaitReceipt();
            broker.proxy().restore();
            team.awaitWriting(far);

            broker.kill();
            broker.restart();
            team.awaitReceipt();
            team.awaitWriting(far);

            assertEqual(team, workload);
        }
    }

    private void assertEqual(AgentTeam team, Workload workload) {
        team.stopBulk();
        workload.stop();
        team.awaitReceipt();
        RowsOf.assertEqual(source, target);
        workload.ledger().assertReceiptsIn(target);
    }
}
