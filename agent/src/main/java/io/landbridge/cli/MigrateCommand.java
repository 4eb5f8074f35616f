package io.landbridge.cli;

import io.landbridge.config.Configuration;
import io.landbridge.config.LoadedConfiguration;
import io.landbridge.config.Overrides;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.observe.Logs;
import io.landbridge.phase.Until;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate}: the same engine in the foreground. */
@Command(
        name = "migrate",
        description = {
            "Migrates in the foreground, with progress bars on a terminal and plain lines in a log.",
            "Ends where --until says with everything left so that the same command later goes on"
                    + " from there; without it, follows the source until it is stopped."
        })
final class MigrateCommand implements Callable<Integer> {

    @Mixin private DatabaseOptions databases;

    @Mixin private ConfigurationOptions configuration;

    @Option(
            names = "--strategy",
            paramLabel = "STRATEGY",
            description = "full-load-cdc (default), cdc-only, full-load or aws-dms.")
    private String strategy;

    @Mixin private DmsOptions dms;

    @Option(
            names = "--tables",
            paramLabel = "PATTERN",
            split = ",",
            description = "Which tables move: schema.table with * and ?; may be given repeatedly.")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--until",
            paramLabel = "GOAL",
            completionCandidates = Goals.class,
            description = "Where it ends: ${COMPLETION-CANDIDATES}.")
    private String until;

    @Option(names = "--validate", description = "The same as --until validated.")
    private boolean validate;

    @Option(names = "--cutover", description = "The same as --until complete.")
    private boolean cutover;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Port of page and health; 0 takes a free one, -1 none.")
    private String httpPort;

    private final Shell shell;
    private final ForegroundRun run;

    MigrateCommand(Shell shell, ForegroundRun run) {
        this.shell = shell;
        this.run = run;
    }

    @Override
    public Integer call() throws InterruptedException {
        Until goal = goal();
        Overrides overrides =
                Overrides.NONE
                        .with("migration.strategy", "--strategy", strategy)
                        .with("tables.include", "--tables", String.join(",", tables))
                        .with("http.port", "--http-port", httpPort);
        ConfigurationSource source =
                configuration.source(
                        databases.addTo(dms.addTo(overrides), shell.environment()),
                        shell.environment());
        LoadedConfiguration loaded = source.read();
        if (!shell.terminal()) {
            Logs.toStandardError(loaded.configuration().logging());
            return run.run(source, loaded, goal, new LineProgress(shell.out(), Clock.systemUTC()));
        }
        Path log = logFile(loaded.configuration());
        Logs.toFile(loaded.configuration().logging(), log);
        shell.out().println("Log: " + log);
        return run.run(source, loaded, goal, new TerminalProgress(shell.out()));
    }

    private static Path logFile(Configuration configuration) {
        return configuration
                .stateDir()
                .resolve("landbridge-" + configuration.migration().name() + ".log");
    }

    private Until goal() {
        if (until != null) {
            if (validate || cutover) {
                throw Fault.of(
                                FaultCode.USAGE,
                                "--until goes with neither --validate nor --cutover")
                        .hint("give one of them");
            }
            return Goals.parse(until);
        }
        if (cutover) {
            return Until.COMPLETE;
        }
        return validate ? Until.VALIDATED : Until.STOPPED;
    }

    /** The words that {@code --until} takes. */
    static final class Goals implements Iterable<String> {

        private static final List<Until> ALL =
                Arrays.stream(Until.values()).filter(goal -> goal != Until.STOPPED).toList();

        static Until parse(String text) {
            return ALL.stream()
                    .filter(goal -> goal.spelling().equals(text))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    Fault.of(FaultCode.USAGE, "--until doesn't know '" + text + "'")
                                            .hint("give one of " + String.join(", ", new Goals())));
        }

        @Override
        public Iterator<String> iterator() {
            return ALL.stream().map(Until::spelling).iterator();
        }
    }
}
