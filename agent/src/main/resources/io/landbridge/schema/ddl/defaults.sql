select 'pg_attrdef'::regclass::oid::int8 as class, d.oid::int8 as oid, 'DEFAULT' as kind,
       format('%I.%I.%I', n.nspname, c.relname, a.attname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('ALTER %s %I.%I ALTER COLUMN %I SET DEFAULT %s',
              case when c.relkind = 'v' then 'VIEW' else 'TABLE ONLY' end, n.nspname, c.relname,
              a.attname, pg_get_expr(d.adbin, d.adrelid)) as sql
from pg_attrdef d
join pg_class c on c.oid = d.adrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
where d.adrelid = any (?) and a.attgenerated = ''
