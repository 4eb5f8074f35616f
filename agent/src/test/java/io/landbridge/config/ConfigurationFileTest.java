package io.landbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Holds {@code config/landbridge.yaml} and the reference page to what the loader knows. */
class ConfigurationFileTest {

    private static final Path FILE = Path.of("../config/landbridge.yaml");
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "SOURCE_DB_URL", "postgresql://app@old/shop",
                    "TARGET_DB_URL", "postgresql://app@new/shop");

    private final List<Setting> settings =
            ConfigurationLoader.read(Optional.of(FILE), Overrides.NONE, ENVIRONMENT).settings();

    @Test
    void fileNamesEveryKeyInTheLoadersOrder() throws Exception {
        assertThat(keysOfFile().keySet())
                .containsExactlyElementsOf(settings.stream().map(Setting::key).toList());
    }

    @Test
    void fileGivesEveryDefault() throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        settings.forEach(setting -> defaults.put(setting.key(), setting.fallback()));
        defaults.put("source.url", "${SOURCE_DB_URL}");
        defaults.put("target.url", "${TARGET_DB_URL}");
        assertThat(keysOfFile()).isEqualTo(defaults);
    }

    @Test
    void fileMeansTheSameAsNoFile() {
        Configuration without =
                ConfigurationLoader.read(Optional.empty(), Overrides.NONE, ENVIRONMENT)
                        .configuration();
        Configuration with = ConfigurationLoader.load(FILE, ENVIRONMENT);
        assertThat(with)
                .usingRecursiveComparison()
                .ignoringFields("source.parameters", "target.parameters")
                .isEqualTo(without);
    }

    private static Map<String, String> keysOfFile() throws Exception {
        Node root =
                new Compose(LoadSettings.builder().build())
                        .composeString(Files.readString(FILE))
                        .orElseThrow();
        Map<String, String> keys = new LinkedHashMap<>();
        collect("", root, keys);
        return keys;
    }

    private static void collect(String path, Node node, Map<String, String> keys) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                String key = ((ScalarNode) tuple.getKeyNode()).getValue();
                collect(path.isEmpty() ? key : path + "." + key, tuple.getValueNode(), keys);
            }
        } else if (node instanceof SequenceNode sequence) {
            keys.put(
                    path,
                    sequence.getValue().stream()
                            .map(item -> ((ScalarNode) item).getValue())
                            .toList()
                            .toString());
        } else {
            keys.put(path, ((ScalarNode) node).getValue());
        }
    }
}
