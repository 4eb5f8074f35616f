select 0::int8 as class, c.oid::int8 as oid, 'SEQUENCE_OWNER' as kind,
       format('%I.%I', n.nspname, c.relname) as object, t.oid::int8 as relation,
       null::int8 as key_index,
       format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname,
              t.relname, a.attname) as sql
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'a'
    and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
join pg_class t on t.oid = d.refobjid
join pg_namespace tn on tn.oid = t.relnamespace
join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
where d.refobjid = any (?) and c.relkind = 'S'
