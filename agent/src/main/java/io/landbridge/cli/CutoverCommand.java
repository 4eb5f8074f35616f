package io.landbridge.cli;

import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.phase.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cutover}. */
@Command(
        name = "cutover",
        description = {
            "Moves the traffic to the target: fence, drain, prove, switch.",
            "Refused while anything speaks against it; undone by itself when it fails before the"
                    + " switch. With --wait, ends with status 5 then.",
            "With --dry-run nobody is moved: everything is asked, the way back is proven and the"
                    + " expected pause printed; nothing of it stays."
        })
final class CutoverCommand extends AgentAction {

    @Option(
            names = "--dry-run",
            description =
                    "Only try, and wait for what is found; ends with status 5 when a cutover"
                            + " would be refused.")
    private boolean dryRun;

    CutoverCommand(Shell shell) {
        super(shell, "cutover");
    }

    @Override
    Map<String, ?> details() {
        return dryRun ? Map.of("dryRun", true) : Map.of();
    }

    @Override
    boolean alwaysWaits() {
        return dryRun;
    }

    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        return dryRun
                ? Outcome.ofRehearsal(before, now).map(CutoverCommand::found)
                : Outcome.ofCutover(before, now).map(state -> "the target takes the writes");
    }

    private static String found(CutoverState rehearsed) {
        return rehearsed.steps().stream()
                .map(step -> step.name() + ": " + step.detail())
                .collect(
                        Collectors.joining(
                                System.lineSeparator(),
                                "dry run, it would go through" + System.lineSeparator(),
                                ""));
    }
}
