select 'pg_rewrite'::regclass::oid::int8 as class, r.oid::int8 as oid, 'RULE' as kind,
       format('%I.%I %I', n.nspname, c.relname, r.rulename) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       pg_get_ruledef(r.oid)
       || case when r.ev_enabled = 'D'
               then format('ALTER TABLE %I.%I DISABLE RULE %I', n.nspname, c.relname, r.rulename)
               else '' end as sql
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
join pg_namespace n on n.oid = c.relnamespace
where r.ev_class = any (?) and r.rulename <> '_RETURN'
