select 0::int8 as class, c.oid::int8 as oid, 'ATTACH' as kind,
       format('%I.%I', n.nspname, c.relname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname,
              c.relname, pg_get_expr(c.relpartbound, c.oid)) as sql
from (select ?::oid[] as oids) w
join pg_class c on c.oid = any (w.oids) and c.relispartition and c.relkind in ('r', 'p')
join pg_namespace n on n.oid = c.relnamespace
join pg_inherits i on i.inhrelid = c.oid and i.inhparent = any (w.oids)
join pg_class p on p.oid = i.inhparent
join pg_namespace pn on pn.oid = p.relnamespace
