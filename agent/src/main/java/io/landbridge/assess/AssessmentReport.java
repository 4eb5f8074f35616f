package io.landbridge.assess;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the assessment found.
 *
 * @param findings blockers first, then warnings, then notes
 * @param tables how many tables move
 * @param estimatedRows in all of them, from statistics
 * @param bytes what they take on the source's disk with TOAST, without indexes
 */
public record AssessmentReport(
        Instant at, List<Finding> findings, int tables, long estimatedRows, long bytes) {

    public AssessmentReport {
        findings = List.copyOf(findings);
    }

    /** The same with one blocker more. */
    public AssessmentReport with(Finding blocker) {
        List<Finding> all = new ArrayList<>();
        all.add(blocker);
        all.addAll(findings);
        return new AssessmentReport(at, all, tables, estimatedRows, bytes);
    }

    /** What keeps the migration from beginning; empty when nothing does. */
    public List<Finding> blockers() {
        return of(Severity.BLOCKER);
    }

    public List<Finding> of(Severity severity) {
        return findings.stream().filter(finding -> finding.severity() == severity).toList();
    }

    public int count(Severity severity) {
        return of(severity).size();
    }
}
