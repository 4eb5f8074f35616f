package io.landbridge.assess;

import io.landbridge.schema.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the source's user may not do and must, with the SQL that grants it. */
final class SourceRightsCheck implements Check {

    /** Managed services give replication through membership in a role of theirs. */
    static final String REPLICATES =
            "select r.rolsuper or r.rolreplication or exists (select 1 from pg_roles m"
                    + " where m.rolname in ('rds_replication', 'cloudsqlsuperuser',"
                    + " 'azure_pg_admin') and pg_has_role(r.oid, m.oid, 'member'))"
                    + " from pg_roles r where r.rolname = current_user";

    private static final String TABLES =
            """
            select n.nspname, c.relname, has_schema_privilege(n.oid, 'usage'),
                   has_table_privilege(c.oid, 'select') and not exists (
                       select from pg_depend d join pg_class s on s.oid = d.objid
                       where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
                         and d.classid = 'pg_class'::regclass
                         and case when s.relkind = 'S'
                                  then not has_sequence_privilege(s.oid, 'select') end),
                   pg_has_role(c.relowner, 'usage'), pg_get_userbyid(c.relowner),
                   c.relrowsecurity and not (select rolbypassrls or rolsuper from pg_roles
                                             where rolname = current_user)
                       and (c.relforcerowsecurity or not pg_has_role(c.relowner, 'usage'))
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            """;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        Inquiry source = subject.source();
        String user = Sql.quote(source.text("select current_user"));
        if (subject.streams()) {
            if (!source.flag(REPLICATES)) {
                findings.blocker(
                        FindingCode.SOURCE_ROLE,
                        "role " + user,
                        "it may not read the source's log",
                        "ALTER ROLE " + user + " REPLICATION");
            }
            if (!source.flag("select has_database_privilege(current_database(), 'create')")) {
                findings.blocker(
                        FindingCode.SOURCE_RIGHTS,
                        "database " + subject.configuration().source().database(),
                        "the user may not create the publication",
                        "GRANT CREATE ON DATABASE "
                                + Sql.quote(subject.configuration().source().database())
                                + " TO "
                                + user);
            }
        }
        if (!source.flag(
                "select rolsuper or pg_has_role('pg_read_all_stats', 'member')"
                        + " from pg_roles where rolname = current_user")) {
            findings.note(
                    FindingCode.SOURCE_VISIBILITY,
                    "role " + user,
                    "it does not see other users' sessions: who blocks the fence, or holds an old"
                            + " transaction open, stays unknown",
                    "GRANT pg_read_all_stats TO " + user);
        }
        tables(subject, user, findings);
    }

    private static void tables(Subject subject, String user, Findings findings)
            throws SQLException {
        Map<String, List<String>> unusable = new TreeMap<>();
        Map<String, List<String>> unreadable = new TreeMap<>();
        Map<String, List<String>> foreign = new TreeMap<>();
        for (Inquiry.Row row : subject.source().rows(TABLES, subject.schemas(), subject.names())) {
            String schema = Sql.quote(row.text(1));
            String table = schema + "." + Sql.quote(row.text(2));
            if (!row.flag(3)) {
                add(unusable, schema, schema);
            }
            if (!row.flag(4)) {
                add(unreadable, schema, table);
            }
            if (!row.flag(5)) {
                add(foreign, row.text(6), table);
            }
            if (row.flag(7)) {
                findings.blocker(
                        FindingCode.ROW_SECURITY,
                        table,
                        "row security hides rows of it from the user: they would not be copied",
                        "ALTER ROLE " + user + " BYPASSRLS");
            }
        }
        unusable.forEach(
                (schema, all) ->
                        findings.blocker(
                                FindingCode.SOURCE_RIGHTS,
                                "schema " + schema,
                                "the user may not use it",
                                "GRANT USAGE ON SCHEMA " + schema + " TO " + user));
        unreadable.forEach(
                (schema, all) ->
                        findings.blocker(
                                FindingCode.SOURCE_RIGHTS,
                                Findings.list(all),
                                "the user may not read them, or their sequences",
                                "GRANT SELECT ON ALL TABLES IN SCHEMA "
                                        + schema
                                        + " TO "
                                        + user
                                        + "; GRANT SELECT ON ALL SEQUENCES IN SCHEMA "
                                        + schema
                                        + " TO "
                                        + user));
        if (subject.streams()) {
            foreign.forEach(
                    (owner, all) ->
                            findings.blocker(
                                    FindingCode.SOURCE_OWNERSHIP,
                                    Findings.list(all),
                                    "only a table's owner may publish it, or fence it at cutover",
                                    "GRANT " + Sql.quote(owner) + " TO " + user));
        }
    }

    private static void add(Map<String, List<String>> lists, String key, String value) {
        lists.computeIfAbsent(key, none -> new java.util.ArrayList<>()).add(value);
    }
}
