package io.landbridge.cutover;

import io.landbridge.cutover.CutoverRecord.Status;
import io.landbridge.report.Cell;
import io.landbridge.report.HtmlPage;
import io.landbridge.report.Wording;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A {@link MoveReport} as a page: the verdict for who decides, steps and hashes for who checks. */
public final class MovePage {

    private MovePage() {}

    public static HtmlPage of(MoveReport report) {
        CutoverRecord attempt = report.attempt();
        HtmlPage page =
                HtmlPage.titled(
                        title(attempt.kind()) + " of " + report.migration(),
                        Wording.moment(attempt.startedAt())
                                + ", from "
                                + report.from()
                                + " to "
                                + report.to());
        page.verdict(attempt.status() == Status.DONE, sentence(attempt), why(report));
        page.facts(facts(report));
        page.heading("Steps").table(STEPS, attempt.steps().stream().map(MovePage::step).toList());
        page.heading("What was found and done");
        attempt.steps().stream()
                .filter(step -> !step.facts().isEmpty())
                .forEach(step -> page.paragraph(step.name()).facts(step.facts()));
        if (!report.tables().isEmpty()) {
            page.heading("Tables, as both sides stood behind the fence")
                    .table(TABLES, report.tables().stream().map(MovePage::table).toList());
        }
        return page;
    }

    private static String title(String kind) {
        return kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
    }

    private static String sentence(CutoverRecord attempt) {
        return switch (attempt.status()) {
            case DONE ->
                    switch (attempt.kind()) {
                        case "rollback" -> "The traffic is back where it came from";
                        case "dry-run" -> "A cutover would go through";
                        default -> "The traffic has moved";
                    };
            case UNDONE -> "Undone: everything is as it was before";
            case RUNNING, UNDOING -> "Not over yet";
        };
    }

    private static String why(MoveReport report) {
        String felt =
                report.clients()
                        .map(
                                clients ->
                                        "Clients waited "
                                                + Wording.time(clients.longest())
                                                + " at most; "
                                                + clients.failures()
                                                + " of "
                                                + Wording.count(
                                                        clients.answers() + clients.failures(),
                                                        "question")
                                                + " failed.")
                        .orElse("What clients felt was not measured.");
        return report.attempt().failure().map(failure -> failure + ". " + felt).orElse(felt);
    }

    private static Map<String, String> facts(MoveReport report) {
        CutoverRecord attempt = report.attempt();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Attempt", attempt.attempt());
        attempt.endedAt()
                .ifPresent(
                        end ->
                                facts.put(
                                        "Took",
                                        Wording.time(Duration.between(attempt.startedAt(), end))));
        position(attempt, "FENCE").ifPresent(at -> facts.put("Fence in the log", at));
        position(attempt, "DRAIN").ifPresent(at -> facts.put("Drained to", at));
        position(attempt, "REVERSE").ifPresent(at -> facts.put("Way back begins", at));
        held(attempt).ifPresent(time -> facts.put("From HOLD to RELEASE", Wording.time(time)));
        report.clients()
                .ifPresent(
                        clients ->
                                facts.put("Longest client pause", Wording.time(clients.longest())));
        return facts;
    }

    private static Optional<String> position(CutoverRecord attempt, String name) {
        return step(attempt, name).map(step -> step.facts().get("position"));
    }

    private static Optional<StepRecord> step(CutoverRecord attempt, String name) {
        return attempt.steps().stream().filter(step -> step.name().equals(name)).findFirst();
    }

    private static Optional<Duration> held(CutoverRecord attempt) {
        Optional<Instant> began = step(attempt, "HOLD").flatMap(StepRecord::startedAt);
        Optional<StepRecord> last = step(attempt, "RELEASE");
        Optional<Instant> released = last.flatMap(StepRecord::startedAt);
        return began.isEmpty() || released.isEmpty() || last.get().took().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Duration.between(began.get(), released.get())
                                .plus(last.get().took().get()));
    }

    private static final List<String> STEPS = List.of("Step", "State", "Began", "Took", "Failure");

    private static List<Cell> step(StepRecord step) {
        return List.of(
                Cell.code(step.name()),
                state(step.state()),
                Cell.text(step.startedAt().map(Wording::moment).orElse("")),
                step.took().map(Cell::time).orElse(Cell.text("")),
                Cell.text(step.failure().orElse("")));
    }

    private static Cell state(StepState state) {
        String word = state.name().toLowerCase(Locale.ROOT);
        return switch (state) {
            case DONE -> Cell.good(word);
            case FAILED -> Cell.bad(word);
            case PENDING, RUNNING, UNDONE -> Cell.text(word);
        };
    }

    private static final List<String> TABLES =
            List.of("Table", "Changes applied", "Rows compared", "Hashes");

    private static List<Cell> table(TableProof table) {
        return List.of(
                Cell.code(table.table().toString()),
                Cell.number(table.applied()),
                Cell.number(table.rowsCompared()),
                Cell.code(
                        List.of(table.sourceHash(), table.targetHash()).stream()
                                .distinct()
                                .collect(Collectors.joining("\n"))));
    }
}
