select 'pg_policy'::regclass::oid::int8 as class, p.oid::int8 as oid, 'POLICY' as kind,
       format('%I.%I %I', n.nspname, c.relname, p.polname) as object, c.oid::int8 as relation,
       null::int8 as key_index,
       format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s%s%s', p.polname, n.nspname, c.relname,
              case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end,
              case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE'
                            when 'd' then 'DELETE' else 'ALL' end,
              (select string_agg(case o.role when 0 then 'PUBLIC'
                                 else quote_ident(pg_get_userbyid(o.role)) end, ', ')
               from unnest(p.polroles) as o (role)),
              coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''),
              coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''))
       as sql
from pg_policy p
join pg_class c on c.oid = p.polrelid
join pg_namespace n on n.oid = c.relnamespace
where p.polrelid = any (?)
