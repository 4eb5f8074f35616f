package io.landbridge.cli;

import io.landbridge.config.ValidationConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import io.landbridge.phase.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code validate}. */
@Command(
        name = "validate",
        description = {
            "Compares both sides exactly while writes go on.",
            "With --wait, ends with status 5 when a row differs."
        })
final class ValidateCommand extends AgentAction {

    @Parameters(
            paramLabel = "TABLE",
            arity = "0..*",
            description = "Only these, SCHEMA.TABLE with * and ? (default: all).")
    private List<String> tables = List.of();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "count, sample or full (default: validation.mode).")
    private ValidationConfig.Mode mode;

    @Option(
            names = "--show-values",
            description =
                    "The report shows the values of differing columns, but of those under"
                            + " validation.mask.")
    private boolean showValues;

    ValidateCommand(Shell shell) {
        super(shell, "validate");
    }

    @Override
    Map<String, ?> details() {
        Map<String, Object> details = new TreeMap<>();
        details.put("tables", tables);
        details.put("showValues", showValues);
        if (mode != null) {
            details.put("mode", mode.name().toLowerCase(Locale.ROOT));
        }
        return details;
    }

    @Override
    Optional<String> outcome(MigrationStatus before, MigrationStatus now) {
        return Outcome.ofValidation(before, now).map(ValidateCommand::judged);
    }

    private static String judged(ValidationResult result) {
        if (result.outcome().equals("CLEAN")) {
            return "both sides are equal, "
                    + StatusText.rows(result.rowsCompared())
                    + " compared in "
                    + result.tablesCompared()
                    + " tables";
        }
        throw Fault.of(
                        FaultCode.VALIDATION_FAILED,
                        result.outcome().equals("DIFFERENT")
                                ? StatusText.rows(result.differences())
                                        + " differ, in "
                                        + result.differingTables()
                                        + "; structure differs in "
                                        + result.structureDifferences()
                                        + " things that the target needs"
                                : "the comparison failed")
                .hint("the report in state-dir/reports names the keys");
    }
}
