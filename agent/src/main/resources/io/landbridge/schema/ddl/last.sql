-- What would also fire for, or bind, the applier: made when it has ended.
select 0::int8 as class, g.oid::int8 as oid, 'LAST' as kind,
       format('%I.%I %I', n.nspname, c.relname, g.tgname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('ALTER TABLE %I.%I ENABLE %s TRIGGER %I', n.nspname, c.relname,
              case g.tgenabled when 'A' then 'ALWAYS' else 'REPLICA' end, g.tgname) as sql
from (select ?::oid[] as oids) w
join pg_trigger g on g.tgrelid = any (w.oids) and not g.tgisinternal and g.tgenabled in ('A', 'R')
    and coalesce((to_jsonb(g) ->> 'tgparentid')::oid, 0) = 0
join pg_class c on c.oid = g.tgrelid
join pg_namespace n on n.oid = c.relnamespace
where g.tgname !~ '^landbridge_'
union all
select 0::int8, r.oid::int8, 'LAST', format('%I.%I %I', n.nspname, c.relname, r.rulename),
       c.oid::int8, null::int8,
       format('ALTER TABLE %I.%I ENABLE %s RULE %I', n.nspname, c.relname,
              case r.ev_enabled when 'A' then 'ALWAYS' else 'REPLICA' end, r.rulename)
from (select ?::oid[] as oids) w
join pg_rewrite r on r.ev_class = any (w.oids) and r.ev_enabled in ('A', 'R')
join pg_class c on c.oid = r.ev_class
join pg_namespace n on n.oid = c.relnamespace
union all
select 0::int8, c.oid::int8, 'LAST', format('%I.%I', n.nspname, c.relname), c.oid::int8,
       null::int8,
       format('ALTER TABLE %I.%I FORCE ROW LEVEL SECURITY', n.nspname, c.relname)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.oid = any (?) and c.relforcerowsecurity
