INSERT INTO public.a (v) SELECT 'y' FROM generate_series(1, 5);
DELETE FROM public.a WHERE id > 12;
INSERT INTO public.b (v) SELECT 'y' FROM generate_series(1, 5);
SELECT nextval('public."Down"');
