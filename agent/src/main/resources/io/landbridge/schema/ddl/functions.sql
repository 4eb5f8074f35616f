select 'pg_proc'::regclass::oid::int8 as class, p.oid::int8 as oid,
       case p.prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end as kind,
       (pg_identify_object('pg_proc'::regclass, p.oid, 0)).identity as object,
       null::int8 as relation, null::int8 as key_index,
       case when p.prokind <> 'a'
            then 'CREATE ' || substr(pg_get_functiondef(p.oid), length('CREATE OR REPLACE ') + 1)
       end as sql
from pg_proc p
where p.oid = any (?)
  -- Range types bring their constructors along.
  and not exists (select 1 from pg_depend d
                  where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i'
                    and d.refclassid = 'pg_type'::regclass)
