UPDATE public.thing SET c = 'green, or so', n = n + 500 WHERE n % 3 = 0;
UPDATE public.thing SET at = NULL, p = NULL WHERE n < 20;
DELETE FROM public.thing WHERE n = 50;
INSERT INTO public.thing (id, n, name, span) VALUES (md5('new')::uuid, 1, NULL, '[500,503]');
