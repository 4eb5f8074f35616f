package io.landbridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.phase.Configurations;
import io.landbridge.phase.Until;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole migrations in Kafka mode, on real servers, under writers. */
class KafkaMigrationIT {

    /** read_only_sql_transaction: what the fence answers writers with. */
    private static final String REFUSED = "25006";

    @TempDir Path stateDir;
    private TestDatabase source;
    private TestDatabase target;

    @BeforeEach
    void makeDatabases() {
        source = Servers.source().freshDatabase();
        target = Servers.target().freshDatabase();
        Workload.createTables(source, 1_000);
    }

    @Test
    void cutsOverUnderWritersAndLeavesNoTopic() throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        try (Workload workload =
                Workload.start(source.config(), NastyTransactions.all(), 2, 20, 44)) {
            workload.holdWhenRefused(sqlState -> sqlState.equals(REFUSED));
            try (Migration migration = Migration.open(configuration(section(broker)))) {
                assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
                // The stream's, and the one of the lanes.
                assertThat(topics(broker)).hasSize(2);
            }
            try (Migration migration = Migration.open(configuration(section(broker)))) {
                assertThat(migration.runUntil(Until.COMPLETE)).isTrue();
            }
            workload.stop();
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
        }
        Await.until("no topic is left", Duration.ofMinutes(1), () -> topics(broker).isEmpty());
    }

    @Test
    void losesNothingWhenAgentAndBrokerAreKilled() {
        try (KafkaBroker broker = KafkaBroker.start();
                AgentHome home =
                        new AgentHome(
                                "kafka_killed", source.config(), target.config(), section(broker));
                Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 2, 10, 5)) {
            for (int kill = 0; kill < 2; kill++) {
                try (AgentProcess agent = home.start("migrate")) {
                    awaitReceipt(agent);
                    if (kill > 0) {
                        broker.kill();
                        broker.restart();
                        awaitReceipt(agent);
                    }
                    agent.kill();
                }
            }
            try (AgentProcess agent = home.start("migrate")) {
                awaitReceipt(agent);
                workload.stop();
                assertThat(agent.stop(Duration.ofSeconds(60))).isZero();
            }
            try (AgentProcess agent = home.start("migrate", "--cutover")) {
                assertThat(agent.await(Duration.ofMinutes(3)))
                        .as("cutover%s", agent.lastWords())
                        .isZero();
            }
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
        }
    }

    /** What is committed now arrives. */
    private void awaitReceipt(AgentProcess agent) {
        long now = source.number("SELECT count(*) FROM work.receipt");
        try {
            Await.until(
                    "what was committed arrives",
                    Duration.ofMinutes(2),
                    () -> {
                        if (!agent.isAlive()) {
                            throw new AssertionError("the agent ended");
                        }
                        return target.number("SELECT count(*) FROM work.receipt") > now;
                    });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + agent.lastWords(), e);
        }
    }

    private Configuration configuration(String... more) {
        return Configurations.of(source, target, "by_kafka", stateDir, more);
    }

    private static List<String> topics(KafkaBroker broker) {
        return broker.topics().stream().filter(name -> name.startsWith("moves.")).toList();
    }

    private static String section(KafkaBroker broker) {
        return """
                transport:
                  mode: kafka
                kafka:
                  bootstrap-servers: %s
                  topic-prefix: moves
                """
                .formatted(broker.address());
    }
}
