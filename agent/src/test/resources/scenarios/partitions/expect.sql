SELECT count(*) = 1 FROM public.sale_2024_rest;
SELECT count(*) > 0 FROM public.sale_2024_north;
SELECT count(*) = 2 FROM pg_inherits WHERE inhparent = 'public.sale_2024'::regclass;
SELECT count(*) = 30 AND min(page) = 'after' FROM public.visit;
