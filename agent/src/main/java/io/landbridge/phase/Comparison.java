package io.landbridge.phase;

import static java.util.stream.Collectors.toMap;

import io.landbridge.change.TableId;
import io.landbridge.config.ValidationConfig.Structure;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Table;
import io.landbridge.schema.structure.StructureDifference;
import io.landbridge.validate.ApplierGate;
import io.landbridge.validate.ApplyGate;
import io.landbridge.validate.EqualParts;
import io.landbridge.validate.Rendezvous;
import io.landbridge.validate.Repair;
import io.landbridge.validate.Scope;
import io.landbridge.validate.Validation;
import io.landbridge.validate.ValidationOptions;
import io.landbridge.validate.ValidationReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the two ends of a route; while it runs, the status and a stop find it at work. */
final class Comparison {

    private final Workplace work;
    private final Route route;
    private ComparisonOrder order = ComparisonOrder.USUAL;
    private EqualParts known = EqualParts.FORGOTTEN;
    private Rendezvous.Limits limits;

    Comparison(Workplace work, Route route) {
        this.work = work;
        this.route = route;
        this.limits = Rendezvous.Limits.patient(work.site.config().validation().meetTimeout());
    }

    /**
     * What was ordered, while writes go on and {@code stream} runs.
     *
     * @param parts what of it is done already; told what is done
     */
    ValidationReport following(Stream stream, ComparisonOrder wanted, EqualParts parts) {
        order = wanted;
        known = parts;
        return following(stream, scope());
    }

    /**
     * What was ordered, while writes go on and somebody else writes to the target.
     *
     * @param parts as above
     * @param travel as {@link Validation#runSettling} has it
     */
    ValidationReport settling(ComparisonOrder wanted, EqualParts parts, Runnable travel) {
        order = wanted;
        known = parts;
        Validation validation = validation(ApplyGate.STANDING, () -> {});
        work.validation = Optional.of(validation);
        try {
            return validation.runSettling(scope(), stopped(), travel);
        } finally {
            work.validation = Optional.empty();
        }
    }

    /** All rows of two sides that nobody writes to; {@code parts} as above. */
    ValidationReport standing(EqualParts parts) {
        known = parts;
        return standing(Scope.EVERYTHING);
    }

    private Scope scope() {
        return order.tables().isEmpty()
                ? Scope.EVERYTHING
                : Scope.of(
                        route.tables().stream()
                                .map(Table::id)
                                .filter(order.chosen())
                                .collect(toMap(table -> table, table -> Scope.Rows.ALL)));
    }

    /** Repairs at the target what was ordered once it is run; {@code stream} is being applied. */
    Repair repair(Stream stream, ComparisonOrder wanted) {
        order = wanted;
        return new Repair(
                work.site.migration(),
                rendezvous(new ApplierGate(stream.goOn()), () -> route.log().emitMarker("")),
                work.site.target(),
                route.states(),
                route.tables(),
                route.counterparts(),
                options(),
                stream::touched);
    }

    /** What is not proven yet, while writes go on and {@code stream} runs. */
    ValidationReport open(Stream stream) {
        return following(stream, stream.proof().open());
    }

    /**
     * As {@link #open}, if both sides meet within some seconds.
     *
     * @return empty when they don't
     */
    Optional<ValidationReport> openSoon(Stream stream) {
        limits = Rendezvous.Limits.hasty();
        try {
            return Optional.of(open(stream));
        } catch (Fault e) {
            if (isMiss(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether both sides did not come to the same place, for which nobody is to blame. */
    static boolean isMiss(Fault fault) {
        return fault.code() == FaultCode.VALIDATION_MISSED
                || fault.code() == FaultCode.SOURCE_LOCK_TIMEOUT;
    }

    /** The proof of {@code stream} takes note. */
    private ValidationReport following(Stream stream, Scope scope) {
        ApplyGate gate = new ApplierGate(stream.goOn());
        ProofSoFar proof = stream.proof();
        Validation validation = validation(gate, () -> route.log().emitMarker(""));
        work.validation = Optional.of(validation);
        try {
            ValidationReport report = validation.run(scope, stopped());
            if (order.isAsGoodAs(work.site.config().validation().mode())) {
                proof.compared(report);
            }
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
                rendezvous(gate, nudge),
                route.tables(),
                route.counterparts(),
                options(),
                known);
    }

    private Rendezvous rendezvous(ApplyGate gate, Runnable nudge) {
        return new Rendezvous(
                route.from().snapshots(route.tables()), route.to().freezer(), gate, nudge, limits);
    }

    private ValidationOptions options() {
        ValidationOptions options = ValidationOptions.of(work.site.config().validation());
        options = order.mode().map(options::in).orElse(options);
        return order.values() ? options.showingValues() : options;
    }

    /** What the tables are made of, on the way forth, that is not the same on both sides. */
    List<StructureDifference> structure() {
        Structure wanted = work.site.config().validation().structure();
        if (wanted == Structure.OFF) {
            return List.of();
        }
        List<StructureDifference> found =
                route.from()
                        .structure(
                                route.tables(), work.site.target(), route.counterparts().values());
        return wanted == Structure.BLOCK
                ? found
                : found.stream().map(StructureDifference::asNote).toList();
    }

    private Map<TableId, String> stopped() {
        Map<TableId, String> reasons = new LinkedHashMap<>();
        route.to()
                .destination()
                .with("reading the tables' states", route.states()::read)
                .forEach(
                        (table, state) ->
                                state.stop().ifPresent(stop -> reasons.put(table, stop.reason())));
        return reasons;
    }
}
