package io.landbridge.assess;

import io.landbridge.schema.Sql;
import java.sql.SQLException;
import java.util.List;

/** Extensions and collations that chosen tables need, and the target may lack. */
final class ExtensionCheck implements Check {

    private static final String AT_TARGET =
            """
            select w.name, e.extversion, a.default_version,
                   coalesce(v.trusted, false)
                       or (select rolsuper from pg_roles where rolname = current_user)
            from unnest(?::text[]) as w (name)
            left join pg_extension e on e.extname = w.name
            left join pg_available_extensions a on a.name = w.name
            left join pg_available_extension_versions v
                on v.name = a.name and v.version = a.default_version
            order by 1
            """;

    private static final String COLLATIONS =
            """
            select distinct l.collname
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            join pg_collation l on l.oid = a.attcollation
            where l.collnamespace = 'pg_catalog'::regnamespace
              and l.collname not in ('default', 'C', 'POSIX')
            """;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        List<String> needed = subject.schema().get().extensions();
        for (Inquiry.Row row : subject.target().rows(AT_TARGET, needed)) {
            extension(subject, row, findings);
        }
        List<String> used = subject.source().texts(COLLATIONS, subject.schemas(), subject.names());
        List<String> absent =
                subject.target()
                        .texts(
                                "select w.name from unnest(?::text[]) as w (name) where not exists"
                                        + " (select 1 from pg_collation l where l.collname ="
                                        + " w.name and l.collnamespace ="
                                        + " 'pg_catalog'::regnamespace)",
                                used);
        if (!absent.isEmpty()) {
            findings.blocker(
                    FindingCode.COLLATION_MISSING,
                    Findings.list(absent),
                    "columns are sorted by these collations, which the target lacks",
                    "install the locales on the target's machine and SELECT"
                            + " pg_import_system_collations('pg_catalog')");
        }
    }

    private static void extension(Subject subject, Inquiry.Row row, Findings findings)
            throws SQLException {
        String name = row.text(1);
        String create = "CREATE EXTENSION " + Sql.quote(name);
        if (row.text(2) == null && row.text(3) == null) {
            findings.blocker(
                    FindingCode.EXTENSION_MISSING,
                    name,
                    "chosen tables need it, and the target's machine does not have it",
                    "install it there, then " + create);
        } else if (row.text(2) == null && (!subject.creates() || !row.flag(4))) {
            findings.blocker(
                    FindingCode.EXTENSION_MISSING,
                    name,
                    "chosen tables need it; it is available at the target, but not created, and we"
                            + " may not create it",
                    "as superuser: " + create);
        } else if (row.text(2) == null) {
            findings.note(
                    FindingCode.EXTENSION_MISSING,
                    name,
                    "chosen tables need it; it will be created in version " + row.text(3),
                    "");
        } else {
            version(subject, name, row.text(2), findings);
        }
    }

    private static void version(Subject subject, String name, String there, Findings findings)
            throws SQLException {
        String here =
                subject.source()
                        .text("select extversion from pg_extension where extname = ?", name);
        if (!here.equals(there)) {
            findings.note(
                    FindingCode.EXTENSION_VERSION,
                    name,
                    "version " + here + " at the source, " + there + " at the target",
                    "ALTER EXTENSION " + Sql.quote(name) + " UPDATE where it is the older one");
        }
    }
}
