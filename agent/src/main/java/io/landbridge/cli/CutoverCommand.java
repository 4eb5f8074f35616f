package io.landbridge.cli;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.Attempt;
import io.landbridge.phase.Phase;
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
        return dryRun ? found(before, now) : moved(before, now);
    }

    /** What the dry run found, once it is over. */
    private static Optional<String> found(MigrationStatus before, MigrationStatus now) {
        checkNotFailed(now);
        Optional<Attempt> attempt =
                now.cutover()
                        .attempt()
                        .filter(one -> before.cutover().attempt().filter(one::equals).isEmpty())
                        .filter(
                                one ->
                                        one.outcome().equals("DONE")
                                                || one.outcome().equals("UNDONE"));
        if (attempt.isPresent() && attempt.get().outcome().equals("UNDONE")) {
            throw Fault.of(
                            FaultCode.CUTOVER_REFUSED,
                            "a cutover would not go through: "
                                    + attempt.get().failure().orElse("no reason is known"))
                    .hint("see to the cause; the dry run has taken back what it made");
        }
        return attempt.map(
                done ->
                        now.cutover().steps().stream()
                                .map(step -> step.name() + ": " + step.detail())
                                .collect(
                                        Collectors.joining(
                                                System.lineSeparator(),
                                                "dry run, it would go through"
                                                        + System.lineSeparator(),
                                                "")));
    }

    private static Optional<String> moved(MigrationStatus before, MigrationStatus now) {
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
