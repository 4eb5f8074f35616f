select 'pg_class'::regclass::oid::int8 as class, i.oid::int8 as oid, 'INDEX' as kind,
       format('%I.%I', n.nspname, i.relname) as object, c.oid::int8 as relation,
       i.oid::int8 as key_index,
       pg_get_indexdef(i.oid)
       || case when x.indisclustered
               then format(';ALTER TABLE ONLY %I.%I CLUSTER ON %I', n.nspname, c.relname,
                           i.relname) else '' end
       || coalesce((select string_agg(format(';ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s',
                                             n.nspname, i.relname, a.attnum, a.attstattarget), ''
                                      order by a.attnum)
                    from pg_attribute a
                    where a.attrelid = i.oid and a.attstattarget >= 0), '') as sql
from pg_index x
join pg_class i on i.oid = x.indexrelid
join pg_class c on c.oid = x.indrelid
join pg_namespace n on n.oid = c.relnamespace
where x.indrelid = any (?) and x.indislive and (x.indisvalid or c.relkind = 'p')
  and not exists (select 1 from pg_constraint k
                  where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))
