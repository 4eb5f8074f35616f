package io.landbridge.phase;

import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.config.ValidationConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.phase.MigrationState.ValidationOutcome;
import io.landbridge.validate.SavedParts;
import io.landbridge.validate.Validation;
import io.landbridge.validate.ValidationReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares both sides while writes go on, and writes down what was found. Differences are an
 * outcome, not a failure of the migration: it goes on following. Broken off, be it by a kill, it
 * goes on with what it has not found equal yet.
 */
final class ValidateStep {

    private static final Logger LOG = LoggerFactory.getLogger(ValidateStep.class);

    /** What was found longer ago is looked at again. */
    private static final Duration LONGEST_BREAK = Duration.ofDays(1);

    private final Workplace work;

    ValidateStep(Workplace work) {
        this.work = work;
    }

    /**
     * The outcome is in the state afterwards, unless the step was broken off, or it was one that
     * nobody ordered and both sides did not meet: that is told, and tried again when it is due.
     */
    void perform() throws InterruptedException {
        Runnable cancel = () -> work.validation.ifPresent(Validation::cancel);
        try (StreamWatch watch = new StreamWatch(work, cancel)) {
            work.requests.breakable(cancel, this::compare);
            watch.check();
        } catch (Fault fault) {
            if (!Comparison.isMiss(fault)
                    || work.state().order().isPresent()
                    || work.strategy() == Strategy.FULL_LOAD) {
                throw fault;
            }
            missed(fault);
        }
    }

    private void missed(Fault fault) {
        Instant now = work.site.clock().instant();
        work.missedValidation = Optional.of(now);
        if (work.faults.raise("validation", fault, now)) {
            LOG.warn("no validation this time: {}", fault.describe());
        }
    }

    private void compare() {
        ComparisonOrder order = work.state().order().orElse(ComparisonOrder.USUAL);
        SavedParts known = known(order);
        ValidationReport report = work.forth.compare(order, known);
        if (order.tables().isEmpty()) {
            report = report.with(new Comparison(work, work.routeForth()).structure());
        }
        // Before the outcome is written down: the next validation must not find it.
        known.end();
        conclude(report, order);
    }

    /** What a validation with the same order, which was broken off, has found equal. */
    private SavedParts known(ComparisonOrder order) {
        ValidationConfig config = work.site.config().validation();
        SavedParts known =
                SavedParts.open(
                        work.site.target(),
                        work.site.migration(),
                        List.of(
                                        order,
                                        config.mode(),
                                        new TreeMap<>(config.exceptions()),
                                        config.sampleSize(),
                                        config.checksums())
                                .toString(),
                        LONGEST_BREAK);
        if (known.found() > 0) {
            LOG.info("going on with a validation: {} parts of tables are done", known.found());
        }
        return known;
    }

    private void conclude(ValidationReport report, ComparisonOrder order) {
        Path file = work.reports().write(report);
        work.validationReport = Optional.of(report);
        work.missedValidation = Optional.empty();
        boolean counts =
                !report.clean() || order.isAsGoodAs(work.site.config().validation().mode());
        ValidationOutcome outcome =
                new ValidationOutcome(
                        work.site.clock().instant(),
                        report.clean(),
                        position(report),
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

    /** None when nothing could be compared, since every table stands still. */
    private static Optional<SourcePosition> position(ValidationReport report) {
        return Optional.of(report.position())
                .filter(text -> !text.isEmpty())
                .map(SourcePosition::parse);
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
                .at(position(report).orElse(null))
                .hint("see " + file);
    }
}
