package io.landbridge.cli;

import io.landbridge.MigrationBuilder;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of all commands. */
@Command(
        name = "landbridge",
        description = "Moves a live database to PostgreSQL, proves it, switches it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done, or stopped while following",
            "1:a fault of Landbridge or its machine",
            "2:configuration or usage",
            "3:the source",
            "4:the target",
            "5:data: a divergence, a failed validation, a refused cutover",
            "130:stopped before the goal"
        })
final class Landbridge implements Runnable {

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Log more; show stack traces.")
    private boolean verbose;

    private final Shell shell;

    private Landbridge(Shell shell) {
        this.shell = shell;
    }

    /** Runs one command line and returns the exit status; never throws. */
    static int execute(Shell shell, Supplier<MigrationBuilder> migrations, String... arguments) {
        return commandLine(shell, migrations).execute(arguments);
    }

    /** Every command there is, with its options. */
    static CommandLine commandLine(Shell shell, Supplier<MigrationBuilder> migrations) {
        Landbridge root = new Landbridge(shell);
        ForegroundRun run = new ForegroundRun(migrations);
        CommandLine line = new CommandLine(root);
        line.addSubcommand("run", new RunCommand(shell, run));
        line.addSubcommand("migrate", new MigrateCommand(shell, run));
        line.addSubcommand("assess", new AssessCommand(shell, migrations));
        line.addSubcommand("grants", new GrantsCommand(shell, migrations));
        line.addSubcommand("schema", new SchemaCommand(shell, migrations));
        line.addSubcommand("status", new StatusCommand(shell));
        line.addSubcommand("pause", new PauseCommand(shell));
        line.addSubcommand("resume", new ResumeCommand(shell));
        line.addSubcommand("validate", new ValidateCommand(shell));
        line.addSubcommand("repair", new RepairCommand(shell));
        line.addSubcommand("mode", new ModeCommand(shell));
        line.addSubcommand("cutover", new CutoverCommand(shell));
        line.addSubcommand("rollback", new RollbackCommand(shell));
        line.addSubcommand("finish", new FinishCommand(shell));
        line.addSubcommand("abort", new AbortCommand(shell));
        CommandLine config = new CommandLine(new ConfigCommand());
        config.addSubcommand("check", new ConfigCheckCommand(shell));
        line.addSubcommand("config", config);
        Complaints complaints = new Complaints(shell.err(), () -> root.verbose);
        line.setParameterExceptionHandler(complaints);
        line.setExecutionExceptionHandler(complaints);
        line.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    /** Without a command there is nothing to do but say what there is. */
    @Override
    public void run() {
        new CommandLine(this).usage(shell.out());
    }
}
