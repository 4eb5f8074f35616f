package io.landbridge.assess;

import java.sql.SQLException;
import java.util.List;

/** Types and values that the stream can't carry, or that mean something else at the target. */
final class TypeCheck implements Check {

    /** Columns of the chosen tables with the type at the bottom of domains and arrays. */
    private static final String COLUMNS =
            """
            with recursive used as (
                select quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.'
                       || quote_ident(a.attname) as name, a.atttypid as type
                from unnest(?::text[], ?::text[]) as w (s, t)
                join pg_namespace n on n.nspname = w.s
                join pg_class c on c.relnamespace = n.oid and c.relname = w.t
                join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            ), deep as (
                select name, type from used
                union
                select d.name, x.type
                from deep d
                join pg_type t on t.oid = d.type
                cross join lateral (
                    select t.typbasetype as type where t.typtype = 'd'
                    union all select t.typelem where t.typelem <> 0 and t.typcategory = 'A'
                    union all select r.rngsubtype from pg_range r where r.rngtypid = t.oid
                    union all select a.atttypid from pg_attribute a
                              where t.typtype = 'c' and a.attrelid = t.typrelid
                                and a.attnum > 0 and not a.attisdropped) x
            )
            select d.name || ' ' || format_type(d.type, null)
            from deep d join pg_type t on t.oid = d.type
            where\s
            """;

    private static final String NO_INPUT =
            "t.typname in ('pg_node_tree', 'pg_ndistinct', 'pg_dependencies', 'pg_mcv_list',"
                    + " 'pg_ddl_command', 'pg_brin_bloom_summary',"
                    + " 'pg_brin_minmax_multi_summary') and t.typnamespace ="
                    + " 'pg_catalog'::regnamespace";

    private static final String LOCAL =
            "t.typname in ('oid', 'regclass', 'regproc', 'regprocedure', 'regoper',"
                    + " 'regoperator', 'regtype', 'regconfig', 'regdictionary', 'regrole',"
                    + " 'regnamespace', 'regcollation', 'aclitem', 'xid', 'xid8', 'cid', 'tid',"
                    + " 'pg_lsn', 'pg_snapshot', 'txid_snapshot') and t.typnamespace ="
                    + " 'pg_catalog'::regnamespace";

    private static final String BY_CASE =
            """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ': '
                   || string_agg(quote_ident(a.attname), ', ' order by a.attname)
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            group by n.nspname, c.relname, lower(a.attname)
            having count(*) > 1
            order by 1
            """;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        List<String> unsupported = columns(subject, NO_INPUT);
        if (!unsupported.isEmpty()) {
            findings.blocker(
                    FindingCode.TYPE_UNSUPPORTED,
                    Findings.list(unsupported),
                    "PostgreSQL accepts no value of such a type from outside",
                    "change the column's type to text, or exclude the table");
        }
        List<String> local = columns(subject, LOCAL);
        if (!local.isEmpty()) {
            findings.warning(
                    FindingCode.TYPE_LOCAL,
                    Findings.list(local),
                    "the values are carried as they are, but what they refer to (objects, roles,"
                            + " large objects, log positions) is another thing at the target, or"
                            + " absent, which stops the table where a name is looked up",
                    "see what the application uses them for; store names or keys of your own"
                            + " instead");
        }
        catalogue(subject, findings);
    }

    private static List<String> columns(Subject subject, String which) throws SQLException {
        return subject.source()
                .texts(COLUMNS + which + " order by 1", subject.schemas(), subject.names());
    }

    /** What stops Debezium's own reading of the catalogue, which our capture does without. */
    private static void catalogue(Subject subject, Findings findings) throws SQLException {
        if (!subject.streams()) {
            return;
        }
        traps(
                findings,
                FindingCode.DOMAIN_OVER_ENUM,
                subject.source()
                        .texts(
                                "select d.oid::regtype from pg_type d join pg_type b"
                                        + " on b.oid = d.typbasetype where d.typtype = 'd'"
                                        + " and b.typtype = 'e' order by 1"));
        traps(
                findings,
                FindingCode.ENUM_WITHOUT_LABELS,
                subject.source()
                        .texts(
                                "select t.oid::regtype from pg_type t where t.typtype = 'e' and"
                                        + " not exists (select 1 from pg_enum e where e.enumtypid ="
                                        + " t.oid) order by 1"));
        traps(
                findings,
                FindingCode.COLUMNS_BY_CASE,
                subject.source().texts(BY_CASE, subject.schemas(), subject.names()));
    }

    private static void traps(Findings findings, FindingCode code, List<String> found) {
        if (found.isEmpty()) {
            return;
        }
        findings.add(
                Severity.NOTE,
                code,
                Findings.list(found),
                "carried exactly here; a stock Debezium connector would stop on it",
                "");
    }
}
