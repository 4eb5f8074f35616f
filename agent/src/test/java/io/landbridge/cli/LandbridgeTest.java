package io.landbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.ScriptedMigrations;
import io.landbridge.observe.RecordedControl;
import io.landbridge.observe.Statuses;
import io.landbridge.phase.MigrationStatus.Assessment;
import io.landbridge.phase.MigrationStatus.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LandbridgeTest {

    private final ScriptedMigrations migrations =
            new ScriptedMigrations(new RecordedControl(Statuses.in("ASSESSMENT").build()));
    private final Cli cli =
            new Cli(migrations)
                    .with("SOURCE_DB_URL", "postgresql://app:hunter2@old/shop")
                    .with("TARGET_DB_URL", "postgresql://app@new/shop");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "migrate",
                "assess",
                "grants",
                "schema",
                "status",
                "pause",
                "resume",
                "validate",
                "repair",
                "cutover",
                "rollback",
                "finish",
                "abort",
                "config"
            })
    void everyCommandHasHelp(String command) {
        assertThat(cli.run("--help").out()).contains("  " + command + " ");
        Cli.Result help = cli.run(command, "--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).startsWith("Usage: landbridge " + command);
    }

    @Test
    void helpTellsTheExitStatuses() {
        assertThat(cli.run("--help").out()).contains("  5     data");
        assertThat(cli.run("--version").out()).startsWith("landbridge ");
    }

    @Test
    void configCheckPrintsWhatIsInEffectAndMasksSecrets() {
        Cli.Result result = cli.run("config", "check");
        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains("postgresql://app:********@old:5432/shop   (environment SOURCE_DB_URL)")
                .contains("apply.batch-rows ")
                .endsWith("No problem in the configuration." + System.lineSeparator())
                .doesNotContain("hunter2");
    }

    @Test
    void configCheckTellsWhatIsWrong(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("c.yaml"), "aply: {}\nload: {workers: 0}\n");
        Cli.Result result = cli.run("config", "check", "--config", file.toString());
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .contains("c.yaml has 2 problems")
                .contains("line 1, aply: no such key; did you mean 'apply'?")
                .contains("line 2, load.workers: '0' is no whole number from 1 to 64");
    }

    @Test
    void assessPrintsBlockersFirstAndEndsWithTwo() {
        migrations.finding(
                new Assessment(
                        Instant.EPOCH,
                        1,
                        1,
                        0,
                        List.of(
                                new Finding("WARNING", "NO_KEY", "public.log", "slow", "add one"),
                                new Finding(
                                        "BLOCKER",
                                        "WAL_LEVEL",
                                        "source",
                                        "wal_level is replica",
                                        "ALTER SYSTEM SET wal_level = logical"))));
        Cli.Result result = cli.run("assess");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out())
                .startsWith("blocker WAL_LEVEL: source")
                .contains("        do  ALTER SYSTEM SET wal_level = logical")
                .contains("1 blocker, 1 warning, 0 notes. The migration can't begin");
        assertThat(cli.run("assess", "--format", "json").out()).contains("\"blockers\" : 1");
    }

    @Test
    void schemaPrintsStatementsAndWhatIsLeftOutAsComments() {
        Cli.Result result = cli.run("schema");
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("-- nothing moves");
    }

    @Test
    void grantsAreScriptsForTheConfiguredRolesOrOthers() {
        assertThat(cli.run("grants").out().lines())
                .containsExactly(
                        "-- At the source, postgresql://app@old:5432/shop",
                        "-- to read",
                        "GRANT a TO app;",
                        "",
                        "-- At the target, postgresql://app@new:5432/shop",
                        "GRANT b TO app;");
        assertThat(cli.run("grants", "--source-role", "mover", "--target-role", "writer").out())
                .contains("GRANT a TO mover;")
                .contains("GRANT b TO writer;");
    }

    @Test
    void assessmentWithoutBlockersEndsWithZero() {
        migrations.finding(new Assessment(Instant.EPOCH, 0, 0, 0, List.of()));
        Cli.Result result = cli.run("assess");
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("Nothing keeps the migration from beginning.");
    }
}
