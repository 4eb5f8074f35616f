package io.landbridge.soak;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.phase.ComparisonOrder;
import io.landbridge.phase.Configurations;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Until;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PgBouncer;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code scripts/dev soak cutover}: bank clients behind PgBouncer move from PostgreSQL 14 to 17 and
 * back, round after round, and count by their own logs what was lost, doubled or failed.
 */
@Command(name = "scripts/dev soak cutover", mixinStandardHelpOptions = true)
public final class CutoverSoak implements Callable<Integer> {

    @Option(names = "--rounds", defaultValue = "20")
    private int rounds;

    @Option(names = "--accounts", defaultValue = "2000000")
    private int accounts;

    @Option(names = "--clients", defaultValue = "8")
    private int clients;

    @Option(names = "--rate", defaultValue = "500", description = "Transactions a second.")
    private double rate;

    @Option(names = "--stay", defaultValue = "5", description = "Seconds on each side.")
    private int stay;

    @Option(names = "--verbose", description = "Tell what each step found.")
    private boolean verbose;

    private long began;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CutoverSoak()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        began = System.nanoTime();
        Map<String, String> settings = Map.of("max_wal_size", "4GB");
        try (PostgresServer old = PostgresServer.start(14, settings);
                PostgresServer next = PostgresServer.start(17, settings)) {
            TestDatabase source = old.createDatabase("bank");
            TestDatabase target = next.createDatabase("bank");
            say("filling " + accounts + " accounts");
            BankClients.createTables(source, accounts);
            try (PgBouncer bouncer = PgBouncer.start(source, "transaction");
                    BankClients bank = new BankClients(bouncer, clients, rate, accounts)) {
                bank.start();
                for (int round = 1; round <= rounds; round++) {
                    round(round, source, target, bouncer, bank);
                }
                bank.stop();
                say(
                        "%d transactions acknowledged, %d failed, none lost or doubled"
                                .formatted(bank.acknowledged(), bank.failed()));
                return bank.failed() == 0 ? 0 : 5;
            }
        }
    }

    private void round(
            int round,
            TestDatabase source,
            TestDatabase target,
            PgBouncer bouncer,
            BankClients bank)
            throws Exception {
        Path state = Files.createTempDirectory("landbridge-soak-");
        Configuration config =
                Configurations.of(
                        source,
                        target,
                        "soak",
                        state,
                        "cutover:",
                        "  observe: 1h",
                        Configurations.traffic(bouncer, "transaction"));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Migration migration = Migration.open(config)) {
            Thread running = new Thread(() -> run(migration, failure), "migration");
            running.setDaemon(true);
            running.start();
            awaitReadyAfterValidation(migration);
            bank.pauseSoFar();
            migration.control().cutover();
            awaitPhase(migration, "MONITORING");
            Duration forth = bank.pauseAfter(Duration.ofSeconds(stay));
            sayTimes(migration.control().status());
            bank.assertNothingLost(target);
            migration.control().rollback();
            awaitPhase(migration, "ROLLED_BACK");
            Duration back = bank.pauseAfter(Duration.ofSeconds(stay));
            sayTimes(migration.control().status());
            migration.stop();
            running.join();
            if (failure.get() != null) {
                throw new IllegalStateException("the agent failed", failure.get());
            }
            bank.assertNothingLost(source);
            assertNoResidue(source);
            assertNoResidue(target);
            say(
                    "round %d: %d acknowledged, %d failed; longest pause forth %d ms, back %d ms"
                            .formatted(
                                    round,
                                    bank.acknowledged(),
                                    bank.failed(),
                                    forth.toMillis(),
                                    back.toMillis()));
        }
    }

    /** What each step of the last move took, and what the probe felt. */
    private void sayTimes(MigrationStatus status) {
        say(
                status.cutover().steps().stream()
                                .map(
                                        step ->
                                                step.name()
                                                        + " "
                                                        + step.took()
                                                                .map(Duration::toMillis)
                                                                .orElse(-1L))
                                .collect(Collectors.joining(", ", "  steps in ms: ", "; "))
                        + status.cutover().clients());
        if (verbose) {
            status.cutover()
                    .steps()
                    .forEach(step -> say("    " + step.name() + ": " + step.detail()));
        }
    }

    private static void run(Migration migration, AtomicReference<Throwable> failure) {
        try {
            migration.runUntil(Until.STOPPED);
        } catch (Throwable e) {
            failure.set(e);
        }
    }

    private static void awaitReadyAfterValidation(Migration migration) {
        Await.until(
                "caught up",
                Duration.ofMinutes(20),
                () -> {
                    MigrationStatus status = migration.control().status();
                    return status.stage().step().equals("FOLLOW")
                            && status.cutover().notReady().size() == 1;
                });
        migration.control().validate(ComparisonOrder.USUAL);
        Await.until(
                "ready",
                Duration.ofMinutes(10),
                () -> migration.control().status().cutover().notReady().isEmpty());
    }

    private static void awaitPhase(Migration migration, String phase) {
        Await.until(
                phase,
                Duration.ofMinutes(10),
                () -> migration.control().status().stage().phase().equals(phase));
    }

    private static void assertNoResidue(TestDatabase database) {
        List<String> residue =
                database.rows(
                        "SELECT nspname FROM pg_namespace WHERE nspname = 'landbridge'"
                                + " UNION ALL SELECT slot_name FROM pg_replication_slots"
                                + " UNION ALL SELECT pubname FROM pg_publication"
                                + " UNION ALL SELECT tgname FROM pg_trigger"
                                + " WHERE NOT tgisinternal");
        if (!residue.isEmpty()) {
            throw new AssertionError("left behind in " + database.name() + ": " + residue);
        }
    }

    private void say(String what) {
        System.out.printf("[%6.1f s] %s%n", (System.nanoTime() - began) / 1e9, what);
    }
}
