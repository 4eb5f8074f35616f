package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.change.TableId;
import io.landbridge.config.Configuration;
import io.landbridge.phase.MigrationStatus.RepairResult;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repair that an operator asks a running migration for. */
class RepairStepIT {

    private static final TableId T = new TableId("public", "t");

    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @TempDir Path stateDir;

    @Test
    void stoppedTableFollowsAgainAndARepairThatWasCutOffIsDoneAgain() throws Exception {
        source.execute(
                "CREATE TABLE t (id int PRIMARY KEY, email text)",
                "INSERT INTO t SELECT i, 'mail ' || i FROM generate_series(1, 1000) i");
        Configuration config =
                Configurations.of(
                        source, target, "repairs", stateDir, "validation:\n  mask: ['*.*.email']");
        try (Migration migration = Migration.open(config)) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            Thread follower = follow(migration);
            target.execute("DELETE FROM t WHERE id <= 3", "UPDATE t SET email = 'x' WHERE id = 4");
            source.execute("UPDATE t SET email = 'new' WHERE id = 1");
            await(migration, status -> isStopped(status));

            migration
                    .control()
                    .repair(new ComparisonOrder(List.of("public.*"), Optional.empty(), true));

            await(migration, status -> status.repair().filter(RepairStepIT::hasEnded).isPresent());
            RepairResult result = migration.control().status().repair().orElseThrow();
            assertThat(result.outcome()).isEqualTo("REPAIRED");
            assertThat(result.restarted()).containsExactly(T);
            assertThat(result.rows()).isEqualTo(4);
            source.execute("UPDATE t SET email = 'newer' WHERE id = 1");
            end(migration, follower);
        }
        // As if it had been killed in the midst of a repair.
        target.execute(
                "DELETE FROM t WHERE id = 500",
                "UPDATE landbridge.migration SET document = document::jsonb || '{\"step\": \"REPAIR\","
                        + " \"order\": {\"tables\": [\"public.t\"], \"mode\": null, \"values\": false}}'::jsonb");
        try (Migration migration = Migration.open(config)) {
            Thread follower = follow(migration);
            await(migration, status -> status.repair().filter(RepairStepIT::hasEnded).isPresent());
            assertThat(migration.control().status().repair().orElseThrow().rows()).isEqualTo(1);
            await(migration, status -> status.stage().step().equals("FOLLOW"));
            migration.control().validate(ComparisonOrder.USUAL);
            await(
                    migration,
                    status ->
                            status.validation()
                                    .filter(one -> one.outcome().equals("CLEAN"))
                                    .isPresent());
            end(migration, follower);
        }
        RowsOf.assertEqual(source, target);
        assertThat(report("repair-", ".json"))
                .contains("\"kind\" : \"MISSING\"", "\"email\"")
                .doesNotContain("mail 4");
        assertThat(report("repair-", ".html")).contains("follows again").doesNotContain("mail 4");
    }

    @Test
    void validatesByItselfAgainAndAgainWithAModeForEachTable() throws Exception {
        source.execute(
                "CREATE TABLE t (id int PRIMARY KEY, email text)",
                "INSERT INTO t SELECT i, 'mail ' || i FROM generate_series(1, 10) i",
                "CREATE TABLE log_2026 (id int PRIMARY KEY)");
        Configuration config =
                Configurations.of(
                        source,
                        target,
                        "schedule",
                        stateDir,
                        "validation:\n  interval: 1s\n  count-tables: ['public.log_*']");
        try (Migration migration = Migration.open(config)) {
            Thread follower = follow(migration);
            await(migration, status -> status.validation().filter(this::isClean).isPresent());
            Instant first = migration.control().status().validation().orElseThrow().startedAt();
            await(
                    migration,
                    status ->
                            status.validation()
                                    .filter(this::isClean)
                                    .filter(result -> result.startedAt().isAfter(first))
                                    .isPresent());
            end(migration, follower);
        }
        assertThat(report("validation-", ".json"))
                .containsSubsequence("log_2026", "\"mode\" : \"COUNT\"", "\"mode\" : \"FULL\"");
    }

    private boolean isClean(ValidationResult result) {
        return result.outcome().equals("CLEAN");
    }

    private static boolean isStopped(MigrationStatus status) {
        return status.tables().stream().anyMatch(table -> table.stopped().isPresent());
    }

    private static boolean hasEnded(RepairResult result) {
        return result.endedAt().isPresent();
    }

    /** The first report of a kind. */
    private String report(String prefix, String suffix) throws Exception {
        try (var files = Files.list(stateDir.resolve("reports"))) {
            Path first =
                    files.filter(file -> file.getFileName().toString().startsWith(prefix))
                            .filter(file -> file.getFileName().toString().endsWith(suffix))
                            .sorted()
                            .findFirst()
                            .orElseThrow();
            return Files.readString(first);
        }
    }

    private static Thread follow(Migration migration) {
        Thread follower =
                new Thread(
                        () -> {
                            try {
                                migration.runUntil(Until.STOPPED);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        follower.start();
        return follower;
    }

    private static void end(Migration migration, Thread follower) throws Exception {
        migration.stop();
        follower.join();
    }

    private static void await(Migration migration, Predicate<MigrationStatus> state) {
        Await.until(
                "the status is as expected",
                Duration.ofMinutes(1),
                () -> state.test(migration.control().status()));
    }
}
