package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.Configuration;
import io.landbridge.cutover.ClientPause;
import io.landbridge.soak.BankClients;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PgBouncer;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole moves of clients that come through a real PgBouncer, there and back. */
class PgBouncerMoveIT {

    private static final int ACCOUNTS = 1_000;

    @TempDir Path stateDir;

    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @Test
    void clientsOfTransactionPoolingSeeNoFailure() throws Exception {
        assertThat(goAndComeBack("transaction")).isZero();
    }

    @Test
    void clientsOfSessionPoolingAreDisconnectedAndLoseNothing() throws Exception {
        goAndComeBack("session");
    }

    /** Transactions that failed. */
    private long goAndComeBack(String poolMode) throws Exception {
        BankClients.createTables(source, ACCOUNTS);
        try (PgBouncer bouncer = PgBouncer.start(source, poolMode);
                BankClients bank = new BankClients(bouncer, 4, 100, ACCOUNTS);
                Service service = new Service(configuration(bouncer, poolMode))) {
            bank.start();
            service.awaitPhase("CDC");
            Await.until(
                    "it follows closely",
                    Duration.ofMinutes(2),
                    () -> service.control().status().stage().step().equals("FOLLOW"));
            service.validate();
            service.control().cutover();
            service.awaitPhase("MONITORING");
            assertFelt(service);
            awaitWrites(bank);
            bank.assertNothingLost(target);
            service.control().rollback();
            service.awaitPhase("ROLLED_BACK");
            assertFelt(service);
            awaitWrites(bank);
            bank.stop();
            bank.assertNothingLost(source);
            assertReports();
            return bank.failed();
        }
    }

    private Configuration configuration(PgBouncer bouncer, String poolMode) {
        return Configurations.of(
                source,
                target,
                "bounces_" + poolMode,
                stateDir,
                "cutover:",
                "  observe: 1h",
                "  hold-timeout: 1s",
                Configurations.traffic(bouncer, poolMode));
    }

    private static void assertFelt(Service service) {
        ClientPause felt = service.control().status().cutover().clients().orElseThrow();
        assertThat(felt.answers()).isGreaterThan(1);
        assertThat(felt.longest()).isPositive();
    }

    private static void awaitWrites(BankClients bank) {
        int before = bank.acknowledged();
        Await.until(
                "clients write", Duration.ofMinutes(1), () -> bank.acknowledged() > before + 50);
    }

    private void assertReports() throws IOException {
        try (var files = Files.list(stateDir.resolve("reports"))) {
            List<String> names = files.map(file -> file.getFileName().toString()).toList();
            for (String kind : List.of("cutover-.*html", "cutover-.*json", "rollback-.*html")) {
                assertThat(names).anyMatch(name -> name.matches(kind));
            }
        }
    }
}
