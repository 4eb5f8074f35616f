package io.landbridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.Configurations;
import io.landbridge.phase.Service;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole migrations whose log a connector reads, on real servers, under writers. */
class ConnectMigrationIT {

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
    void cutsOverUnderWritersAndLeavesNothing() throws Exception {
        try (Workload workload =
                Workload.start(source.config(), NastyTransactions.all(), 2, 20, 44)) {
            workload.holdWhenRefused(sqlState -> sqlState.equals(REFUSED));
            try (Migration migration = Migration.open(configuration())) {
                assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            }
            assertThat(
                            new ConnectRest(ConnectWorker.shared().config())
                                    .property("connected.by_connect", "database.password"))
                    .hasValueSatisfying(told -> assertThat(told).startsWith("${file:"));
            try (Migration migration = Migration.open(configuration())) {
                assertThat(migration.runUntil(Until.COMPLETE)).isTrue();
            }
            workload.stop();
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
        }
        assertNothingIsLeft("by_connect");
    }

    @Test
    void losesNothingWhenConnectAndBrokerAndAgentAreKilled() {
        KafkaBroker broker = KafkaBroker.shared();
        ConnectWorker worker = ConnectWorker.shared();
        try (AgentHome home =
                        new AgentHome(
                                "connect_killed",
                                source.config(),
                                target.config(),
                                section(broker, worker));
                Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 2, 10, 5)) {
            try (AgentProcess agent = home.start("migrate")) {
                awaitReceipt(agent);
                awaitConnector(home, "RUNNING");
                worker.kill();
                awaitConnector(home, "UNREACHABLE");
                worker.restart();
                awaitReceipt(agent);
                awaitConnector(home, "RUNNING");
                broker.kill();
                broker.restart();
                awaitReceipt(agent);
                agent.kill();
            }
            try (AgentProcess agent = home.start("migrate")) {
                awaitReceipt(agent);
                workload.stop();
                awaitReceipt(agent);
                assertThat(agent.stop(Duration.ofSeconds(60))).isZero();
            }
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
            try (Service service =
                    new Service(
                            Configurations.of(
                                    source,
                                    target,
                                    "connect_killed",
                                    stateDir,
                                    section(broker, worker)))) {
                service.control().abort();
                service.awaitPhase("ROLLED_BACK");
            }
        }
        assertNothingIsLeft("connect_killed");
    }

    /** What the agent's metrics and its status tell of its connector. */
    private static void awaitConnector(AgentHome home, String state) {
        Await.until(
                "the connector is told as " + state,
                Duration.ofMinutes(2),
                () -> home.status().at("/capture/connector/state").asText().equals(state));
    }

    private static void assertNothingIsLeft(String migration) {
        assertThat(
                        new ConnectRest(ConnectWorker.shared().config())
                                .status("connected." + migration))
                .isEmpty();
        assertThat(KafkaBroker.shared().topics())
                .noneMatch(topic -> topic.startsWith("connected." + migration));
    }

    /** What is committed by now arrives. */
    private void awaitReceipt(AgentProcess agent) {
        long now = Math.max(1, source.number("SELECT count(*) FROM work.receipt"));
        try {
            Await.until(
                    now + " receipts arrive",
                    Duration.ofMinutes(4),
                    () -> {
                        if (!agent.isAlive()) {
                            throw new AssertionError("the agent ended");
                        }
                        return target.value("SELECT to_regclass('work.receipt')")
                                        .equals("work.receipt")
                                && target.number("SELECT count(*) FROM work.receipt") >= now;
                    });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + agent.lastWords(), e);
        }
    }

    @Test
    void refusesAConnectWithoutThePlugIn() {
        try (ConnectWorker bare = ConnectWorker.startWithoutPlugIn(KafkaBroker.shared())) {
            Configuration without =
                    Configurations.of(
                            source,
                            target,
                            "no_plugin",
                            stateDir,
                            section(KafkaBroker.shared(), bare));
            try (AgentHome home =
                            new AgentHome(
                                    "no_plugin",
                                    source.config(),
                                    target.config(),
                                    section(KafkaBroker.shared(), bare));
                    AgentProcess agent = home.start("assess")) {
                assertThat(agent.await(Duration.ofMinutes(4))).isNotZero();
                assertThat(agent.lastWords()).contains("TRANSPORT", "00-landbridge");
            }
            Migration migration = Migration.open(without);
            assertThatThrownBy(() -> migration.runUntil(Until.CAUGHT_UP))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo(FaultCode.CONNECT_REFUSED);
                                assertThat(fault.hint()).contains("00-landbridge");
                            });
            migration.close();
        }
    }

    private Configuration configuration() {
        return Configurations.of(
                source,
                target,
                "by_connect",
                stateDir,
                section(KafkaBroker.shared(), ConnectWorker.shared()) + secrets());
    }

    /** The workers read user and password from a file, so that Connect's topic has neither. */
    private String secrets() {
        ConnectWorker worker = ConnectWorker.shared();
        return "    properties:\n      database.user: $%s\n      database.password: $%s\n"
                .formatted(
                        worker.secret("user", source.config().user()),
                        worker.secret("password", source.config().password().reveal()));
    }

    @Test
    void refusesAWrongLoginAndAServerItDoesNotBelieve() {
        ConnectWorker worker = ConnectWorker.shared();
        assertThatThrownBy(() -> new ConnectRest(worker.config("no")).status("any"))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> {
                            assertThat(fault.code()).isEqualTo(FaultCode.CONNECT_REFUSED);
                            assertThat(fault.hint()).contains("user and password");
                        });
        assertThatThrownBy(() -> new ConnectRest(ConnectWorker.without(worker.url())).status("any"))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> assertThat(fault.code()).isEqualTo(FaultCode.CONNECT_UNREACHABLE));
    }

    static String section(KafkaBroker broker, ConnectWorker worker) {
        return """
                transport:
                  mode: kafka
                kafka:
                  bootstrap-servers: %s
                  topic-prefix: connected
                """
                        .formatted(broker.address())
                + worker.section();
    }
}
