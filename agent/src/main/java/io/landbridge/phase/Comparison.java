package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.source.PostgresSnapshots;
import io.landbridge.validate.ApplierGate;
import io.landbridge.validate.ApplyGate;
import io.landbridge.validate.Rendezvous;
import io.landbridge.validate.Scope;
import io.landbridge.validate.Validation;
import io.landbridge.validate.ValidationOptions;
import io.landbridge.validate.ValidationReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Compares the two ends of a route; while it runs, the status and a stop find it at work. */
final class Comparison {

    private final Workplace work;
    private final Route route;

    Comparison(Workplace work, Route route) {
        this.work = work;
        this.route = route;
    }

    /** All rows, while writes go on and {@code stream} runs; its proof takes note. */
    ValidationReport following(Stream stream) {
        return following(stream, Scope.EVERYTHING);
    }

    /** What is not proven yet, as {@link #following(Stream)}. */
    ValidationReport open(Stream stream) {
        return following(stream, stream.proof().open());
    }

    private ValidationReport following(Stream stream, Scope scope) {
        ApplyGate gate = new ApplierGate(stream.goOn());
        ProofSoFar proof = stream.proof();
        Validation validation = validation(gate, () -> route.log().emitMarker(""));
        work.validation = Optional.of(validation);
        try {
            ValidationReport report = validation.run(scope, stopped());
            proof.compared(report);
            return report;
        } finally {
            work.validation = Optional.empty();
            gate.release();
        }
    }

    /** Both sides as they stand; nobody writes to either. */
    ValidationReport standing(Scope scope) {
        Validation validation = validation(ApplyGate.STANDING, () -> {});
        work.validation = Optional.of(validation);
        try {
            return validation.runStanding(scope, stopped());
        } finally {
            work.validation = Optional.empty();
        }
    }

    private Validation validation(ApplyGate gate, Runnable nudge) {
        return new Validation(
                work.site.migration(),
                new Rendezvous(
                        new PostgresSnapshots(route.from()),
                        route.to(),
                        gate,
                        nudge,
                        Rendezvous.Limits.DEFAULT),
                route.tables(),
                route.counterparts(),
                ValidationOptions.of(work.site.config().validation()));
    }

    private Map<TableId, String> stopped() {
        Map<TableId, String> reasons = new LinkedHashMap<>();
        route.to()
                .with("reading the tables' states", route.states()::read)
                .forEach(
                        (table, state) ->
                                state.stop().ifPresent(stop -> reasons.put(table, stop.reason())));
        return reasons;
    }
}
