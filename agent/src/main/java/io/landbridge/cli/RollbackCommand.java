package io.landbridge.cli;

import io.landbridge.observe.Moments;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Outcome;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rollback}. */
@Command(
        name = "rollback",
        description =
                "Before the switch: removes what was made on both sides. After it: switches back.")
final class RollbackCommand extends AgentAction {

    @Option(
            names = "--to",
            paramLabel = "TIMESTAMP",
            description = {
                "Only takes the target back to what the source was at this moment, and pauses there:",
                "2026-11-22T21:48:15Z. Before the switch, while the queue holds what came later."
            })
    private Optional<String> to = Optional.empty();

    RollbackCommand(Shell shell) {
        super(shell, "rollback");
    }

    @Override
    Map<String, ?> details() {
        return to.map(moment -> Map.of("to", moment)).orElse(Map.of());
    }

    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        if (to.isEmpty()) {
            return Outcome.ofRollback(before, now).map(status -> "rolled back");
        }
        return Outcome.ofRewind(Moments.parse(to.get()), now)
                .map(
                        where ->
                                "the target is what the source was then, after its commit of "
                                        + where.committedAt()
                                        + "; paused there");
    }
}
