select 'pg_trigger'::regclass::oid::int8 as class, g.oid::int8 as oid, 'TRIGGER' as kind,
       format('%I.%I %I', n.nspname, c.relname, g.tgname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       pg_get_triggerdef(g.oid)
       || case when g.tgenabled = 'D'
               then format(';ALTER TABLE %I.%I DISABLE TRIGGER %I', n.nspname, c.relname, g.tgname)
               else '' end as sql
from pg_trigger g
join pg_class c on c.oid = g.tgrelid
join pg_namespace n on n.oid = c.relnamespace
where g.tgrelid = any (?) and not g.tgisinternal
  and coalesce((to_jsonb(g) ->> 'tgparentid')::oid, 0) = 0
  and g.tgname !~ '^landbridge_'
