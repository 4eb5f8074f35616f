select k.oid::int8 as oid, c.oid::int8 as relation,
       format('%I.%I %I', n.nspname, c.relname, k.conname) as object,
       format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, c.relname, k.conname) as drop,
       format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s%s',
              case when c.relkind = 'p' then '' else 'ONLY ' end, n.nspname, c.relname, k.conname,
              pg_get_constraintdef(k.oid),
              case when k.convalidated and c.relkind <> 'p' then ' NOT VALID' else '' end) as add,
       case when k.convalidated and c.relkind <> 'p'
            then format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I', n.nspname, c.relname,
                        k.conname) else '' end as validate
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where k.conrelid = any (?) and k.contype = 'f' and k.conparentid = 0
order by 1
