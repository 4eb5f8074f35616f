package io.landbridge.cli;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.observe.Moments;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Phase;
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
        checkNotFailed(now);
        if (to.isPresent()) {
            return rewound(now);
        }
        return isIn(now, Phase.ROLLED_BACK) ? Optional.of("rolled back") : Optional.empty();
    }

    private Optional<String> rewound(MigrationStatus now) {
        if (now.stage().step().equals("REWIND")) {
            return Optional.empty();
        }
        now.faults().stream()
                .filter(fault -> fault.code().equals(FaultCode.REWIND_REFUSED.name()))
                .findFirst()
                .ifPresent(
                        fault -> {
                            throw Fault.of(FaultCode.REWIND_REFUSED, fault.message())
                                    .hint(fault.hint());
                        });
        return now.stage()
                .rewound()
                .filter(where -> where.to().equals(Moments.parse(to.orElseThrow())))
                .map(
                        where ->
                                "the target is what the source was then, after its commit of "
                                        + where.committedAt()
                                        + "; paused there");
    }
}
