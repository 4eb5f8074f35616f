SELECT count(*) = 4 FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'thing';
SELECT obj_description('public.thing'::regclass) = 'a thing; it''s "commented"';
SELECT count(*) = 200 AND min(d) = 2 FROM public.thing;
SELECT count(*) > 0 FROM public.things;
SELECT atttypid = 'public.positive'::regtype FROM pg_attribute WHERE attrelid = 'public.thing'::regclass AND attname = 'p';
SELECT pg_get_expr(adbin, adrelid) LIKE '%blue%' FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = adrelid AND a.attnum = adnum WHERE adrelid = 'public.thing'::regclass AND attname = 'c';
