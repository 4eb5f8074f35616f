package io.landbridge.assess;

import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Table;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at both sides before anything is touched, and says what stands against the migration. Reads
 * only; each question is bounded in time, so that a big or busy database is not harmed.
 */
public final class Assessment {

    /** insufficient_privilege. */
    private static final String NOT_ALLOWED = "42501";

    private static final Map<String, Check> CHECKS = checks();

    private final Database source;
    private final Database target;
    private final Configuration configuration;

    public Assessment(Database source, Database target, Configuration configuration) {
        this.source = source;
        this.target = target;
        this.configuration = configuration;
    }

    /**
     * Looks at everything.
     *
     * @throws Fault when a side can't be reached, or a table pattern isn't one; never because of
     *     what was found
     */
    public AssessmentReport run() {
        List<Table> tables = PostgresCatalogue.read(source, configuration.tables());
        Findings findings = new Findings();
        try (Inquiry asksSource = new Inquiry(source);
                Inquiry asksTarget = new Inquiry(target)) {
            Subject subject =
                    Subject.of(configuration, source, target, asksSource, asksTarget, tables);
            CHECKS.forEach((name, check) -> run(name, check, subject, findings));
        }
        return new AssessmentReport(
                Instant.now(),
                findings.sorted(),
                tables.size(),
                tables.stream().mapToLong(Table::estimatedRows).sum(),
                tables.stream().mapToLong(Table::bytes).sum());
    }

    private static void run(String name, Check check, Subject subject, Findings findings) {
        try {
            check.run(subject, findings);
        } catch (SQLException e) {
            incomplete(name, e, findings);
        } catch (Fault e) {
            // What the user lacks is among the findings: it must not hide them.
            if (e.getCause() instanceof SQLException cause
                    && NOT_ALLOWED.equals(cause.getSQLState())) {
                incomplete(name, cause, findings);
            } else {
                throw e;
            }
        }
    }

    private static void incomplete(String name, SQLException why, Findings findings) {
        findings.warning(
                FindingCode.CHECK_INCOMPLETE,
                name,
                "this could not be looked at to its end ["
                        + why.getSQLState()
                        + "]: "
                        + why.getMessage(),
                "run the assessment again when the servers are less busy, or as a role that"
                        + " may read the catalogues");
    }

    private static Map<String, Check> checks() {
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put("servers", new ServerCheck());
        checks.put("the source's log", new LogCheck());
        checks.put("the source user's rights", new SourceRightsCheck());
        checks.put("the target user's rights", new TargetRightsCheck());
        checks.put("tables", new TableCheck());
        checks.put("what else holds rows", new UnlistedCheck());
        checks.put("constraints", new ConstraintCheck());
        checks.put("types", new TypeCheck());
        checks.put("sequences", new SequenceCheck());
        checks.put("the schema", new SchemaCheck());
        checks.put("extensions and collations", new ExtensionCheck());
        checks.put("tables at the target", new TargetTableCheck());
        checks.put("the snapshot of the target", new SnapshotCheck());
        checks.put("sizes", new SizeCheck());
        return checks;
    }
}
