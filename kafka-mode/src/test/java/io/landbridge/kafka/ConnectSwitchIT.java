package io.landbridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.phase.Configurations;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Service;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The slot passes from the engine in the agent's process to a connector and back, under writers.
 */
class ConnectSwitchIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir Path stateDir;
    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @Test
    void losesNothingThereAndBackAndCarriesOnWhenConnectIsAway() {
        ConnectWorker worker = ConnectWorker.shared();
        Workload.createTables(source, 1_000);
        try (Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 2, 10, 53);
                Service service =
                        new Service(
                                Configurations.of(
                                        source,
                                        target,
                                        "connect_switched",
                                        stateDir,
                                        ConnectMigrationIT.section(KafkaBroker.shared(), worker)
                                                .replace("mode: kafka", "mode: chronicle")))) {
            service.awaitPhase("CDC");
            awaitReceipt();
            for (Mode mode : List.of(Mode.KAFKA, Mode.CHRONICLE)) {
                service.control().transport(mode);
                awaitCarriedBy(service, mode);
                awaitReceipt();
            }
            ConnectRest rest = new ConnectRest(worker.config());
            Await.until(
                    "the connector is gone",
                    PATIENCE,
                    () -> rest.status("connected.connect_switched").isEmpty());
            worker.kill();
            service.control().transport(Mode.KAFKA);
            Await.until(
                    "the status says why not",
                    PATIENCE,
                    () ->
                            service.control().status().faults().stream()
                                    .anyMatch(fault -> fault.message().contains("CONNECT")));
            assertThat(service.control().status().transport().mode()).isEqualTo("chronicle");
            awaitReceipt();
            worker.restart();
            awaitCarriedBy(service, Mode.KAFKA);
            workload.stop();
            awaitReceipt();
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
        }
    }

    static void awaitCarriedBy(Service service, Mode mode) {
        String spelling = mode.name().toLowerCase(Locale.ROOT);
        Await.until(
                mode + " carries the changes",
                PATIENCE,
                () -> {
                    MigrationStatus status = service.control().status();
                    return status.transport().mode().equals(spelling)
                            && status.capture().state().equals("STREAMING");
                });
    }

    /** What is committed by now arrives. */
    private void awaitReceipt() {
        long now = source.number("SELECT count(*) FROM work.receipt");
        Await.until(
                now + " receipts arrive",
                PATIENCE,
                () ->
                        target.value("SELECT to_regclass('work.receipt')").equals("work.receipt")
                                && target.number("SELECT count(*) FROM work.receipt") >= now);
    }
}
