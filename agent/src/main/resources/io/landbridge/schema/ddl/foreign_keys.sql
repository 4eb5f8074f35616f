select 'pg_constraint'::regclass::oid::int8 as class, k.oid::int8 as oid, 'FOREIGN_KEY' as kind,
       format('%I.%I %I', n.nspname, c.relname, k.conname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s%s',
              case when c.relkind = 'p' then '' else 'ONLY ' end, n.nspname, c.relname, k.conname,
              pg_get_constraintdef(k.oid),
              case when k.convalidated and c.relkind <> 'p' then ' NOT VALID' else '' end) as sql
from (select ?::oid[] as oids) w
join pg_constraint k on k.conrelid = any (w.oids) and k.contype = 'f' and k.conparentid = 0
    and k.confrelid = any (w.oids)
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
