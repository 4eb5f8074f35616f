SELECT count(*) = 300 FROM pg_tables WHERE schemaname = 'public';
SELECT count(*) = 5 FROM public.t299;
