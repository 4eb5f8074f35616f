-- Checks that old rows need not pass.
select 'pg_constraint'::regclass::oid::int8 as class, k.oid::int8 as oid, 'CHECK' as kind,
       format('%I.%I %I', n.nspname, c.relname, k.conname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname,
              pg_get_constraintdef(k.oid)) as sql
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where k.conrelid = any (?) and k.contype = 'c' and not k.convalidated and k.conislocal
