package io.landbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.ScriptedMigrations;
import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.observe.RecordedControl;
import io.landbridge.observe.Statuses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MigrateCommandTest {

    private final ScriptedMigrations migrations =
            new ScriptedMigrations(new RecordedControl(Statuses.in("FULL_LOAD").build()));
    private final Cli cli = new Cli(migrations);

    @ParameterizedTest
    @CsvSource({
        "--until assessed, ASSESSED",
        "--until loaded, LOADED",
        "--until caught-up, CAUGHT_UP",
        "--until validated, VALIDATED",
        "--until complete, COMPLETE",
        "--validate, VALIDATED",
        "--cutover, COMPLETE",
        "--validate --cutover, COMPLETE"
    })
    void optionsNameTheGoal(String options, String goal) {
        Cli.Result result = migrate(options.split(" "));
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(migrations.events()).containsExactly("open", "run until " + goal, "close");
    }

    @Test
    void optionsGoBeforeTheFile(@TempDir Path dir) throws Exception {
        Path file =
                Files.writeString(
                        dir.resolve("c.yaml"),
                        "migration: {strategy: cdc-only}\napply: {workers: 7}\n");
        migrate(
                "--strategy",
                "full-load",
                "--tables",
                "public.a,public.b",
                "--tables",
                "sales.*",
                "--config",
                file.toString(),
                "--validate");
        assertThat(migrations.configuration().migration().strategy()).isEqualTo(Strategy.FULL_LOAD);
        assertThat(migrations.configuration().tables().include())
                .containsExactly("public.a", "public.b", "sales.*");
        assertThat(migrations.configuration().apply().workers()).isEqualTo(7);
        assertThat(migrations.configuration().source().display())
                .isEqualTo("postgresql://app@old:5432/shop");
    }

    @Test
    void launcherHandsUrlsOverInTheEnvironment() {
        cli.with("LANDBRIDGE_SOURCE_DB", "postgresql://a:b@c/d")
                .with("LANDBRIDGE_TARGET_DB", "postgresql://e:f@g/h");
        Cli.Result result = cli.run("migrate", "--validate", "--http-port", "-1");
        assertThat(result.status()).isZero();
        assertThat(migrations.configuration().source().password().reveal()).isEqualTo("b");
    }

    @Test
    void progressIsPlainLinesInALog() {
        assertThat(migrate("--until", "loaded").out())
                .matches(
                        "(?s)\\S+Z FULL_LOAD: 75%, 1,500 rows of about 2,000 rows, 1 of 2 tables,"
                                + " 100 rows/s, 1000 B/s, 5.0 s left\\R.*");
    }

    @ParameterizedTest
    @EnumSource(FaultCode.class)
    void exitStatusIsTheFaultsKind(FaultCode code) {
        migrations.failing(Fault.of(code, "it went wrong").hint("mend it"));
        Cli.Result result = migrate("--cutover");
        assertThat(result.status()).isEqualTo(code.kind().exitStatus());
        assertThat(result.err())
                .contains("landbridge: " + code + " (")
                .contains("  what   it went wrong")
                .contains("  do     mend it")
                .doesNotContain("\tat ");
        assertThat(migrations.events()).endsWith("close");
    }

    @Test
    void anythingElseIsAFaultOfOurs() {
        migrations.failing(new IllegalStateException("oh"));
        Cli.Result result = migrate("--cutover");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("INTERNAL (Landbridge itself)").doesNotContain("\tat ");
        assertThat(migrate("--cutover", "--verbose").err()).contains("\tat ");
    }

    @Test
    void wrongUsageIsToldInTheSameWay() {
        Cli.Result unknown = migrate("--untill", "loaded");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("USAGE (config)").contains("--until");
        Cli.Result goal = migrate("--until", "lodaed");
        assertThat(goal.status()).isEqualTo(2);
        assertThat(goal.err()).contains("assessed, loaded, caught-up, validated, complete");
        assertThat(migrate("--until", "loaded", "--cutover").status()).isEqualTo(2);
        assertThat(cli.run("migarte").status()).isEqualTo(2);
        assertThat(migrations.events()).isEmpty();
    }

    @Test
    void configurationsProblemsEndItBeforeAnythingIsOpened() {
        Cli.Result result = cli.run("migrate", "--strategy", "none");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .contains("CONFIG_INVALID (config)")
                .contains("option --strategy, migration.strategy: 'none' is none of")
                .contains("source.url: missing")
                .contains("target.url: missing");
        assertThat(migrations.events()).isEmpty();
    }

    private Cli.Result migrate(String... options) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "migrate",
                                "--source-db",
                                "postgresql://app:pw@old/shop",
                                "--target-db",
                                "postgresql://app:pw@new/shop",
                                "--http-port",
                                "0"));
        all.addAll(Arrays.asList(options));
        return cli.run(all.toArray(String[]::new));
    }
}
