package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.phase.MigrationState.ValidationOutcome;
import io.landbridge.schema.Table;
import io.landbridge.validate.Repair;
import io.landbridge.validate.RepairReport;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes rows that differ equal again while writes go on, and lets stopped tables follow again. What
 * can't be repaired is an outcome, not a failure of the migration. Broken off by a crash it is done
 * again from its start, and finds what is left.
 */
final class RepairStep {

    private static final Logger LOG = LoggerFactory.getLogger(RepairStep.class);

    private final Workplace work;

    RepairStep(Workplace work) {
        this.work = work;
    }

    /** The outcome is in the state afterwards, unless the step was broken off. */
    void perform() throws InterruptedException {
        // An operator may have altered a table so that it can be repaired.
        work.forgetTables();
        Stream stream = work.stream();
        var unused = stream.goOnApplying(work.state().convergeThrough());
        ComparisonOrder order = work.state().order().orElse(ComparisonOrder.USUAL);
        Repair repair = new Comparison(work, work.routeForth()).repair(stream, order);
        try (StreamWatch watch = new StreamWatch(work, repair::cancel)) {
            work.repair = Optional.of(repair);
            work.requests.breakable(
                    repair::cancel, () -> conclude(repair.run(tables(order)), order));
            watch.check();
        } finally {
            work.repair = Optional.empty();
        }
    }

    private Set<TableId> tables(ComparisonOrder order) {
        return work.tables().source().stream()
                .map(Table::id)
                .filter(order.chosen())
                .collect(Collectors.toSet());
    }

    private void conclude(RepairReport report, ComparisonOrder order) {
        Path file = work.reports().write(report);
        Instant now = work.site.clock().instant();
        work.repairReport = Optional.of(report);
        boolean proves = report.clean() && order.tables().isEmpty();
        work.journal()
                .update(
                        state ->
                                proves
                                        ? state.validated(
                                                new ValidationOutcome(
                                                        now,
                                                        true,
                                                        Optional.of(
                                                                SourcePosition.parse(
                                                                        report.position())),
                                                        file.toString()))
                                        : state.orderDone());
        if (proves) {
            work.faults.clear("validation");
        }
        if (report.clean()) {
            work.faults.clear("repair");
            LOG.info(
                    "repaired: {} rows mended in {} tables, compared again at {}",
                    report.mended(),
                    report.tables().stream().filter(table -> table.mended() > 0).count(),
                    report.position());
        } else {
            Fault fault = unrepaired(report, file);
            work.faults.raise("repair", fault, now);
            LOG.error("{}", fault.describe());
        }
    }

    private static Fault unrepaired(RepairReport report, Path file) {
        String tables =
                report.unrepaired().stream()
                        .limit(10)
                        .map(one -> one.table() + " (" + one.reason() + ")")
                        .collect(Collectors.joining(", "));
        return Fault.of(
                        FaultCode.VALIDATION_FAILED,
                        report.unrepaired().size() + " tables could not be repaired: " + tables)
                .hint("see " + file);
    }
}
