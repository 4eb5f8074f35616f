package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.cutover.Evidence;
import io.landbridge.phase.MigrationState.ValidationOutcome;
import io.landbridge.schema.Sequence;
import io.landbridge.schema.Sequences;
import io.landbridge.schema.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What speaks for and against a cutover. Missing evidence speaks against it.
 *
 * <p>{@link #objections} reads only what is known already, so that it may be asked at any time and
 * from any thread; {@link #questions} also asks both databases.
 */
final class Readiness {

    private final Workplace work;

    Readiness(Workplace work) {
        this.work = work;
    }

    /** One sentence each; empty: ready as far as one can see without asking a database. */
    List<String> objections() {
        Journal journal = work.journal();
        if (journal == null) {
            return List.of("the target has not been reached yet");
        }
        MigrationState state = journal.state();
        if (state.step() != Step.FOLLOW || state.failure().isPresent()) {
            return List.of("the migration is in phase " + state.phase() + ", not following");
        }
        List<Evidence> evidence = new ArrayList<>(known(state));
        work.knownTables().ifPresent(tables -> evidence.add(newcomers(tables.newcomers())));
        evidence.add(work.partitions.evidence(state.lastValidation()));
        return evidence.stream().filter(one -> !one.good()).map(Evidence::detail).toList();
    }

    /** Everything that is asked right before a cutover. */
    io.landbridge.cutover.Readiness questions() {
        var questions = new io.landbridge.cutover.Readiness();
        for (Evidence one : known(work.state())) {
            questions.ask(one.what(), () -> one);
        }
        return questions
                .ask("tables", () -> newcomers(appeared()))
                .ask("partitions", this::partitions)
                .ask("sequences", this::sequences);
    }

    private List<Evidence> known(MigrationState state) {
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(
                state.caughtUp()
                        ? Evidence.good("caught up", "yes")
                        : Evidence.bad("caught up", "it has not caught up with the source yet"));
        evidence.add(
                state.paused()
                        ? Evidence.bad("running", "it is paused")
                        : Evidence.good("running", "yes"));
        evidence.add(validation(state));
        evidence.addAll(work.forth.evidence());
        return evidence;
    }

    private Evidence validation(MigrationState state) {
        Optional<ValidationOutcome> last = state.lastValidation();
        if (last.isEmpty()) {
            return Evidence.bad("validation", "nothing has been validated yet");
        }
        if (!last.get().clean()) {
            return Evidence.bad(
                    "validation", "the last validation found differences: " + last.get().report());
        }
        return isFresh(state, work.site)
                ? Evidence.good("validation", "clean at " + last.get().at())
                : Evidence.bad(
                        "validation",
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

    private List<TableId> appeared() {
        Set<TableId> ours =
                work.tables().source().stream().map(Table::id).collect(Collectors.toSet());
        return Tables.selected(work.site).stream()
                .map(Table::id)
                .filter(table -> !ours.contains(table))
                .toList();
    }

    private static Evidence newcomers(List<TableId> newcomers) {
        return newcomers.isEmpty()
                ? Evidence.good("tables", "all move")
                : Evidence.bad(
                        "tables",
                        "tables appeared at the source that do not move: "
                                + newcomers
                                + "; exclude them, or start over");
    }

    /** Asks the source whether a partition changed since the last clean validation. */
    Evidence partitions() {
        work.lookAtPartitions(work.tables());
        return work.partitions.evidence(work.state().lastValidation());
    }

    private Evidence sequences() {
        List<Sequence> sequences = work.site.source().sequences(work.tables().source());
        List<Sequence> absent = Sequences.absent(work.site.target(), sequences);
        return absent.isEmpty()
                ? Evidence.good("sequences", sequences.size() + " can be set")
                : Evidence.bad(
                        "sequences",
                        "the target lacks " + absent.stream().map(Sequence::id).toList());
    }
}
