package io.landbridge.assess;

import io.landbridge.config.Configuration;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.SchemaScript;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlCatalogue;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.schema.mysql.MysqlTable;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks at a MySQL source, and at its values, before anything is touched; the counterpart of {@link
 * Assessment}. Reads only; each question is bounded in time.
 */
public final class MysqlAssessment {

    private final MysqlDatabase source;
    private final Database target;
    private final Configuration configuration;

    public MysqlAssessment(MysqlDatabase source, Database target, Configuration configuration) {
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
        Findings findings = new Findings();
        List<MysqlTable> tables = MysqlCatalogue.read(source, configuration.tables());
        List<MappedTable> mapped = mapped(findings);
        try (MysqlInquiry asked = new MysqlInquiry(source)) {
            MysqlSubject subject = new MysqlSubject(configuration, asked, tables, mapped);
            checks().forEach((name, check) -> run(name, check, subject, findings));
        }
        target(findings);
        leftOut(findings, mapped);
        return new AssessmentReport(
                Instant.now(),
                findings.sorted(),
                tables.size(),
                tables.stream().mapToLong(MysqlTable::estimatedRows).sum(),
                tables.stream().mapToLong(MysqlTable::bytes).sum());
    }

    private List<MappedTable> mapped(Findings findings) {
        try {
            return MysqlSchema.map(source, target, configuration.schema(), configuration.tables());
        } catch (Fault fault) {
            if (fault.code() != FaultCode.CONFIG_INVALID) {
                throw fault;
            }
            findings.blocker(
                    FindingCode.TYPE_UNSUPPORTED,
                    fault.table().map(Object::toString).orElse("schema.mapping"),
                    fault.describe(),
                    fault.hint());
            return List.of();
        }
    }

    private void leftOut(Findings findings, List<MappedTable> mapped) {
        if (mapped.isEmpty()) {
            return;
        }
        SchemaScript script =
                MysqlSchema.script(source, configuration.schema(), configuration.tables());
        script.notes()
                .forEach(
                        note ->
                                findings.note(
                                        FindingCode.SCHEMA_LEFT_OUT,
                                        "schema",
                                        note,
                                        "'landbridge schema' prints the DDL; edit and apply it"
                                                + " first where this matters"));
    }

    private void target(Findings findings) {
        long version =
                target.with(
                        "the target's version",
                        connection -> {
                            try (var statement = connection.createStatement();
                                    var row = statement.executeQuery("SHOW server_version_num")) {
                                row.next();
                                return row.getLong(1);
                            }
                        });
        if (version < 150_000) {
            findings.blocker(
                    FindingCode.TARGET_VERSION,
                    "target",
                    "PostgreSQL 15 or newer is needed for a MySQL source; this is "
                            + version / 10_000,
                    "upgrade the target");
        }
        if (configuration.cutover().keepsWayBack()) {
            wayBack(findings);
        }
    }

    private void wayBack(Findings findings) {
        try (Inquiry asked = new Inquiry(target)) {
            LogCheck.wayBack(asked, findings);
        } catch (SQLException e) {
            throw target.fault("the target's log", e);
        }
    }

    private Set<String> reserved() {
        return target.with(
                "the target's reserved words",
                connection -> {
                    Set<String> words = new HashSet<>();
                    try (var statement = connection.createStatement();
                            var row =
                                    statement.executeQuery(
                                            "SELECT word FROM pg_get_keywords() WHERE catcode IN"
                                                    + " ('R', 'T')")) {
                        while (row.next()) {
                            words.add(row.getString(1));
                        }
                    }
                    return words;
                });
    }

    private static void run(
            String name, MysqlCheck check, MysqlSubject subject, Findings findings) {
        try {
            check.run(subject, findings);
        } catch (SQLException e) {
            findings.warning(
                    FindingCode.CHECK_INCOMPLETE,
                    name,
                    "this could not be looked at to its end ["
                            + e.getSQLState()
                            + "/"
                            + e.getErrorCode()
                            + "]: "
                            + e.getMessage(),
                    "run the assessment again when the server is less busy, or as a user that may"
                            + " read it");
        }
    }

    private Map<String, MysqlCheck> checks() {
        Map<String, MysqlCheck> checks = new LinkedHashMap<>();
        checks.put("the source's version and log", new MysqlServerCheck());
        checks.put("the source user's rights", new MysqlRightsCheck());
        checks.put("the source's own replication", new MysqlReplicationCheck());
        checks.put("how long the source's log is kept", new MysqlRetentionCheck());
        if (source.config().kind() == DatabaseConfig.Kind.MARIADB) {
            checks.put("what only MariaDB has", new MariadbCheck());
        }
        checks.put("tables", new MysqlTableCheck());
        checks.put("names", new MysqlNameCheck(reserved()));
        checks.put("views, triggers, routines and events", new MysqlObjectCheck());
        checks.put("values", new MysqlValueCheck());
        return checks;
    }
}
