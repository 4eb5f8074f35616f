package io.landbridge.cli;

import io.landbridge.phase.MigrationStatus;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code pause}. */
@Command(
        name = "pause",
        description =
                "Stops reading and writing at the next boundary; capture goes on into the buffer.")
final class PauseCommand extends AgentAction {

    PauseCommand(Shell shell) {
        super(shell, "pause");
    }

    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        return now.stage().paused() ? Optional.of("paused") : Optional.empty();
    }
}
