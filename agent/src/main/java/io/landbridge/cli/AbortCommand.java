package io.landbridge.cli;

import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Outcome;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code abort}. */
@Command(
        name = "abort",
        description =
                "Gives the migration up: removes its objects, keeps the rows that were copied.")
final class AbortCommand extends AgentAction {

    AbortCommand(Shell shell) {
        super(shell, "abort");
    }

    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        return Outcome.ofAbort(now).map(status -> "given up");
    }
}
