package io.landbridge.assess;

import io.landbridge.schema.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What the target's user may not do and must, with the SQL that grants it. */
final class TargetRightsCheck implements Check {

    private static final String SCHEMAS =
            """
            select distinct w.s, n.oid is not null,
                   n.oid is not null and has_schema_privilege(n.oid, 'usage'),
                   n.oid is not null and has_schema_privilege(n.oid, 'create')
            from unnest(?::text[]) as w (s)
            left join pg_namespace n on n.nspname = w.s
            order by 1
            """;

    private static final String TABLES =
            """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname),
                   has_table_privilege(c.oid, 'select')
                       and has_table_privilege(c.oid, 'insert')
                       and has_table_privilege(c.oid, 'update')
                       and has_table_privilege(c.oid, 'delete')
                       and has_table_privilege(c.oid, 'truncate'),
                   pg_has_role(c.relowner, 'usage'), quote_ident(pg_get_userbyid(c.relowner)),
                   c.relrowsecurity and not (select rolbypassrls or rolsuper from pg_roles
                                             where rolname = current_user)
                       and (c.relforcerowsecurity or not pg_has_role(c.relowner, 'usage'))
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            """;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        Inquiry target = subject.target();
        String user = Sql.quote(target.text("select current_user"));
        String database = Sql.quote(subject.configuration().target().database());
        boolean createsSchemas =
                target.flag("select has_database_privilege(current_database(), 'create')");
        if (!createsSchemas
                && !target.flag(
                        "select coalesce((select has_schema_privilege(oid, 'create')"
                                + " from pg_namespace where nspname = 'landbridge'), false)")) {
            findings.blocker(
                    FindingCode.TARGET_RIGHTS,
                    "database " + database,
                    "the user may not create the schema landbridge, where progress is kept",
                    "GRANT CREATE ON DATABASE " + database + " TO " + user);
        }
        if (subject.creates()) {
            schemas(subject, user, database, createsSchemas, findings);
        }
        tables(subject, user, findings);
        triggers(target, user, findings);
        if (subject.wayBack()) {
            wayBack(subject, user, findings);
        }
    }

    private static void schemas(
            Subject subject,
            String user,
            String database,
            boolean createsSchemas,
            Findings findings)
            throws SQLException {
        List<String> absent = new ArrayList<>();
        for (Inquiry.Row row : subject.target().rows(SCHEMAS, subject.schemas())) {
            String schema = Sql.quote(row.text(1));
            if (!row.flag(2)) {
                absent.add(schema);
            } else if (!row.flag(3) || !row.flag(4)) {
                findings.blocker(
                        FindingCode.TARGET_RIGHTS,
                        "schema " + schema,
                        "the user may not create tables in it",
                        "GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + user);
            }
        }
        if (!absent.isEmpty() && !createsSchemas) {
            findings.blocker(
                    FindingCode.TARGET_RIGHTS,
                    "schemas " + Findings.list(absent),
                    "they are absent, and the user may not create them",
                    "GRANT CREATE ON DATABASE " + database + " TO " + user);
        }
    }

    private static void tables(Subject subject, String user, Findings findings)
            throws SQLException {
        for (Inquiry.Row row : subject.target().rows(TABLES, subject.schemas(), subject.names())) {
            if (!row.flag(2)) {
                findings.blocker(
                        FindingCode.TARGET_RIGHTS,
                        row.text(1),
                        "the user may not write to it",
                        "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON "
                                + row.text(1)
                                + " TO "
                                + user);
            }
            if (!row.flag(3)
                    && subject.loads()
                    && subject.configuration().schema().rebuildIndexes()) {
                findings.blocker(
                        FindingCode.TARGET_RIGHTS,
                        row.text(1),
                        "only its owner may drop and make its indexes and foreign keys",
                        "GRANT "
                                + row.text(4)
                                + " TO "
                                + user
                                + ", or set schema.rebuild-indexes: false");
            }
            if (row.flag(5)) {
                findings.blocker(
                        FindingCode.ROW_SECURITY,
                        row.text(1) + " at the target",
                        "row security binds the user's writes",
                        "ALTER ROLE " + user + " BYPASSRLS");
            }
        }
    }

    /** Tried where it can be asked only from 15 on: targets are that new. */
    private static void triggers(Inquiry target, String user, Findings findings)
            throws SQLException {
        if (!target.flag(
                "select case when current_setting('server_version_num')::int >= 150000 then"
                        + " has_parameter_privilege('session_replication_role', 'set')"
                        + " else (select rolsuper from pg_roles where rolname = current_user)"
                        + " end")) {
            findings.blocker(
                    FindingCode.TARGET_TRIGGER_RIGHTS,
                    "role " + user,
                    "it may not set session_replication_role: triggers and foreign keys would act"
                            + " on rows that the source's have acted on already",
                    "GRANT SET ON PARAMETER session_replication_role TO " + user);
        }
    }

    /**
     * Row security that is forced on owners comes with the cutover; behind it rows are compared.
     */
    private static void wayBack(Subject subject, String user, Findings findings)
            throws SQLException {
        if (subject.target()
                .flag(
                        "select rolbypassrls or rolsuper from pg_roles where rolname ="
                                + " current_user")) {
            return;
        }
        List<String> forced =
                GrantLines.owned(subject.source(), subject).stream()
                        .filter(GrantLines.Owned::isForced)
                        .map(GrantLines.Owned::quoted)
                        .toList();
        if (!forced.isEmpty()) {
            findings.blocker(
                    FindingCode.ROW_SECURITY,
                    Findings.list(forced) + " at the target",
                    "row security is forced on owners there from the cutover on and would hide rows"
                            + " from the user: no rollback could be proven",
                    "ALTER ROLE " + user + " BYPASSRLS");
        }
    }
}
