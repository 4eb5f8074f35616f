select 0::int8 as class, i.oid::int8 as oid, 'INDEX_ATTACH' as kind,
       format('%I.%I', n.nspname, i.relname) as object, x.indrelid::int8 as relation,
       i.oid::int8 as key_index,
       format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, n.nspname,
              i.relname) as sql
from (select ?::oid[] as oids) w
join pg_index x on x.indrelid = any (w.oids)
join pg_class i on i.oid = x.indexrelid
join pg_namespace n on n.oid = i.relnamespace
join pg_inherits h on h.inhrelid = i.oid
join pg_class p on p.oid = h.inhparent
join pg_namespace pn on pn.oid = p.relnamespace
join pg_index px on px.indexrelid = p.oid and px.indrelid = any (w.oids)
