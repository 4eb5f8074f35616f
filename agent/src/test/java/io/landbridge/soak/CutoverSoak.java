package io.landbridge.soak;

import io.landbridge.phase.MigrationStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code scripts/dev soak cutover}: bank clients behind PgBouncer move from PostgreSQL 14 to 17 and
 * back, or with {@code --source mysql} sysbench's from MySQL, round after round, and count by their
 * own logs what was lost, doubled or failed.
 */
@Command(name = "scripts/dev soak cutover", mixinStandardHelpOptions = true)
public final class CutoverSoak implements Callable<Integer> {

    /** Where the clients are at first. */
    enum Kind {
        postgresql {
            @Override
            Moved open(int rows, int clients, double rate) throws Exception {
                return new BankMove(rows, clients, rate);
            }
        },
        mysql {
            @Override
            Moved open(int rows, int clients, double rate) {
                return new SbtestMove(rows, clients, rate);
            }
        };

        abstract Moved open(int rows, int clients, double rate) throws Exception;
    }

    @Option(names = "--source", defaultValue = "postgresql")
    private Kind source;

    @Option(names = "--rounds", defaultValue = "20")
    private int rounds;

    @Option(names = "--accounts", defaultValue = "2000000", description = "Rows, about.")
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
        say("filling " + accounts + " rows");
        try (Moved moved = source.open(accounts, clients, rate)) {
            moved.start();
            for (int round = 1; round <= rounds; round++) {
                round(round, moved);
            }
            moved.stop();
            say(
                    "%d transactions acknowledged, %d failed, none lost or doubled"
                            .formatted(moved.acknowledged(), moved.failed()));
            return moved.failed() == 0 ? 0 : 5;
        }
    }

    private void round(int round, Moved moved) throws Exception {
        Path state = Files.createTempDirectory("landbridge-soak-");
        Duration forth;
        Duration back;
        try (SoakedMigration migration = new SoakedMigration(moved.configuration(state))) {
            migration.awaitReadyAfterValidation();
            moved.cutOver(migration);
            forth = moved.pauseAfter(Duration.ofSeconds(stay));
            sayTimes(migration.status());
            moved.assertNothingLostAtTarget();
            moved.rollBack(migration);
            back = moved.pauseAfter(Duration.ofSeconds(stay));
            sayTimes(migration.status());
        }
        moved.assertNothingLostAtSource();
        say(
                "round %d: %d acknowledged, %d failed; longest pause forth %d ms, back %d ms"
                        .formatted(
                                round,
                                moved.acknowledged(),
                                moved.failed(),
                                forth.toMillis(),
                                back.toMillis()));
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

    private void say(String what) {
        System.out.printf("[%6.1f s] %s%n", (System.nanoTime() - began) / 1e9, what);
    }
}
