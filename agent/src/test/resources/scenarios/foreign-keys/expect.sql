SELECT count(*) = 4 AND bool_and(convalidated) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace;
SELECT count(*) = 51 FROM public.person WHERE flat IS NULL OR flat = 501;
SELECT condeferrable AND condeferred FROM pg_constraint WHERE conname = 'lives_in';
SELECT min(b) = -1050 FROM public.uses_pair;
