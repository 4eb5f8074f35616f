SELECT nextval('public.a_id_seq') >= 16;
SELECT nextval('public.b_id_seq') >= 1150;
SELECT nextval('public."Down"') <= 91;
SELECT nextval('public.untouched') = 77;
SELECT attidentity = 'a' FROM pg_attribute WHERE attrelid = 'public.b'::regclass AND attname = 'id';
