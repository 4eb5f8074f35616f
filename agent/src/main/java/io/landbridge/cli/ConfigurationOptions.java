package io.landbridge.cli;

import io.landbridge.config.LoadedConfiguration;
import io.landbridge.config.Overrides;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of every command that works on a configuration of its own. */
final class ConfigurationOptions {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The configuration file; config/landbridge.yaml shows every key. Without it,"
                            + " the environment and the defaults count.")
    private Path file;

    /** What counts; {@code overrides} goes before the file. */
    LoadedConfiguration load(Overrides overrides, Map<String, String> environment) {
        return source(overrides, environment).read();
    }

    /** As {@link #load}, for who reads it again later. */
    ConfigurationSource source(Overrides overrides, Map<String, String> environment) {
        return new ConfigurationSource(Optional.ofNullable(file), overrides, environment);
    }
}
