package io.landbridge.cli;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.CutoverStep;
import io.landbridge.phase.Phase;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code cutover}. */
@Command(
        name = "cutover",
        description = {
            "Moves the traffic to the target: fence, drain, prove, switch.",
            "Refused while anything speaks against it; undone by itself when it fails before the"
                    + " switch. With --wait, ends with status 5 then."
        })
final class CutoverCommand extends AgentAction {

    CutoverCommand(Shell shell) {
        super(shell, "cutover");
    }

    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        if (isIn(now, Phase.MONITORING) || isIn(now, Phase.COMPLETE)) {
            return Optional.of("the target takes the writes");
        }
        checkNotFailed(now);
        Optional<CutoverStep> failed =
                now.cutover().steps().stream()
                        .filter(step -> step.state().equals("FAILED"))
                        .findFirst();
        if (failed.isPresent() && !isIn(now, Phase.CUTOVER)) {
            CutoverStep step = failed.get();
            throw Fault.of(
                            FaultCode.CUTOVER_REFUSED,
                            "step '"
                                    + step.name()
                                    + "' failed, and everything was undone: "
                                    + step.detail())
                    .hint("the source takes the writes as before; mend it and try again");
        }
        return Optional.empty();
    }
}
