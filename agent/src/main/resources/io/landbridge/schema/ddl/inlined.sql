-- What stands within CREATE TABLE: checks, and generated columns' expressions.
select 'pg_constraint'::regclass::oid::int8 as class, k.oid::int8 as oid, k.conrelid::int8 as relation
from (select ?::oid[] as oids) w
join pg_constraint k on k.conrelid = any (w.oids) and k.contype = 'c' and k.convalidated
union all
select 'pg_attrdef'::regclass::oid::int8, d.oid::int8, d.adrelid::int8
from pg_attrdef d
join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum and a.attgenerated <> ''
where d.adrelid = any (?)
