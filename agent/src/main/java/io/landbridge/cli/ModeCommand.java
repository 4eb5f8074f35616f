package io.landbridge.cli;

import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mode}. */
@Command(
        name = "mode",
        description = {
            "Has chronicle or kafka carry the changes from now on, while everything goes on.",
            "Set transport.mode in the configuration file as well: it counts again at the next"
                    + " start, and when the file changes.",
            "With --dry-run it is only looked whether that could be done."
        })
final class ModeCommand extends AgentAction {

    @Parameters(paramLabel = "MODE", description = "chronicle or kafka.")
    private Mode mode;

    @Option(names = "--dry-run", description = "Only look, and change nothing.")
    private boolean dryRun;

    ModeCommand(Shell shell) {
        super(shell, "mode");
    }

    @Override
    Map<String, ?> details() {
        return Map.of("mode", spelling(), "dryRun", dryRun);
    }

    @Override
    boolean alwaysWaits() {
        return dryRun;
    }

    /** A dry run that was accepted has found nothing against it. */
    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        if (dryRun) {
            return Optional.of(spelling() + " can carry the changes");
        }
        return Outcome.ofTransport(mode, now).map(status -> spelling() + " carries the changes");
    }

    private String spelling() {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
