package io.landbridge.assess;

import io.landbridge.change.TableId;
import io.landbridge.config.RollbackConfig;
import io.landbridge.fault.Fault;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Table;
import io.landbridge.schema.TargetSchema;
import io.landbridge.schema.TargetSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Whether what the target holds can be saved, where that is wanted. */
final class SnapshotCheck implements Check {

    @Override
    public void run(Subject subject, Findings findings) {
        RollbackConfig config = subject.configuration().rollback();
        if (!config.targetSnapshot()) {
            return;
        }
        String migration = subject.configuration().migration().name();
        Set<TableId> ours = TargetSchema.created(subject.targetDatabase(), migration);
        List<Table> present =
                PostgresCatalogue.read(subject.targetDatabase(), subject.ids()).stream()
                        .filter(table -> !ours.contains(table.id()))
                        .toList();
        if (present.isEmpty()) {
            return;
        }
        try {
            String with =
                    new TargetSnapshot(
                                    subject.targetDatabase(),
                                    config.snapshotDirectory(),
                                    migration,
                                    subject.configuration().schema().pgDump())
                            .checkTools();
            space(present, config.snapshotDirectory(), with, findings);
        } catch (Fault e) {
            findings.blocker(
                    FindingCode.TARGET_SNAPSHOT,
                    present.size() + " tables",
                    e.getMessage(),
                    e.hint());
        }
    }

    private static void space(List<Table> present, Path wanted, String with, Findings findings) {
        long bytes = present.stream().mapToLong(Table::bytes).sum();
        Path directory = SizeCheck.existing(wanted);
        String what =
                "what "
                        + present.size()
                        + " tables hold is saved with "
                        + with
                        + ": at most about "
                        + SizeCheck.human(bytes);
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            findings.add(
                    free < bytes ? Severity.WARNING : Severity.NOTE,
                    FindingCode.TARGET_SNAPSHOT,
                    wanted.toString(),
                    what + "; " + SizeCheck.human(free) + " are left there",
                    free < bytes ? "free space, or set rollback.snapshot-directory" : "");
        } catch (IOException e) {
            findings.warning(
                    FindingCode.TARGET_SNAPSHOT,
                    wanted.toString(),
                    what + "; how much space is left could not be read: " + e.getMessage(),
                    "see that it can be written to");
        }
    }
}
