package io.landbridge.cli;

import io.landbridge.MigrationBuilder;
import io.landbridge.config.Overrides;
import io.landbridge.observe.Logs;
import io.landbridge.schema.SchemaScript;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code schema}: prints the DDL, for review; a user may edit and apply it first. */
@Command(
        name = "schema",
        description = {
            "Prints the DDL that the target would get, in its order; writes nothing.",
            "What can't be carried over stands at the end as comments."
        })
final class SchemaCommand implements Callable<Integer> {

    @Mixin private DatabaseOptions databases;

    @Mixin private ConfigurationOptions configuration;

    private final Shell shell;
    private final Supplier<MigrationBuilder> migrations;

    SchemaCommand(Shell shell, Supplier<MigrationBuilder> migrations) {
        this.shell = shell;
        this.migrations = migrations;
    }

    @Override
    public Integer call() {
        Overrides overrides = databases.addTo(Overrides.NONE, shell.environment());
        Logs.silent();
        SchemaScript script =
                migrations
                        .get()
                        .configuration(
                                configuration.load(overrides, shell.environment()).configuration())
                        .schema();
        script.sql().forEach(sql -> shell.out().println(sql + ";\n"));
        script.notes().forEach(note -> shell.out().println("-- " + note.replace("\n", "\n-- ")));
        return 0;
    }
}
