-- Foreign keys of the chosen tables to tables that do not move: they stay behind.
select format('foreign key %I of %I.%I refers to table %I.%I, which does not move',
              k.conname, n.nspname, c.relname, rn.nspname, r.relname)
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_class r on r.oid = k.confrelid
join pg_namespace rn on rn.oid = r.relnamespace
where k.contype = 'f' and k.conrelid = any (?) and k.confrelid <> all (?)
  and k.conparentid = 0
order by 1
