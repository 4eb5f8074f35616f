select 0::int8 as class, c.oid::int8 as oid, 'REFRESH' as kind,
       format('%I.%I', n.nspname, c.relname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('REFRESH MATERIALIZED VIEW %I.%I', n.nspname, c.relname) as sql
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.oid = any (?) and c.relkind = 'm' and c.relispopulated
