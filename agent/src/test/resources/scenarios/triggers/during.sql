UPDATE public.item SET v = 'w' WHERE id <= 10;
DELETE FROM public.item WHERE id > 95;
INSERT INTO public.item VALUES (1000, 'new');
