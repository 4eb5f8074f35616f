package io.landbridge.cli;

import io.landbridge.MigrationBuilder;
import io.landbridge.config.Configuration;
import io.landbridge.config.Overrides;
import io.landbridge.fault.FaultCode;
import io.landbridge.observe.Json;
import io.landbridge.observe.Logs;
import io.landbridge.phase.MigrationStatus.Assessment;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code assess}: looks, touches nothing. */
@Command(
        name = "assess",
        description = {
            "Looks at both sides and says what stands against the migration; writes nothing.",
            "Ends with status 2 when there is a blocker."
        })
final class AssessCommand implements Callable<Integer> {

    @Mixin private DatabaseOptions databases;

    @Mixin private ConfigurationOptions configuration;

    @Option(names = "--format", defaultValue = "text", description = "text (default) or json.")
    private OutputFormat format;

    private final Shell shell;
    private final Supplier<MigrationBuilder> migrations;

    AssessCommand(Shell shell, Supplier<MigrationBuilder> migrations) {
        this.shell = shell;
        this.migrations = migrations;
    }

    @Override
    public Integer call() {
        Overrides overrides = databases.addTo(Overrides.NONE, shell.environment());
        Configuration loaded = configuration.load(overrides, shell.environment()).configuration();
        Logs.silent();
        Assessment found = migrations.get().configuration(loaded).assess();
        shell.out()
                .println(
                        format == OutputFormat.JSON
                                ? Json.pretty(found)
                                : AssessmentText.of(found));
        return found.blockers() == 0 ? 0 : FaultCode.ASSESSMENT_BLOCKED.kind().exitStatus();
    }
}
