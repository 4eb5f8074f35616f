-- What the chosen tables and objects need, and who needs what: the transitive closure of pg_depend.
-- It stops at tables that were not chosen, and where an object belongs to an extension.
with recursive tables as (
    select unnest(?::oid[]) as oid
), start (classid, objid) as (
    select 'pg_class'::regclass::oid, oid from tables
    union all select 'pg_attrdef'::regclass, d.oid from pg_attrdef d join tables t on t.oid = d.adrelid
    union all select 'pg_constraint'::regclass, k.oid from pg_constraint k
              join tables t on t.oid = k.conrelid
              where k.contype <> 'f' or k.confrelid in (select oid from tables)
    union all select 'pg_class'::regclass, x.indexrelid from pg_index x
              join tables t on t.oid = x.indrelid
    union all select 'pg_trigger'::regclass, g.oid from pg_trigger g
              join tables t on t.oid = g.tgrelid where not g.tgisinternal
    union all select 'pg_rewrite'::regclass, r.oid from pg_rewrite r
              join tables t on t.oid = r.ev_class
    union all select 'pg_policy'::regclass, p.oid from pg_policy p
              join tables t on t.oid = p.polrelid
    union all select 'pg_statistic_ext'::regclass, s.oid from pg_statistic_ext s
              join tables t on t.oid = s.stxrelid
    union all select 'pg_class'::regclass, d.objid from pg_depend d
              join tables t on t.oid = d.refobjid
              join pg_class s on s.oid = d.objid and s.relkind = 'S'
              where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
                and d.deptype in ('a', 'i') and d.refobjsubid > 0
    union all select f.class, f.oid from unnest(?::oid[], ?::oid[]) as f (class, oid)
), members as (
    select classid, objid from pg_depend where deptype = 'e'
), edge (classid, objid, refclassid, refobjid) as (
    select 0::oid, 0::oid, classid, objid from start
    union
    select e.refclassid, e.refobjid, r.refclassid, r.refobjid
    from edge e
    cross join lateral (
        select d.refclassid, d.refobjid
        from pg_depend d
        where d.classid = e.refclassid and d.objid = e.refobjid
          and (d.refobjid >= 16384)
          and (d.deptype = 'e'
               or (d.deptype in ('n', 'a', 'i', 'P')
                   and not exists (select 1 from members m
                                   where m.classid = d.classid and m.objid = d.objid)
                   and not (d.deptype in ('a', 'i') and d.classid = 'pg_class'::regclass
                            and d.refclassid = 'pg_class'::regclass
                            and exists (select 1 from pg_class s
                                        where s.oid = d.objid and s.relkind = 'S'))))
        union all
        select 'pg_class'::regclass, t.typrelid
        from pg_type t join pg_class c on c.oid = t.typrelid and c.relkind = 'c'
        where e.refclassid = 'pg_type'::regclass and t.oid = e.refobjid
          and not exists (select 1 from members m
                          where m.classid = e.refclassid and m.objid = e.refobjid)
        union all
        select 'pg_constraint'::regclass, k.oid
        from pg_constraint k
        where e.refclassid = 'pg_type'::regclass and k.contypid = e.refobjid and k.contypid <> 0
          and not exists (select 1 from members m
                          where m.classid = e.refclassid and m.objid = e.refobjid)
        union all
        select 'pg_rewrite'::regclass, r.oid
        from pg_rewrite r join pg_class c on c.oid = r.ev_class and c.relkind in ('v', 'm')
        where e.refclassid = 'pg_class'::regclass and r.ev_class = e.refobjid
          and not exists (select 1 from members m
                          where m.classid = e.refclassid and m.objid = e.refobjid)
    ) r
    where not (e.refclassid = 'pg_class'::regclass
               and e.refobjid not in (select oid from tables)
               and exists (select 1 from pg_class c
                           where c.oid = e.refobjid and c.relkind in ('r', 'p', 'f')))
)
select e.classid::int8, e.objid::int8, e.refclassid::int8, e.refobjid::int8,
       c.relkind in ('r', 'p', 'f') and c.oid not in (select oid from tables),
       (pg_identify_object(e.refclassid, e.refobjid, 0)).type,
       (pg_identify_object(e.refclassid, e.refobjid, 0)).identity,
       x.extname
from edge e
left join pg_extension x on e.refclassid = 'pg_extension'::regclass and x.oid = e.refobjid
left join pg_class c on e.refclassid = 'pg_class'::regclass and c.oid = e.refobjid
