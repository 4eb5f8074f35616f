select 'pg_extension'::regclass::oid::int8 as class, e.oid::int8 as oid, 'EXTENSION' as kind,
       format('%I', e.extname) as object, null::int8 as relation, null::int8 as key_index,
       format('CREATE EXTENSION %I WITH SCHEMA %I', e.extname, n.nspname) as sql
from pg_extension e
join pg_namespace n on n.oid = e.extnamespace
where e.oid = any (?)
