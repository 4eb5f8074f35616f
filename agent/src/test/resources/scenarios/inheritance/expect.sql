SELECT count(*) = 100 FROM ONLY public.city;
SELECT count(*) = 39 FROM public.capital;
SELECT count(*) = 1 FROM pg_inherits WHERE inhparent = 'public.city'::regclass;
