package io.landbridge.cli;

import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Outcome;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code finish}. */
@Command(
        name = "finish",
        description = "Ends the observation after a cutover and removes the way back.")
final class FinishCommand extends AgentAction {

    FinishCommand(Shell shell) {
        super(shell, "finish");
    }

    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        return Outcome.ofFinish(now).map(status -> "complete");
    }
}
