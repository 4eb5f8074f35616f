select d.classoid::int8 as class, d.objoid::int8 as oid, 'COMMENT' as kind,
       o.type || ' ' || o.identity as object, d.relation::int8 as relation,
       null::int8 as key_index,
       format('COMMENT ON %s %s IS %L',
              case o.type
                  when 'table column' then 'COLUMN'
                  when 'view column' then 'COLUMN'
                  when 'materialized view column' then 'COLUMN'
                  when 'composite type column' then 'COLUMN'
                  when 'composite type' then 'TYPE'
                  when 'table constraint' then 'CONSTRAINT'
                  when 'statistics object' then 'STATISTICS'
                  else upper(o.type) end,
              o.identity, d.description) as sql
from (
    select d.*, case when d.classoid = 'pg_class'::regclass
                     then coalesce(x.indrelid, case when c.relkind in ('r', 'p', 'v', 'm')
                                                    then c.oid end)
                     else coalesce(k.conrelid, g.tgrelid, r.ev_class, p.polrelid, s.stxrelid)
                end as relation
    from unnest(?::oid[], ?::oid[]) as w (class, oid)
    join pg_description d on d.classoid = w.class and d.objoid = w.oid
    left join pg_class c on d.classoid = 'pg_class'::regclass and c.oid = d.objoid
    left join pg_index x on d.classoid = 'pg_class'::regclass and x.indexrelid = d.objoid
    left join pg_constraint k on d.classoid = 'pg_constraint'::regclass and k.oid = d.objoid
    left join pg_trigger g on d.classoid = 'pg_trigger'::regclass and g.oid = d.objoid
    left join pg_rewrite r on d.classoid = 'pg_rewrite'::regclass and r.oid = d.objoid
    left join pg_policy p on d.classoid = 'pg_policy'::regclass and p.oid = d.objoid
    left join pg_statistic_ext s on d.classoid = 'pg_statistic_ext'::regclass and s.oid = d.objoid
) d
cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) o
where o.type in ('table', 'table column', 'view', 'view column', 'materialized view',
                 'materialized view column', 'composite type', 'composite type column', 'type',
                 'sequence', 'index', 'function', 'procedure', 'schema', 'table constraint',
                 'trigger', 'rule', 'policy', 'statistics object')
