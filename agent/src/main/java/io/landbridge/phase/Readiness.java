package io.landbridge.phase;

import io.landbridge.apply.ApplierStatus;
import io.landbridge.phase.MigrationState.ValidationOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What speaks against a cutover now. Missing evidence speaks against it, too. Reads only what is
 * known already, so that it may be asked at any time.
 */
final class Readiness {

    private final Workplace work;

    Readiness(Workplace work) {
        this.work = work;
    }

    /** One sentence each; empty: ready. */
    List<String> objections() {
        List<String> objections = new ArrayList<>();
        Journal journal = work.journal();
        if (journal == null) {
            return List.of("the target has not been reached yet");
        }
        MigrationState state = journal.state();
        if (state.step() != Step.FOLLOW || state.failure().isPresent()) {
            return List.of("the migration is in phase " + state.phase() + ", not following");
        }
        if (!state.caughtUp()) {
            objections.add("it has not caught up with the source yet");
        }
        if (state.paused()) {
            objections.add("it is paused");
        }
        validation(state).ifPresent(objections::add);
        Optional<ApplierStatus> applier =
                work.openStream().flatMap(Stream::applier).map(a -> a.status());
        if (applier.isEmpty()) {
            objections.add("nothing is being applied");
        } else {
            stream(applier.get(), objections);
        }
        work.knownTables()
                .filter(tables -> !tables.newcomers().isEmpty())
                .ifPresent(
                        tables ->
                                objections.add(
                                        "tables appeared at the source that do not move: "
                                                + tables.newcomers()
                                                + "; exclude them, or start over"));
        return objections;
    }

    private Optional<String> validation(MigrationState state) {
        Optional<ValidationOutcome> last = state.lastValidation();
        if (last.isEmpty()) {
            return Optional.of("nothing has been validated yet");
        }
        if (!last.get().clean()) {
            return Optional.of("the last validation found differences: " + last.get().report());
        }
        return isFresh(state, work.site)
                ? Optional.empty()
                : Optional.of(
                        "the last clean validation is older than "
                                + work.site.config().cutover().maxValidationAge());
    }

    /** Whether the last comparison is clean and not older than the configuration allows. */
    static boolean isFresh(MigrationState state, Site site) {
        Duration bound = site.config().cutover().maxValidationAge();
        return state.lastValidation()
                .filter(ValidationOutcome::clean)
                .map(last -> Duration.between(last.at(), site.clock().instant()))
                .filter(age -> age.compareTo(bound) <= 0)
                .isPresent();
    }

    private void stream(ApplierStatus applier, List<String> objections) {
        applier.stopped()
                .forEach(
                        (table, stop) ->
                                objections.add("table " + table + " is stopped: " + stop.reason()));
        Duration bound = work.site.config().cutover().maxLag();
        Instant now = work.site.clock().instant();
        if (applier.committedAt().isEmpty()) {
            objections.add("nothing has been applied yet");
        } else if (Duration.between(applier.committedAt().get(), now).compareTo(bound) > 0) {
            objections.add("the lag is more than " + bound);
        }
    }
}
