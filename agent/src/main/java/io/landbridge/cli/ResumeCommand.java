package io.landbridge.cli;

import io.landbridge.phase.MigrationStatus;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code resume}. */
@Command(name = "resume", description = "Goes on after a pause.")
final class ResumeCommand extends AgentAction {

    ResumeCommand(Shell shell) {
        super(shell, "resume");
    }

    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        return now.stage().paused() ? Optional.empty() : Optional.of("going on");
    }
}
