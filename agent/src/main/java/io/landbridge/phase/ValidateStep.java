package io.landbridge.phase;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.phase.MigrationState.ValidationOutcome;
import io.landbridge.validate.Scope;
import io.landbridge.validate.Validation;
import io.landbridge.validate.ValidationReport;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares both sides while writes go on, and writes down what was found. Differences are an
 * outcome, not a failure of the migration: it goes on following.
 */
final class ValidateStep {

    private static final Logger LOG = LoggerFactory.getLogger(ValidateStep.class);

    private final Workplace work;

    ValidateStep(Workplace work) {
        this.work = work;
    }

    /** The outcome is in the state afterwards, unless the step was broken off. */
    void perform() throws InterruptedException {
        Runnable cancel = () -> work.validation.ifPresent(Validation::cancel);
        try (StreamWatch watch = new StreamWatch(work, cancel)) {
            work.requests.breakable(cancel, this::compare);
            watch.check();
        }
    }

    private void compare() {
        ComparisonOrder order = work.state().order().orElse(ComparisonOrder.USUAL);
        Comparison comparison = new Comparison(work, work.routeForth());
        ValidationReport report;
        if (work.state().streamStart().isPresent()) {
            Stream stream = work.stream();
            var unused = stream.startApplying(work.state().convergeThrough());
            report = comparison.following(stream, order);
        } else {
            report = comparison.standing(Scope.EVERYTHING);
        }
        if (order.tables().isEmpty()) {
            report = report.with(comparison.structure());
        }
        conclude(report, order);
    }

    private void conclude(ValidationReport report, ComparisonOrder order) {
        Path file = work.reports().write(report);
        work.validationReport = Optional.of(report);
        boolean counts =
                !report.clean() || order.isAsGoodAs(work.site.config().validation().mode());
        ValidationOutcome outcome =
                new ValidationOutcome(
                        work.site.clock().instant(),
                        report.clean(),
                        Optional.of(SourcePosition.parse(report.position())),
                        file.toString());
        work.journal().update(state -> counts ? state.validated(outcome) : state.orderDone());
        if (report.clean()) {
            if (counts) {
                work.faults.clear("validation");
            }
            LOG.info(
                    "validation clean: {} tables, {} rows compared at {}",
                    report.tables().size(),
                    report.comparedRows(),
                    report.position());
        } else {
            work.faults.raise("validation", differs(report, file), work.site.clock().instant());
            LOG.error("{}", differs(report, file).describe());
        }
    }

    static Fault differs(ValidationReport report, Path file) {
        return Fault.of(
                        FaultCode.VALIDATION_FAILED,
                        report.failed().size()
                                + " of "
                                + report.tables().size()
                                + " tables are not proven equal, "
                                + report.differences()
                                + " rows differ"
                                + (report.blocking() == 0
                                        ? ""
                                        : ", and "
                                                + report.blocking()
                                                + " things that the target needs are missing or"
                                                + " not the same"))
                .at(SourcePosition.parse(report.position()))
                .hint("see " + file);
    }
}
