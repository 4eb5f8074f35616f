select 0::int8 as class, c.oid::int8 as oid, 'REPLICA_IDENTITY' as kind,
       format('%I.%I', n.nspname, c.relname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY %s', n.nspname, c.relname,
              case c.relreplident when 'f' then 'FULL' when 'n' then 'NOTHING'
                                  else format('USING INDEX %I', i.relname) end) as sql
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_index x on x.indrelid = c.oid and x.indisreplident
left join pg_class i on i.oid = x.indexrelid
where c.oid = any (?) and c.relkind in ('r', 'p')
  and (c.relreplident in ('f', 'n') or (c.relreplident = 'i' and i.oid is not null))
