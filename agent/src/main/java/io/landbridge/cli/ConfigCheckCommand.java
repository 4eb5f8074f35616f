package io.landbridge.cli;

import io.landbridge.config.LoadedConfiguration;
import io.landbridge.config.Overrides;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code config check}: reads the configuration and nothing else. */
@Command(
        name = "check",
        description =
                "Reads the configuration, tells everything that is wrong with it, or prints every"
                        + " value in effect and where it came from. Connects to nothing.")
final class ConfigCheckCommand implements Callable<Integer> {

    @Mixin private ConfigurationOptions configuration;

    private final Shell shell;

    ConfigCheckCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        LoadedConfiguration loaded = configuration.load(Overrides.NONE, shell.environment());
        shell.out().println(loaded.describe());
        shell.out().println("No problem in " + loaded.origin() + ".");
        return 0;
    }
}
