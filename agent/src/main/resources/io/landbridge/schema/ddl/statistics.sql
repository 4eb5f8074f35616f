select 'pg_statistic_ext'::regclass::oid::int8 as class, s.oid::int8 as oid, 'STATISTICS' as kind,
       format('%I.%I', n.nspname, s.stxname) as object, s.stxrelid::int8 as relation,
       null::int8 as key_index, pg_get_statisticsobjdef(s.oid) as sql
from pg_statistic_ext s
join pg_namespace n on n.oid = s.stxnamespace
where s.stxrelid = any (?)
