package io.landbridge.validate;

import io.landbridge.report.Cell;
import io.landbridge.report.HtmlPage;
import io.landbridge.report.Wording;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A repair's record as a page: what was wrong, what was done, and that it is equal now. */
public final class RepairPage {

    private static final List<String> HEADS =
            List.of("Table", "Outcome", "Missing", "Extra", "Different", "Mended", "Stream", "Why");

    private RepairPage() {}

    public static HtmlPage of(RepairReport report) {
        HtmlPage page =
                HtmlPage.titled(
                        "Repair of " + report.migration(), Wording.moment(report.startedAt()));
        page.verdict(report.clean(), sentence(report), why(report)).facts(facts(report));
        page.heading("Tables").table(HEADS, report.tables().stream().map(RepairPage::row).toList());
        List<TableResult> wrong =
                report.tables().stream()
                        .map(RepairedTable::found)
                        .filter(found -> found.found() > 0)
                        .toList();
        if (!wrong.isEmpty()) {
            page.heading("What was wrong");
            wrong.forEach(table -> ValidationPage.differences(page, table));
        }
        return page;
    }

    private static String sentence(RepairReport report) {
        return report.clean()
                ? report.mended() == 0
                        ? "There was nothing to repair"
                        : Wording.count(report.mended(), "row") + " repaired, both sides are equal"
                : Wording.count(report.unrepaired().size(), "table") + " could not be repaired";
    }

    private static String why(RepairReport report) {
        return "Rows were written with what the source held at one place in its log, while the"
                + " target stood at the same place; then compared again at "
                + report.position()
                + ".";
    }

    private static Map<String, String> facts(RepairReport report) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Compared again at", report.position());
        facts.put("Took", Wording.time(report.duration()));
        facts.put("Applier stood still at most", Wording.time(report.pause()));
        return facts;
    }

    private static List<Cell> row(RepairedTable table) {
        return List.of(
                Cell.code(table.table().toString()),
                switch (table.outcome()) {
                    case EQUAL -> Cell.text("nothing was wrong");
                    case REPAIRED -> Cell.good("repaired");
                    case NOT_REPAIRED -> Cell.bad("not repaired");
                },
                Cell.number(table.found().missing()),
                Cell.number(table.found().extra()),
                Cell.number(table.found().different()),
                Cell.number(table.mended()),
                Cell.text(table.restarted() ? "was stopped, follows again" : ""),
                Cell.text(table.reason()));
    }
}
