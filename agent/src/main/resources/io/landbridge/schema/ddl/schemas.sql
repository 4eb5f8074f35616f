-- Parameter of every query here: OIDs of the objects (or of the relations that they belong to).
select 'pg_namespace'::regclass::oid::int8 as class, n.oid::int8 as oid, 'SCHEMA' as kind,
       format('%I', n.nspname) as object, null::int8 as relation, null::int8 as key_index,
       format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) as sql
from pg_namespace n
where n.oid = any (?) and n.nspname <> 'public'
