SELECT count(*) = 100 FROM pg_tables WHERE schemaname = 'public';
SELECT count(*) = 5 FROM public.t99;
