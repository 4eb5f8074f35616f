-- What stands by itself, to be chosen by its name.
select 'pg_class'::regclass::oid::int8 as class, c.oid::int8 as oid, n.nspname, c.relname
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('v', 'm', 'S') and c.relpersistence <> 't' and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'landbridge')
  and not exists (select 1 from pg_depend d
                  where d.classid = 'pg_class'::regclass and d.objid = c.oid
                    and (d.deptype = 'e' or (c.relkind = 'S' and d.deptype in ('a', 'i'))))
union all
select 'pg_proc'::regclass::oid::int8, p.oid::int8, n.nspname, p.proname
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where p.oid >= 16384 and n.nspname !~ '^pg_'
  and n.nspname not in ('information_schema', 'landbridge')
  and not exists (select 1 from pg_depend d
                  where d.classid = 'pg_proc'::regclass and d.objid = p.oid
                    and d.deptype in ('e', 'i'))
  and p.proname !~ '^landbridge_'
union all
select 'pg_type'::regclass::oid::int8, t.oid::int8, n.nspname, t.typname
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_class c on c.oid = t.typrelid
where t.oid >= 16384 and n.nspname !~ '^pg_'
  and n.nspname not in ('information_schema', 'landbridge')
  and (t.typtype in ('e', 'd', 'r', 'b') or c.relkind = 'c')
  and not exists (select 1 from pg_depend d
                  where d.classid = 'pg_type'::regclass and d.objid = t.oid
                    and d.deptype in ('e', 'i'))
