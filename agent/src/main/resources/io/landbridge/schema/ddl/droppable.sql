-- Indexes of tables that are there already. Attached ones go and come with the index above.
select x.indexrelid::int8 as oid, coalesce(h.inhparent::int8, 0) as parent,
       x.indisunique and x.indimmediate and x.indisvalid and x.indpred is null
           and x.indexprs is null and m.amname = 'btree' as plain,
       x.indisprimary, c.oid::int8 as relation, format('%I.%I', n.nspname, i.relname) as object,
       (select array_agg(a.attname::text)
        from pg_attribute a
        where a.attrelid = c.oid
          and a.attnum = any ((x.indkey::int2[])[0:x.indnkeyatts - 1])) as columns,
       x.indisreplident
           or exists (select 1 from pg_constraint f
                      where f.contype = 'f' and f.conindid = x.indexrelid
                        and f.conrelid <> all (w.oids)) as stays,
       case when k.oid is null
            then format('DROP INDEX %I.%I', n.nspname, i.relname)
            else format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, c.relname, k.conname)
       end as sql
from (select ?::oid[] as oids) w
join pg_index x on x.indrelid = any (w.oids)
join pg_class i on i.oid = x.indexrelid
join pg_am m on m.oid = i.relam
join pg_class c on c.oid = x.indrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_inherits h on h.inhrelid = x.indexrelid
left join pg_constraint k on k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x')
order by 1
