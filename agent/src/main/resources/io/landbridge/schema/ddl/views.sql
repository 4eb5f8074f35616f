select 'pg_class'::regclass::oid::int8 as class, c.oid::int8 as oid,
       case c.relkind when 'v' then 'VIEW' else 'MATERIALIZED_VIEW' end as kind,
       format('%I.%I', n.nspname, c.relname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('CREATE %s %I.%I%s AS %s%s',
              case c.relkind when 'v' then 'VIEW' else 'MATERIALIZED VIEW' end, n.nspname,
              c.relname, coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''),
              rtrim(pg_get_viewdef(c.oid), '; '),
              case c.relkind when 'm' then ' WITH NO DATA' else '' end) as sql
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.oid = any (?) and c.relkind in ('v', 'm')
