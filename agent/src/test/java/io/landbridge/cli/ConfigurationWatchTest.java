package io.landbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.ScriptedMigrations;
import io.landbridge.config.LoadedConfiguration;
import io.landbridge.config.Overrides;
import io.landbridge.observe.RecordedControl;
import io.landbridge.observe.Statuses;
import io.landbridge.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationWatchTest {

    @TempDir Path directory;

    private final ScriptedMigrations migrations =
            new ScriptedMigrations(new RecordedControl(Statuses.in("CDC").build()));

    @Test
    void tellsTheMigrationOfEachChangeOfTheFile() throws Exception {
        Path file = write("chronicle");
        ConfigurationSource source =
                new ConfigurationSource(
                        Optional.of(file),
                        Overrides.NONE,
                        Map.of(
                                "SOURCE_DB_URL", "postgresql://a@b/c",
                                "TARGET_DB_URL", "postgresql://a@d/c"));
        LoadedConfiguration loaded = source.read();
        Migration migration = migrations.builder().configuration(loaded.configuration()).open();
        try (ConfigurationWatch watch = ConfigurationWatch.start(source, loaded, migration, 10)) {
            write("kafka");
            awaitEvent("transport KAFKA");
            write("pigeons");
            awaitEvent("refused CONFIG_INVALID");
            Files.delete(file);
            write("chronicle");
            awaitEvent("transport CHRONICLE");
            assertThat(migrations.events()).startsWith("open", "transport KAFKA");
            int before = migrations.events().size();
            watch.readAgain();
            Await.until(
                    "it was read although nothing changed",
                    Duration.ofMinutes(1),
                    () -> migrations.events().size() == before + 1);
        }
    }

    private void awaitEvent(String event) {
        Await.until(
                event + " among " + migrations.events(),
                Duration.ofMinutes(1),
                () -> migrations.events().contains(event));
    }

    private Path write(String mode) throws Exception {
        return Files.writeString(
                directory.resolve("landbridge.yaml"),
                "migration:\n  name: shop\ntransport:\n  mode: " + mode + "\n");
    }
}
