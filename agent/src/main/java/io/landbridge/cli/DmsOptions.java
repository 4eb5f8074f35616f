package io.landbridge.cli;

import io.landbridge.config.Overrides;
import picocli.CommandLine.Option;

/** Options of the commands that move rows, for strategy {@code aws-dms}. */
final class DmsOptions {

    @Option(
            names = "--dms-task-arn",
            paramLabel = "ARN",
            description = "A replication task of AWS DMS that is there already, for aws-dms.")
    private String taskArn;

    Overrides addTo(Overrides overrides) {
        return overrides.with("dms.task-arn", "--dms-task-arn", taskArn);
    }
}
