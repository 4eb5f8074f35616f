package io.landbridge.cli;

import io.landbridge.config.LoadedConfiguration;
import io.landbridge.config.Overrides;
import io.landbridge.observe.Logs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: the service. */
@Command(
        name = "run",
        description = {
            "Carries the migration on until it is stopped: the service.",
            "SIGTERM and Ctrl-C stop it cleanly within seconds, a second Ctrl-C at once; either way"
                    + " the next start goes on from there.",
            "The configuration file is watched: a changed transport.mode takes effect while it runs."
                    + " SIGHUP has it read again."
        })
final class RunCommand implements Callable<Integer> {

    @Mixin private ConfigurationOptions configuration;

    @Mixin private DmsOptions dms;

    private final Shell shell;
    private final ForegroundRun run;

    RunCommand(Shell shell, ForegroundRun run) {
        this.shell = shell;
        this.run = run;
    }

    @Override
    public Integer call() throws InterruptedException {
        ConfigurationSource source =
                configuration.source(dms.addTo(Overrides.NONE), shell.environment());
        LoadedConfiguration loaded = source.read();
        Logs.toStandardError(loaded.configuration().logging());
        return run.serve(source, loaded, shell.environment());
    }
}
