DELETE FROM public.person WHERE id > 150;
UPDATE public.pair SET b = b - 1000 WHERE a > 25;
BEGIN;
INSERT INTO public.person VALUES (500, 1, 501);
INSERT INTO public.flat VALUES (501, 500);
COMMIT;
