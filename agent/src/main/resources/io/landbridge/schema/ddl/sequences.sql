select 'pg_class'::regclass::oid::int8 as class, c.oid::int8 as oid,
       case when d.deptype = 'i' then 'IDENTITY' else 'SEQUENCE' end as kind,
       format('%I.%I', n.nspname, c.relname) as object, t.oid::int8 as relation,
       null::int8 as key_index,
       case when d.deptype = 'i'
            then format('ALTER TABLE %I.%I ALTER COLUMN %I ADD GENERATED %s AS IDENTITY '
                        || '(SEQUENCE NAME %I.%I%s)',
                        tn.nspname, t.relname, a.attname,
                        case a.attidentity when 'a' then 'ALWAYS' else 'BY DEFAULT' end,
                        n.nspname, c.relname, o.options)
            else format('CREATE SEQUENCE %I.%I AS %s%s', n.nspname, c.relname,
                        format_type(s.seqtypid, null), o.options)
       end as sql
from pg_sequence s
join pg_class c on c.oid = s.seqrelid
join pg_namespace n on n.oid = c.relnamespace
cross join lateral (
    select format(' START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s%s', s.seqstart,
                  s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
                  case when s.seqcycle then ' CYCLE' else '' end) as options) o
left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid
    and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
left join pg_class t on t.oid = d.refobjid
left join pg_namespace tn on tn.oid = t.relnamespace
left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
where c.oid = any (?)
  -- A partition has its root's identity.
  and (d.deptype is distinct from 'i' or not t.relispartition)
