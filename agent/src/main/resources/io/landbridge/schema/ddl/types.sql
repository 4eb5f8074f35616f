select 'pg_type'::regclass::oid::int8 as class, t.oid::int8 as oid, 'TYPE' as kind,
       format('%I.%I', n.nspname, t.typname) as object, null::int8 as relation,
       null::int8 as key_index,
       case
           when t.typtype = 'e' then
               format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
                      (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
                       from pg_enum e where e.enumtypid = t.oid))
           when t.typtype = 'c' then
               format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
                      (select string_agg(
                                  format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
                                  || case when a.attcollation <> u.typcollation
                                          then format(' COLLATE %I.%I', cn.nspname, l.collname)
                                          else '' end,
                                  ', ' order by a.attnum)
                       from pg_attribute a
                       join pg_type u on u.oid = a.atttypid
                       left join pg_collation l on l.oid = a.attcollation
                       left join pg_namespace cn on cn.oid = l.collnamespace
                       where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
           when t.typtype = 'd' then
               format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname,
                      format_type(t.typbasetype, t.typtypmod))
               || coalesce((select format(' COLLATE %I.%I', cn.nspname, l.collname)
                            from pg_collation l
                            join pg_namespace cn on cn.oid = l.collnamespace
                            join pg_type b on b.oid = t.typbasetype
                            where l.oid = t.typcollation and l.oid <> b.typcollation), '')
               || coalesce(' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0),
                           ' DEFAULT ' || quote_literal(t.typdefault), '')
               || case when t.typnotnull then ' NOT NULL' else '' end
               || coalesce((select string_agg(format(' CONSTRAINT %I %s', k.conname,
                                                     pg_get_constraintdef(k.oid)),
                                              '' order by k.conname)
                            from pg_constraint k
                            where k.contypid = t.oid and k.contype = 'c' and k.convalidated), '')
           when t.typtype = 'r' and r.rngcanonical::oid = 0 then
               format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s', n.nspname, t.typname,
                      format_type(r.rngsubtype, null))
               || (select format(', SUBTYPE_OPCLASS = %I.%I', opn.nspname, o.opcname)
                   from pg_opclass o join pg_namespace opn on opn.oid = o.opcnamespace
                   where o.oid = r.rngsubopc)
               || coalesce((select format(', COLLATION = %I.%I', cn.nspname, l.collname)
                            from pg_collation l join pg_namespace cn on cn.oid = l.collnamespace
                            where l.oid = r.rngcollation), '')
               || case when r.rngsubdiff::oid <> 0
                       then format(', SUBTYPE_DIFF = %s', r.rngsubdiff::text) else '' end
               || coalesce((select format(', MULTIRANGE_TYPE_NAME = %I.%I', mn.nspname, m.typname)
                            from pg_type m join pg_namespace mn on mn.oid = m.typnamespace
                            where m.oid = (to_jsonb(r) ->> 'rngmultitypid')::oid), '')
               || ')'
       end as sql
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_class c on c.oid = t.typrelid
left join pg_range r on r.rngtypid = t.oid
where t.oid = any (?) and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c'))
