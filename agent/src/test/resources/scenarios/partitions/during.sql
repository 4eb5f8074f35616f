UPDATE public.sale SET region = CASE region WHEN 'north' THEN 'south' ELSE 'north' END WHERE id % 10 = 0;
UPDATE public.sale SET day = day + 365 WHERE id % 7 = 0;
DELETE FROM public.sale WHERE id % 13 = 0;
INSERT INTO public.sale (day, region, amount) VALUES ('2024-05-05', 'north', 1), ('2030-01-01', 'west', 2);
TRUNCATE public.sale_2024_rest;
INSERT INTO public.sale (day, region, amount) VALUES ('2024-05-05', 'south', 3);
