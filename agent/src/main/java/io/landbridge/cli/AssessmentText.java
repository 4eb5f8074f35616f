package io.landbridge.cli;

import io.landbridge.phase.MigrationStatus.Assessment;
import io.landbridge.phase.MigrationStatus.Finding;
import java.util.List;
import java.util.Locale;

/** An assessment for people: blockers first, then warnings, then notes. */
final class AssessmentText {

    private AssessmentText() {}

    static String of(Assessment assessment) {
        StringBuilder text = new StringBuilder();
        for (String severity : List.of("BLOCKER", "WARNING", "NOTE")) {
            for (Finding finding : assessment.findings()) {
                if (finding.severity().equals(severity)) {
                    append(text, finding);
                }
            }
        }
        text.append(counted(assessment.blockers(), "blocker")).append(", ");
        text.append(counted(assessment.warnings(), "warning")).append(", ");
        text.append(counted(assessment.notes(), "note")).append(". ");
        return text.append(
                        assessment.blockers() == 0
                                ? "Nothing keeps the migration from beginning."
                                : "The migration can't begin before the blockers are gone.")
                .toString();
    }

    private static void append(StringBuilder text, Finding finding) {
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-8s%s: %s%n",
                        finding.severity().toLowerCase(Locale.ROOT),
                        finding.code(),
                        finding.object()));
        field(text, "why", finding.why());
        field(text, "do", finding.whatToDo());
        text.append(System.lineSeparator());
    }

    private static void field(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "        %-4s%s%n",
                            name,
                            value.replaceAll("\\R", "\n            ")));
        }
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
