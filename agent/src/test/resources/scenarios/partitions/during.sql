UPDATE public.sale SET region = CASE region WHEN 'north' THEN 'south' ELSE 'north' END WHERE id % 10 = 0;
UPDATE public.sale SET day = day + 365 WHERE id % 7 = 0;
DELETE FROM public.sale WHERE id % 13 = 0;
INSERT INTO public.sale (day, region, amount) VALUES ('2024-05-05', 'north', 1), ('2030-01-01', 'west', 2);
DELETE FROM public.sale_2024_rest;
UPDATE public.visit SET page = 'never to be seen' WHERE id < 50;
TRUNCATE public.visit;
INSERT INTO public.visit SELECT g, 'after' FROM generate_series(1, 30) g;
INSERT INTO public.sale (day, region, amount) VALUES ('2024-05-05', 'south', 3);
