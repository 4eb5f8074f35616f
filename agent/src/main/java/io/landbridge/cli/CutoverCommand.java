package io.landbridge.cli;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationStatus;
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
        boolean isBack =
                isIn(now, Phase.CDC) && !now.stage().since().equals(before.stage().since());
        if (isBack) {
            now.faults().stream()
                    .filter(fault -> fault.code().equals(FaultCode.CUTOVER_REFUSED.name()))
                    .forEach(
                            fault -> {
                                throw Fault.of(FaultCode.CUTOVER_REFUSED, fault.message())
                                        .hint(fault.hint());
                            });
        }
        return Optional.empty();
    }
}
