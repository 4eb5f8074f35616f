UPDATE public.stays SET code = 'swap' WHERE id = 1;
UPDATE public.stays SET code = 'c1' WHERE id = 2;
UPDATE public.stays SET code = 'c2' WHERE id = 1;
DELETE FROM public.child WHERE id > 400;
DELETE FROM public.stays WHERE id > 400;
INSERT INTO public.stays VALUES (1000, 'new', 'row');
