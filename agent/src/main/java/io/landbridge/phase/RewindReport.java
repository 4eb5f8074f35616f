package io.landbridge.phase;

import io.landbridge.apply.Rewind.Undone;
import io.landbridge.report.Cell;
import io.landbridge.report.HtmlPage;
import io.landbridge.report.Wording;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a rollback to a moment did to the target.
 *
 * @param to the moment that was asked for
 * @param from where the target stood in the source's log
 * @param position where it stands
 * @param committedAt when the last commit that counts was made, by the source's clock
 * @param nextCommittedAt when the one after it was; empty when none is known
 */
record RewindReport(
        String migration,
        Instant startedAt,
        Duration took,
        Instant to,
        String from,
        String position,
        Instant committedAt,
        Optional<Instant> nextCommittedAt,
        Undone undone) {

    HtmlPage page() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Asked for", to.toString());
        facts.put("Last commit that counts", committedAt + ", ending at " + position);
        facts.put(
                "First one that does not",
                nextCommittedAt.map(Instant::toString).orElse("none is known"));
        facts.put("The target stood at", from);
        facts.put(
                "Undone",
                Wording.count(undone.transactions(), "transaction")
                        + ", "
                        + Wording.count(undone.changes(), "change"));
        facts.put("Took", Wording.time(took));
        return HtmlPage.titled(
                        "Rollback of " + migration + " to a moment", Wording.moment(startedAt))
                .verdict(
                        true,
                        "The target is what the source was at that moment",
                        "What came later was undone by its old values, in one transaction. The"
                                + " migration is paused there; a resume applies it again.")
                .facts(facts)
                .heading("Rows brought back or taken away")
                .table(
                        List.of("Table", "Rows"),
                        undone.rows().entrySet().stream()
                                .map(
                                        entry ->
                                                List.of(
                                                        Cell.code(entry.getKey().toString()),
                                                        Cell.number(entry.getValue())))
                                .toList());
    }
}
