package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.phase.MigrationState.ValidationOutcome;
import io.landbridge.source.PostgresSnapshots;
import io.landbridge.validate.ApplierGate;
import io.landbridge.validate.ApplyGate;
import io.landbridge.validate.Rendezvous;
import io.landbridge.validate.Scope;
import io.landbridge.validate.Validation;
import io.landbridge.validate.ValidationOptions;
import io.landbridge.validate.ValidationReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
        boolean streaming = work.state().streamStart().isPresent();
        ApplyGate gate = streaming ? gate() : ApplyGate.STANDING;
        Validation validation =
                validation(gate, streaming ? () -> work.site.log().emitMarker("") : () -> {});
        work.validation = Optional.of(validation);
        try (StreamWatch watch = new StreamWatch(work, validation::cancel)) {
            work.requests.breakable(validation::cancel, () -> compare(validation, streaming));
            watch.check();
        } finally {
            work.validation = Optional.empty();
            gate.release();
        }
    }

    /** Compares what is not proven yet, while writes go on; the proof takes note of it. */
    ValidationReport compareOpen(ProofSoFar proof) {
        ApplyGate gate = gate();
        Validation validation = validation(gate, () -> work.site.log().emitMarker(""));
        work.validation = Optional.of(validation);
        try {
            ValidationReport report = validation.run(proof.open(), stopped());
            proof.compared(report);
            return report;
        } finally {
            work.validation = Optional.empty();
            gate.release();
        }
    }

    /** Compares what is not proven yet of two sides that stand still. */
    ValidationReport compareStanding(Scope scope) {
        return validation(ApplyGate.STANDING, () -> {}).runStanding(scope, stopped());
    }

    private Validation validation(ApplyGate gate, Runnable nudge) {
        return new Validation(
                work.site.migration(),
                new Rendezvous(
                        new PostgresSnapshots(work.site.source()),
                        work.site.target(),
                        gate,
                        nudge,
                        Rendezvous.Limits.DEFAULT),
                work.tables().source(),
                work.tables().target(),
                ValidationOptions.of(work.site.config().validation()));
    }

    private ApplyGate gate() {
        Applier applier = work.stream().goOnApplying(work.state().convergeThrough());
        return new ApplierGate(applier);
    }

    private void compare(Validation validation, boolean streaming) {
        ValidationReport report;
        if (streaming) {
            ProofSoFar proof = work.stream().proof();
            report = validation.run(stopped());
            proof.compared(report);
        } else {
            report = validation.runStanding(stopped());
        }
        Path file = work.reports().write(report);
        work.validationReport = Optional.of(report);
        work.journal()
                .update(
                        state ->
                                state.validated(
                                        new ValidationOutcome(
                                                work.site.clock().instant(),
                                                report.clean(),
                                                Optional.of(
                                                        SourcePosition.parse(report.position())),
                                                file.toString())));
        if (report.clean()) {
            work.faults.clear("validation");
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
                                + " rows differ")
                .at(SourcePosition.parse(report.position()))
                .hint("see " + file);
    }

    private Map<TableId, String> stopped() {
        Map<TableId, String> reasons = new LinkedHashMap<>();
        work.site
                .target()
                .with("reading the tables' states", work.site.states()::read)
                .forEach(
                        (table, state) ->
                                state.stop().ifPresent(stop -> reasons.put(table, stop.reason())));
        return reasons;
    }
}
