package io.landbridge.schema;

import io.landbridge.testkit.TestDatabase;
import java.util.List;

/** A database's schema as sorted lines, read without the product's code. */
public final class SchemaText {

    private static final List<String> QUERIES =
            List.of(
                    """
                    select 'column', c.oid::regclass, a.attnum, a.attname,
                           format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                           a.attgenerated, pg_get_expr(d.adbin, d.adrelid), (select l.collname from pg_collation l where l.oid = a.attcollation),
                           a.attstorage, nullif(a.attstattarget, -1)
                    from pg_class c join pg_attribute a on a.attrelid = c.oid
                    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
                    where c.relkind in ('r', 'p', 'v', 'm', 'c') and a.attnum > 0
                      and not a.attisdropped and %s
                    """,
                    """
                    select 'relation', c.oid::regclass, c.relkind, c.relreplident, c.reloptions,
                           c.relrowsecurity, c.relforcerowsecurity, pg_get_partkeydef(c.oid),
                           pg_get_expr(c.relpartbound, c.oid), c.reloftype::regtype,
                           (select array_agg(i.inhparent::regclass::text order by i.inhseqno)
                            from pg_inherits i where i.inhrelid = c.oid)
                    from pg_class c where c.relkind in ('r', 'p', 'v', 'm') and %s
                    """,
                    """
                    select 'constraint', k.conrelid::regclass, k.contypid::regtype, k.conname,
                           pg_get_constraintdef(k.oid), k.convalidated
                    from pg_constraint k
                    left join pg_class c on c.oid = k.conrelid
                    left join pg_type t on t.oid = k.contypid
                    where k.contype <> 't'
                      and (%s or t.typnamespace in (select oid from pg_namespace n where %2$s))
                    """,
                    """
                    select 'index', pg_get_indexdef(x.indexrelid), x.indisclustered, x.indisvalid,
                           x.indisreplident, i.inhparent::regclass
                    from pg_index x join pg_class c on c.oid = x.indrelid
                    left join pg_inherits i on i.inhrelid = x.indexrelid where %s
                    """,
                    """
                    select 'trigger', pg_get_triggerdef(g.oid), g.tgenabled
                    from pg_trigger g join pg_class c on c.oid = g.tgrelid
                    where not g.tgisinternal and %s
                      and coalesce((to_jsonb(g) ->> 'tgparentid')::oid, 0) = 0
                    """,
                    """
                    select 'rule', regexp_replace(pg_get_ruledef(r.oid), '\\m(orders|v)\\.|\\s', '', 'g'),
                           r.ev_enabled
                    from pg_rewrite r join pg_class c on c.oid = r.ev_class where %s
                    """,
                    """
                    select 'policy', c.oid::regclass, p.polname, p.polcmd,
                           pg_get_expr(p.polqual, p.polrelid)
                    from pg_policy p join pg_class c on c.oid = p.polrelid where %s
                    """,
                    """
                    select 'sequence', c.oid::regclass, s.seqtypid::regtype, s.seqstart,
                           s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
                           d.refobjid::regclass, d.refobjsubid
                    from pg_sequence s join pg_class c on c.oid = s.seqrelid
                    left join pg_depend d on d.objid = c.oid and d.deptype in ('a', 'i')
                        and d.classid = 'pg_class'::regclass
                    where %s
                    """,
                    "select 'statistics', pg_get_statisticsobjdef(s.oid) from pg_statistic_ext s"
                            + " join pg_class c on c.oid = s.stxrelid where %s",
                    """
                    select 'function', replace(pg_get_functiondef(p.oid), '(IN x', '(x')
                    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                    where p.prokind in ('f', 'p') and %2$s and not exists
                        (select 1 from pg_depend d where d.objid = p.oid and d.deptype in ('e', 'i'))
                    """,
                    """
                    select 'type', t.oid::regtype, t.typtype, t.typdefault, t.typbasetype::regtype,
                           (select array_agg(e.enumlabel::text order by e.enumsortorder)
                            from pg_enum e where e.enumtypid = t.oid)
                    from pg_type t join pg_namespace n on n.oid = t.typnamespace
                    where t.typtype in ('e', 'd', 'r') and %2$s
                    """,
                    """
                    select 'comment', (pg_identify_object(d.classoid, d.objoid, d.objsubid)).identity,
                           d.description
                    from pg_description d
                    where d.objoid >= 16384
                      and (pg_identify_object(d.classoid, d.objoid, d.objsubid)).type <> 'extension'
                    """);

    private SchemaText() {}

    /** What the schemas whose names match {@code schemas}, a regular expression, hold. */
    public static List<String> of(TestDatabase database, String schemas) {
        String name = "n.nspname ~ '^(" + schemas + ")$'";
        String relation = "c.relnamespace in (select n.oid from pg_namespace n where " + name + ")";
        return QUERIES.stream()
                .flatMap(
                        query ->
                                database
                                        .rows(query.replace("%2$s", name).replace("%s", relation))
                                        .stream()
                                        .sorted())
                .toList();
    }
}
