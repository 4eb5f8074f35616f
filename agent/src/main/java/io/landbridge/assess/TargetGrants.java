package io.landbridge.assess;

import io.landbridge.schema.Sql;
import java.sql.SQLException;
import java.util.List;

/** What the target's role needs. */
final class TargetGrants {

    static final String SCHEMAS =
            """
            select distinct n.nspname from unnest(?::text[]) as w (s)
            join pg_namespace n on n.nspname = w.s order by 1
            """;

    /** Available, absent, and only a superuser may create them. */
    private static final String EXTENSIONS =
            """
            select w.name
            from unnest(?::text[]) as w (name)
            join pg_available_extensions a on a.name = w.name and a.installed_version is null
            join pg_available_extension_versions v
                on v.name = a.name and v.version = a.default_version and not v.trusted
            order by 1
            """;

    private final Subject subject;
    private final GrantLines lines;

    TargetGrants(Subject subject, String role) {
        this.subject = subject;
        this.lines = new GrantLines(subject.target(), role);
    }

    List<String> lines() throws SQLException {
        List<GrantLines.Owned> tables = GrantLines.owned(subject.target(), subject);
        String database = subject.configuration().target().database();
        lines.login(database);
        lines.comment("To make the schema landbridge, where progress is kept, and absent schemas:");
        lines.add("GRANT CREATE ON DATABASE " + Sql.quote(database) + " TO @role");
        String onSchema = subject.creates() ? "GRANT USAGE, CREATE" : "GRANT USAGE";
        for (String schema : subject.target().texts(SCHEMAS, subject.schemas())) {
            lines.add(onSchema + " ON SCHEMA " + Sql.quote(schema) + " TO @role");
        }
        present(tables);
        if (isBound(tables)) {
            lines.comment("Row security would hide rows:");
            lines.add("ALTER ROLE @role BYPASSRLS");
        }
        lines.comment("To write rows without setting off triggers and foreign keys again:");
        lines.silentWrites();
        if (subject.creates()) {
            extensions();
        }
        if (subject.wayBack()) {
            lines.comment("For the way back after the cutover (cutover.observe):");
            lines.replication();
        }
        return lines.lines();
    }

    private void present(List<GrantLines.Owned> tables) {
        if (owns()) {
            lines.ownership(
                    tables,
                    "Only an owner may rebuild a table's indexes and keys, set its sequences, or"
                            + " publish it:");
        } else {
            for (GrantLines.Owned table : tables) {
                lines.add(
                        "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON "
                                + table.quoted()
                                + " TO @role");
            }
            for (String schema :
                    tables.stream().map(GrantLines.Owned::schema).distinct().toList()) {
                lines.add(
                        "GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA "
                                + Sql.quote(schema)
                                + " TO @role");
            }
        }
    }

    /**
     * It doesn't bind owners, unless it is forced; tables that are made get that at the cutover,
     * and are read behind it for the way back.
     */
    private boolean isBound(List<GrantLines.Owned> present) throws SQLException {
        boolean forcedLater =
                subject.wayBack()
                        && GrantLines.owned(subject.source(), subject).stream()
                                .anyMatch(GrantLines.Owned::isForced);
        return forcedLater
                || present.stream()
                        .anyMatch(table -> table.isForced() || (table.rowSecurity() && !owns()));
    }

    /** Whether the role becomes a member of the owners of tables that are there. */
    private boolean owns() {
        boolean rebuilds = subject.loads() && subject.configuration().schema().rebuildIndexes();
        return rebuilds || subject.wayBack();
    }

    private void extensions() throws SQLException {
        List<String> needed = subject.schema().get().extensions();
        for (String extension : subject.target().texts(EXTENSIONS, needed)) {
            lines.add("CREATE EXTENSION " + Sql.quote(extension));
        }
    }
}
