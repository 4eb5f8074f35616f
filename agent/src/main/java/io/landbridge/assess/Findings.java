package io.landbridge.assess;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects findings. Owned by one thread. */
final class Findings {

    /** Objects named in one finding; a schema of thousands of tables must stay readable. */
    private static final int NAMED = 20;

    private final List<Finding> found = new ArrayList<>();

    void blocker(FindingCode code, String object, String why, String whatToDo) {
        add(Severity.BLOCKER, code, object, why, whatToDo);
    }

    void warning(FindingCode code, String object, String why, String whatToDo) {
        add(Severity.WARNING, code, object, why, whatToDo);
    }

    void note(FindingCode code, String object, String why, String whatToDo) {
        add(Severity.NOTE, code, object, why, whatToDo);
    }

    void add(Severity severity, FindingCode code, String object, String why, String whatToDo) {
        found.add(new Finding(severity, code, object, why, whatToDo));
    }

    /** Blockers first; within a severity in the order of discovery. */
    List<Finding> sorted() {
        return found.stream().sorted(Comparator.comparing(Finding::severity)).toList();
    }

    /** {@code a, b, c and 17 more}. */
    static String list(List<String> objects) {
        if (objects.size() <= NAMED) {
            return String.join(", ", objects);
        }
        return String.join(", ", objects.subList(0, NAMED))
                + " and "
                + (objects.size() - NAMED)
                + " more";
    }
}
