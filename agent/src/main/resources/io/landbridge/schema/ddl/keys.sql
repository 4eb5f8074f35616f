-- Primary keys, unique and exclusion constraints.
select 'pg_constraint'::regclass::oid::int8 as class, k.oid::int8 as oid,
       case when k.contype = 'x' then 'EXCLUSION' else 'UNIQUE' end as kind,
       format('%I.%I %I', n.nspname, c.relname, k.conname) as object, c.oid::int8 as relation,
       k.conindid::int8 as key_index,
       format('ALTER TABLE ONLY %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname,
              pg_get_constraintdef(k.oid))
       || case when x.indisclustered
               then format(';ALTER TABLE ONLY %I.%I CLUSTER ON %I', n.nspname, c.relname,
                           i.relname) else '' end as sql
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_index x on x.indexrelid = k.conindid
join pg_class i on i.oid = x.indexrelid
where k.conrelid = any (?) and k.contype in ('p', 'u', 'x')
