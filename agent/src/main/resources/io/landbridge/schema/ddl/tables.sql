with chosen as (
    select c.*, n.nspname, format('%I.%I', n.nspname, c.relname) as name,
           exists (select 1 from pg_inherits i
                   where i.inhrelid = c.oid and not c.relispartition
                     and i.inhparent = any (w.oids)) as inherits,
           w.oids
    from (select ?::oid[] as oids) w
    join pg_class c on c.oid = any (w.oids) and c.relkind in ('r', 'p')
    join pg_namespace n on n.oid = c.relnamespace
), columns as (
    select c.oid, c.reloftype, c.name, a.*,
           not c.inherits or a.attislocal as listed,
           format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
           || case when a.attcollation <> 0 and a.attcollation <> t.typcollation
                   then (select format(' COLLATE %I.%I', cn.nspname, l.collname)
                         from pg_collation l join pg_namespace cn on cn.oid = l.collnamespace
                         where l.oid = a.attcollation) else '' end
           || case when a.attgenerated <> ''
                   then format(' GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid),
                               case a.attgenerated when 'v' then 'VIRTUAL' else 'STORED' end)
                   else '' end
           || case when a.attnotnull then ' NOT NULL' else '' end as definition,
           case when a.attstattarget >= 0
                then format('ALTER TABLE ONLY %s ALTER COLUMN %I SET STATISTICS %s;', c.name,
                            a.attname, a.attstattarget) else '' end
           || case when a.attstorage <> t.typstorage
                   then format('ALTER TABLE ONLY %s ALTER COLUMN %I SET STORAGE %s;', c.name,
                               a.attname, case a.attstorage when 'p' then 'PLAIN'
                                   when 'e' then 'EXTERNAL' when 'm' then 'MAIN'
                                   else 'EXTENDED' end) else '' end
           || case to_jsonb(a) ->> 'attcompression'
                   when 'p' then format('ALTER TABLE ONLY %s ALTER COLUMN %I SET COMPRESSION pglz;',
                                        c.name, a.attname)
                   when 'l' then format('ALTER TABLE ONLY %s ALTER COLUMN %I SET COMPRESSION lz4;',
                                        c.name, a.attname)
                   else '' end
           || coalesce(format('ALTER TABLE ONLY %s ALTER COLUMN %I SET (', c.name, a.attname)
                       || array_to_string(a.attoptions, ', ') || ');', '')
           || case when a.attnotnull and (c.reloftype <> 0 or not (not c.inherits or a.attislocal))
                   then format('ALTER TABLE ONLY %s ALTER COLUMN %I SET NOT NULL;', c.name,
                               a.attname) else '' end as settings
    from chosen c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
), texts as (
    -- Put together here and not by subqueries of each table, which would scan all columns each time.
    select oid, string_agg(definition, ', ' order by attnum) filter (where listed) as definitions,
           string_agg(settings, '' order by attnum) as settings
    from columns
    group by oid
), checks as (
    select k.conrelid, string_agg(format('CONSTRAINT %I %s', k.conname,
                                         pg_get_constraintdef(k.oid)), ', '
                                  order by k.conname) as definitions
    from chosen c
    join pg_constraint k on k.conrelid = c.oid and k.contype = 'c' and k.convalidated
        and (k.conislocal or not c.inherits)
    group by k.conrelid
)
select 'pg_class'::regclass::oid::int8 as class, c.oid::int8 as oid, 'TABLE' as kind,
       c.name as object, c.oid::int8 as relation, null::int8 as key_index,
       format('CREATE TABLE %s ', c.name)
       || case when c.reloftype <> 0
               then 'OF ' || format_type(c.reloftype, null)
                    || coalesce(' (' || k.definitions || ')', '')
               else format('(%s)', concat_ws(', ', x.definitions, k.definitions)) end
       || coalesce((select ' INHERITS ('
                           || string_agg(format('%I.%I', pn.nspname, p.relname), ', '
                                         order by i.inhseqno) || ')'
                    from pg_inherits i
                    join pg_class p on p.oid = i.inhparent
                    join pg_namespace pn on pn.oid = p.relnamespace
                    where i.inhrelid = c.oid and c.inherits and i.inhparent = any (c.oids)), '')
       || case when c.relkind = 'p' then ' PARTITION BY ' || pg_get_partkeydef(c.oid) else '' end
       || coalesce((select format(' USING %I', m.amname) from pg_am m
                    where m.oid = c.relam and m.amname <> 'heap' and c.relkind = 'r'), '')
       || coalesce(' WITH (' || nullif(concat_ws(', ',
              array_to_string(c.reloptions, ', '),
              (select string_agg('toast.' || o, ', ')
               from pg_class s, unnest(s.reloptions) as o where s.oid = c.reltoastrelid)), '')
              || ')', '')
       || ';'
       || coalesce(x.settings, '') as sql
from chosen c
left join checks k on k.conrelid = c.oid
left join texts x on x.oid = c.oid
