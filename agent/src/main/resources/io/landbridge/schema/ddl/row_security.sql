select 0::int8 as class, c.oid::int8 as oid, 'ROW_SECURITY' as kind,
       format('%I.%I', n.nspname, c.relname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', n.nspname, c.relname) as sql
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.oid = any (?) and c.relrowsecurity
