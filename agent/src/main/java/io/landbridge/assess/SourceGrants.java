package io.landbridge.assess;

import io.landbridge.schema.Sql;
import java.sql.SQLException;
import java.util.List;

/** What the source's role needs. */
final class SourceGrants {

    private static final String SEQUENCES =
            """
            select distinct quote_ident(n.nspname) || '.' || quote_ident(s.relname)
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
                and d.classid = 'pg_class'::regclass
            join pg_class s on s.oid = d.objid and s.relkind = 'S'
            order by 1
            """;

    private final Subject subject;
    private final GrantLines lines;

    SourceGrants(Subject subject, String role) {
        this.subject = subject;
        this.lines = new GrantLines(subject.source(), role);
    }

    List<String> lines() throws SQLException {
        List<GrantLines.Owned> tables = GrantLines.owned(subject.source(), subject);
        String database = subject.configuration().source().database();
        lines.login(database);
        for (String schema : subject.schemas().stream().distinct().sorted().toList()) {
            lines.add("GRANT USAGE ON SCHEMA " + Sql.quote(schema) + " TO @role");
        }
        if (subject.streams()) {
            lines.comment("To read the log, and to make the publication and the fence's schema:");
            lines.replication();
            lines.add("GRANT CREATE ON DATABASE " + Sql.quote(database) + " TO @role");
            lines.ownership(
                    tables, "Only a table's owner may read, publish and fence it as a whole:");
        } else {
            select(tables);
        }
        if (tables.stream().anyMatch(this::hidesRows)) {
            lines.comment("Row security would hide rows:");
            lines.add("ALTER ROLE @role BYPASSRLS");
        }
        if (subject.wayBack()) {
            lines.comment("For the way back after the cutover (cutover.observe):");
            lines.silentWrites();
        }
        lines.comment(
                "To name who blocks the fence or holds an old transaction open (may be left out):");
        lines.add("GRANT pg_read_all_stats TO @role");
        return lines.lines();
    }

    private void select(List<GrantLines.Owned> tables) throws SQLException {
        tables.forEach(table -> lines.add("GRANT SELECT ON " + table.quoted() + " TO @role"));
        for (String sequence :
                subject.source().texts(SEQUENCES, subject.schemas(), subject.names())) {
            lines.add("GRANT SELECT ON SEQUENCE " + sequence + " TO @role");
        }
    }

    /** It doesn't bind members of the owner, unless it is forced. */
    private boolean hidesRows(GrantLines.Owned table) {
        return table.isForced() || (table.rowSecurity() && !subject.streams());
    }
}
