package io.landbridge.cli;

import io.landbridge.MigrationBuilder;
import io.landbridge.assess.GrantScript;
import io.landbridge.config.Configuration;
import io.landbridge.config.Overrides;
import io.landbridge.observe.Logs;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grants}: the least rights, as SQL for whoever may grant them. */
@Command(
        name = "grants",
        description = {
            "Prints the SQL that gives the migration's roles the least they need, for both sides;"
                    + " grants nothing itself.",
            "Reads only catalogues, so any role that can log in may ask: the migration's own, or a"
                    + " DBA with --source-role and --target-role."
        })
final class GrantsCommand implements Callable<Integer> {

    @Mixin private DatabaseOptions databases;

    @Mixin private ConfigurationOptions configuration;

    @Option(
            names = "--source-role",
            paramLabel = "ROLE",
            description = "Whom to grant to at the source (default: the configured user).")
    private String sourceRole;

    @Option(names = "--target-role", paramLabel = "ROLE", description = "Likewise at the target.")
    private String targetRole;

    private final Shell shell;
    private final Supplier<MigrationBuilder> migrations;

    GrantsCommand(Shell shell, Supplier<MigrationBuilder> migrations) {
        this.shell = shell;
        this.migrations = migrations;
    }

    @Override
    public Integer call() {
        Overrides overrides = databases.addTo(Overrides.NONE, shell.environment());
        Configuration loaded = configuration.load(overrides, shell.environment()).configuration();
        Logs.silent();
        GrantScript script =
                migrations
                        .get()
                        .configuration(loaded)
                        .grants(
                                sourceRole == null ? loaded.source().user() : sourceRole,
                                targetRole == null ? loaded.target().user() : targetRole);
        shell.out().println("-- At the source, " + loaded.source().display());
        shell.out().println(GrantScript.text(script.source()));
        shell.out().println();
        shell.out().println("-- At the target, " + loaded.target().display());
        shell.out().println(GrantScript.text(script.target()));
        return 0;
    }
}
