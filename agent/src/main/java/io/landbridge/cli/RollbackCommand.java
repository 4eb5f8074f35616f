package io.landbridge.cli;

import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Phase;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code rollback}. */
@Command(
        name = "rollback",
        description =
                "Before the switch: removes what was made on both sides. After it: switches back.")
final class RollbackCommand extends AgentAction {

    RollbackCommand(Shell shell) {
        super(shell, "rollback");
    }

    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        checkNotFailed(now);
        return isIn(now, Phase.ROLLED_BACK) ? Optional.of("rolled back") : Optional.empty();
    }
}
