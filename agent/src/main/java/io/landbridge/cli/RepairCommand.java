package io.landbridge.cli;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.RepairResult;
import io.landbridge.phase.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code repair}. */
@Command(
        name = "repair",
        description = {
            "Compares every row, makes those that differ equal again while writes go on, and lets"
                    + " stopped tables follow again.",
            "With --wait, ends with status 5 when a table could not be repaired."
        })
final class RepairCommand extends AgentAction {

    @Parameters(
            paramLabel = "TABLE",
            arity = "0..*",
            description = "Only these, SCHEMA.TABLE with * and ? (default: all).")
    private List<String> tables = List.of();

    @Option(
            names = "--show-values",
            description =
                    "The report shows the values of differing columns, but of those under"
                            + " validation.mask.")
    private boolean showValues;

    RepairCommand(Shell shell) {
        super(shell, "repair");
    }

    @Override
    Map<String, ?> details() {
        return Map.of("tables", tables, "showValues", showValues);
    }

    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        return Outcome.ofRepair(before, now).map(RepairCommand::judged);
    }

    private static String judged(RepairResult result) {
        if (result.unrepaired().isEmpty()) {
            return StatusText.rows(result.rows())
                    + " mended in "
                    + result.tables()
                    + " tables, equal at "
                    + result.position().orElse("no position")
                    + (result.restarted().isEmpty()
                            ? ""
                            : ", following again: " + result.restarted());
        }
        throw Fault.of(FaultCode.VALIDATION_FAILED, "not repaired: " + result.unrepaired())
                .hint("the report in state-dir/reports says why");
    }
}
