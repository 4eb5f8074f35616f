package io.landbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.Overrides;
import io.landbridge.fault.FaultKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the packages, compose files and the example for Kubernetes say, held to the agent. */
class DeploymentFilesTest {

    private static final Path DOCKER = Path.of("..", "docker");

    @ParameterizedTest
    @ValueSource(strings = {"demo", "mysql-demo", "kafka"})
    void composeFilesStartTheAgentWithAConfigurationThatIsOne(String name) throws IOException {
        Map<String, String> environment = Map.of("DEMO_PASSWORD", "a", "DEMO_TOKEN", "b");
        ConfigurationLoader.read(
                Optional.of(DOCKER.resolve("compose/" + name + ".yaml")),
                Overrides.NONE,
                environment);
        Map<?, ?> compose =
                (Map<?, ?>) documents(DOCKER.resolve("compose." + name + ".yml")).get(0);
        Map<?, ?> agent = (Map<?, ?>) ((Map<?, ?>) compose.get("services")).get("landbridge");
        assertThat(agent.get("read_only")).isEqualTo(true);
        assertThat(agent.get("user")).isEqualTo("10001:10001");
        assertThat((List<?>) agent.get("volumes"))
                .map(String::valueOf)
                .contains(
                        "./compose/" + name + ".yaml:/etc/landbridge/landbridge.yaml:ro",
                        "state:/var/lib/landbridge");
        assertThat(((Map<?, ?>) agent.get("environment")).keySet().toArray())
                .containsExactlyInAnyOrderElementsOf(environment.keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "mysql-demo", "kafka"})
    void composeFilesMountOnlyFilesThatAreThere(String name) throws IOException {
        String text = Files.readString(DOCKER.resolve("compose." + name + ".yml"));
        text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("- ."))
                .map(line -> line.substring(2, line.indexOf(':')))
                .forEach(file -> assertThat(DOCKER.resolve(file)).exists());
    }

    @Test
    void exampleForKubernetesHasAConfigurationThatIsOne(@TempDir Path dir) throws IOException {
        List<Object> documents = documents(DOCKER.resolve("kubernetes/landbridge.yaml"));
        Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) documents.get(0)).get("data");
        for (String secret : List.of("source-password", "target-password", "token")) {
            Files.writeString(dir.resolve(secret), "x");
        }
        ConfigurationLoader.read(
                ((String) data.get("landbridge.yaml"))
                        .replace("/run/secrets/landbridge", dir.toString()),
                "the config map",
                Overrides.NONE,
                Map.of());
        assertThat(Files.readString(DOCKER.resolve("kubernetes/landbridge.yaml")))
                .contains("path: /health/started", "path: /health/live");
    }

    @Test
    void unitStartsAgainUnlessSomebodyIsNeeded() throws IOException {
        assertThat(Files.readString(DOCKER.resolve("systemd/landbridge.service")))
                .contains(
                        "\nRestartPreventExitStatus=%d %d\n"
                                .formatted(
                                        FaultKind.CONFIG.exitStatus(), FaultKind.DATA.exitStatus()))
                .contains("\nExecStart=/usr/bin/landbridge run --config ")
                .contains("\nType=notify\nNotifyAccess=all\n", "\nWatchdogSec=60\n");
    }

    @Test
    void imageWritesNowhereButToItsVolumes() throws IOException {
        assertThat(Files.readString(DOCKER.resolve("Dockerfile")))
                .contains("\nUSER 10001:10001\n", "\nVOLUME /var/lib/landbridge\n", "HEALTHCHECK")
                .contains(
                        "\nENTRYPOINT [\"/usr/bin/tini\", \"--\", \"/opt/landbridge/bin/landbridge\"]\n");
    }

    private static List<Object> documents(Path file) throws IOException {
        Iterable<Object> all =
                new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(file));
        return StreamSupport.stream(all.spliterator(), false).toList();
    }
}
