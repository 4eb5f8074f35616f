package io.landbridge.cli;

import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.LoadedConfiguration;
import io.landbridge.config.Overrides;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command's configuration comes from, so that it can be read again.
 *
 * @param file the configuration file; empty: environment and defaults only
 * @param overrides what goes before it
 */
record ConfigurationSource(
        Optional<Path> file, Overrides overrides, Map<String, String> environment) {

    /**
     * Reads it as it is now.
     *
     * @throws io.landbridge.fault.Fault CONFIG_INVALID
     */
    LoadedConfiguration read() {
        return ConfigurationLoader.read(file, overrides, environment);
    }
}
