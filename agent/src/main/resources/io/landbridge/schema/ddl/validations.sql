select 0::int8 as class, k.oid::int8 as oid, 'VALIDATION' as kind,
       format('%I.%I %I', n.nspname, c.relname, k.conname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I', n.nspname, c.relname, k.conname) as sql
from (select ?::oid[] as oids) w
join pg_constraint k on k.conrelid = any (w.oids) and k.contype = 'f' and k.conparentid = 0
    and k.confrelid = any (w.oids) and k.convalidated
join pg_class c on c.oid = k.conrelid and c.relkind <> 'p'
join pg_namespace n on n.oid = c.relnamespace
