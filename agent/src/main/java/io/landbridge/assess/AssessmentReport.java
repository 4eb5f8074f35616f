package io.landbridge.assess;

import java.time.Instant;
import java.util.List;

/** What an assessment found, the gravest first. */
public record AssessmentReport(Instant at, List<Finding> findings) {

    public AssessmentReport {
        findings = List.copyOf(findings);
    }

    public List<Finding> blockers() {
        return findings.stream().filter(f -> f.severity() == Severity.BLOCKER).toList();
    }

    public int count(Severity severity) {
        return (int) findings.stream().filter(f -> f.severity() == severity).count();
    }
}
