package io.landbridge.validate;

import io.landbridge.report.Cell;
import io.landbridge.report.HtmlPage;
import io.landbridge.report.Wording;
import io.landbridge.schema.structure.StructureDifference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A comparison's record as a page: the verdict for who decides, tables, hashes and keys for who
 * checks. Says nothing that the record doesn't; of many differences it shows the first ones, since
 * the record beside it has them all.
 */
public final class ValidationPage {

    private static final int DIFFERENCES_SHOWN = 200;
    private static final int STRUCTURE_SHOWN = 500;

    private ValidationPage() {}

    public static HtmlPage of(ValidationReport report) {
        HtmlPage page =
                HtmlPage.titled(
                        "Validation of " + report.migration(),
                        Wording.moment(report.startedAt())
                                + ", both sides at "
                                + (report.position().isEmpty()
                                        ? "no common position"
                                        : report.position()));
        page.verdict(report.clean(), sentence(report), why(report)).facts(facts(report));
        List<TableResult> failed = report.failed();
        if (!failed.isEmpty()) {
            page.heading("Not equal");
            failed.forEach(table -> differences(page, table));
        }
        structure(page, report.structure());
        page.heading("Tables")
                .table(HEADS, report.tables().stream().map(ValidationPage::row).toList());
        return page;
    }

    private static String sentence(ValidationReport report) {
        if (report.clean()) {
            return "Both sides are equal";
        }
        return report.failed().isEmpty()
                ? "The rows are equal, the structure is not"
                : Wording.count(report.failed().size(), "table")
                        + " of "
                        + report.tables().size()
                        + " not proven equal";
    }

    private static String why(ValidationReport report) {
        String compared =
                Wording.count(report.comparedRows(), "row")
                        + " compared in "
                        + Wording.count(report.tables().size(), "table")
                        + ", at one place in the source's log, while writes went on.";
        return report.clean()
                ? compared
                : Wording.count(report.differences(), "row") + " differ. " + compared;
    }

    private static Map<String, String> facts(ValidationReport report) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Mode", report.mode().name().toLowerCase(Locale.ROOT));
        facts.put("Position", report.position());
        facts.put("Took", Wording.time(report.duration()));
        facts.put("Applier stood still", Wording.time(report.pause()));
        return facts;
    }

    private static final List<String> HEADS =
            List.of(
                    "Table",
                    "Outcome",
                    "Mode",
                    "Source rows",
                    "Target rows",
                    "Compared",
                    "Took",
                    "Hash",
                    "Position");

    private static List<Cell> row(TableResult table) {
        return List.of(
                Cell.code(table.table().toString()),
                outcome(table),
                Cell.text(
                        table.mode().map(mode -> mode.name().toLowerCase(Locale.ROOT)).orElse("")),
                Cell.number(table.sourceRows()),
                Cell.number(table.targetRows()),
                Cell.number(table.comparedRows()),
                Cell.time(table.duration()),
                Cell.code(
                        table.sourceHash().equals(table.targetHash())
                                ? table.sourceHash()
                                : table.sourceHash() + "\n" + table.targetHash()),
                Cell.code(table.position()));
    }

    private static Cell outcome(TableResult table) {
        return switch (table.outcome()) {
            case EQUAL -> Cell.good("equal");
            case DIFFERENT -> Cell.bad("different");
            case NOT_VALIDATED -> Cell.bad("not validated");
        };
    }

    private static void structure(HtmlPage page, List<StructureDifference> differences) {
        if (differences.isEmpty()) {
            return;
        }
        page.heading("Structure")
                .table(
                        List.of("Table", "What", "", "Name", "Source", "Target", ""),
                        differences.stream()
                                .limit(STRUCTURE_SHOWN)
                                .map(ValidationPage::structure)
                                .toList());
        if (differences.size() > STRUCTURE_SHOWN) {
            page.paragraph(
                    "The record has " + (differences.size() - STRUCTURE_SHOWN) + " more of them.");
        }
    }

    private static List<Cell> structure(StructureDifference one) {
        return List.of(
                Cell.code(one.table().toString()),
                Cell.text(one.aspect().name().toLowerCase(Locale.ROOT).replace('_', ' ')),
                Cell.text(one.kind().name().toLowerCase(Locale.ROOT)),
                Cell.code(one.name()),
                Cell.code(one.source()),
                Cell.code(one.target()),
                one.blocks() ? Cell.bad("blocks the cutover") : Cell.text("a note"));
    }

    /** What is wrong with one table. */
    static void differences(HtmlPage page, TableResult table) {
        page.paragraph(
                table.table()
                        + ": "
                        + table.reason()
                        + (table.found() == 0
                                ? ""
                                : " ("
                                        + table.missing()
                                        + " missing, "
                                        + table.extra()
                                        + " extra, "
                                        + table.different()
                                        + " different)"));
        List<RowDifference> shown = table.differences().stream().limit(DIFFERENCES_SHOWN).toList();
        if (shown.isEmpty()) {
            return;
        }
        boolean values = shown.stream().anyMatch(one -> !one.values().isEmpty());
        List<String> heads = new ArrayList<>(List.of("Key", "Kind", "Columns"));
        if (values) {
            heads.addAll(List.of("At the source", "At the target"));
        }
        page.details(
                (shown.size() < table.found() ? "the first " : "")
                        + Wording.count(shown.size(), "row")
                        + " of "
                        + table.table(),
                inside ->
                        inside.table(
                                heads,
                                shown.stream().map(one -> difference(one, values)).toList()));
    }

    private static List<Cell> difference(RowDifference row, boolean values) {
        List<Cell> cells = new ArrayList<>();
        cells.add(
                Cell.code(
                        row.key().isEmpty()
                                ? "row with hash " + row.rowHash() + ", " + row.rows() + " times"
                                : row.key().entrySet().stream()
                                        .map(part -> part.getKey() + " = " + part.getValue())
                                        .collect(Collectors.joining("\n"))));
        cells.add(Cell.text(row.kind().name().toLowerCase(Locale.ROOT)));
        cells.add(Cell.code(String.join("\n", row.columns())));
        if (values) {
            cells.add(Cell.code(sideOf(row, RowDifference.Values::source)));
            cells.add(Cell.code(sideOf(row, RowDifference.Values::target)));
        }
        return cells;
    }

    private static String sideOf(
            RowDifference row,
            java.util.function.Function<RowDifference.Values, Optional<String>> side) {
        return row.values().entrySet().stream()
                .map(one -> one.getKey() + " = " + side.apply(one.getValue()).orElse("NULL"))
                .collect(Collectors.joining("\n"));
    }
}
