package io.landbridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.Configurations;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Service;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another transport for a migration that runs, on real servers, under writers. */
class TransportSwitchIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

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
    void losesNothingInFiveSwitchesUnderWritersAndMoreWhenTheBrokerIsAway() {
        try (KafkaBroker broker = KafkaBroker.start();
                Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 2, 20, 51);
                Service service =
                        new Service(
                                Configurations.of(
                                        source,
                                        target,
                                        "switched",
                                        stateDir,
                                        section(broker, Mode.CHRONICLE)))) {
            service.awaitPhase("CDC");
            awaitReceipt();
            for (Mode mode :
                    List.of(Mode.KAFKA, Mode.CHRONICLE, Mode.KAFKA, Mode.CHRONICLE, Mode.KAFKA)) {
                service.control().transport(mode);
                awaitCarriedBy(service, mode);
                awaitReceipt();
            }
            broker.kill();
            leavesBehindWhatTheSourceStillHas(service);
            isRefusedAndCarriesOn(service);
            broker.restart();
            awaitCarriedBy(service, Mode.KAFKA);
            Await.until(
                    "nothing is wrong any more",
                    PATIENCE,
                    () -> service.control().status().faults().isEmpty());
            awaitReceipt();
            service.control().transport(Mode.CHRONICLE);
            awaitCarriedBy(service, Mode.CHRONICLE);
            workload.stop();
            awaitReceipt();
            Await.until("no topic is left", PATIENCE, () -> broker.topics().isEmpty());
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
        }
    }

    private void leavesBehindWhatTheSourceStillHas(Service service) {
        service.control().transport(Mode.CHRONICLE);
        awaitCarriedBy(service, Mode.CHRONICLE);
        awaitReceipt();
    }

    private void isRefusedAndCarriesOn(Service service) {
        assertThatThrownBy(() -> service.control().checkTransport(Mode.KAFKA))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> assertThat(fault.code()).isEqualTo(FaultCode.KAFKA_UNREACHABLE));
        service.control().transport(Mode.KAFKA);
        Await.until(
                "the status says why",
                PATIENCE,
                () ->
                        service.control().status().faults().stream()
                                .anyMatch(fault -> fault.code().equals("TRANSPORT_SWITCH")));
        MigrationStatus status = service.control().status();
        assertThat(status.transport().mode()).isEqualTo("chronicle");
        assertThat(status.transport().wanted()).isEqualTo("kafka");
        awaitReceipt();
    }

    @Test
    void losesNothingWhenKilledInMidSwitch() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                AgentHome home =
                        new AgentHome(
                                "switch_killed",
                                source.config(),
                                target.config(),
                                section(broker, Mode.CHRONICLE));
                Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 2, 10, 52)) {
            killWhenItSays(home, "the capture ends", Mode.CHRONICLE, Mode.KAFKA);
            killWhenItSays(home, "stream open", Mode.KAFKA, Mode.CHRONICLE);
            try (AgentProcess agent = home.start("migrate")) {
                awaitReceipt();
                workload.stop();
                awaitReceipt();
                assertThat(agent.stop(Duration.ofSeconds(60))).isZero();
            }
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
        }
    }

    /** Ends the agent with SIGKILL as soon as it says so after its file was changed. */
    private void killWhenItSays(AgentHome home, String word, Mode from, Mode to) throws Exception {
        try (AgentProcess agent = home.start("run")) {
            awaitReceipt();
            Await.until(
                    "it follows by " + from,
                    PATIENCE,
                    () ->
                            home.status().at("/transport/mode").asText().equals(spelling(from))
                                    && home.status().at("/stage/phase").asText().equals("CDC"));
            long said = count(home, word);
            home.edit("mode: " + spelling(from), "mode: " + spelling(to));
            Await.until("it says: " + word, PATIENCE, () -> count(home, word) > said);
            agent.kill();
        }
    }

    private static long count(AgentHome home, String word) throws Exception {
        try (var lines = Files.lines(home.output())) {
            return lines.filter(line -> line.contains(word)).count();
        }
    }

    private static void awaitCarriedBy(Service service, Mode mode) {
        Await.until(
                mode + " carries the changes, is " + service.control().status().faults(),
                PATIENCE,
                () -> {
                    MigrationStatus status = service.control().status();
                    return status.transport().mode().equals(spelling(mode))
                            && status.capture().state().equals("STREAMING");
                });
    }

    /** What is committed now arrives. */
    private void awaitReceipt() {
        long now = source.number("SELECT count(*) FROM work.receipt");
        Await.until(
                now + " receipts arrive",
                PATIENCE,
                () ->
                        target.value("SELECT to_regclass('work.receipt')").equals("work.receipt")
                                && target.number("SELECT count(*) FROM work.receipt") >= now);
    }

    private static String spelling(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static String section(KafkaBroker broker, Mode mode) {
        return """
                transport:
                  mode: %s
                kafka:
                  bootstrap-servers: %s
                  topic-prefix: switches
                """
                .formatted(spelling(mode), broker.address());
    }
}
