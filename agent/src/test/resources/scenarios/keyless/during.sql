DELETE FROM public.log WHERE ctid IN (SELECT ctid FROM public.log WHERE note = 'note 1' LIMIT 7);
UPDATE public.log SET note = NULL WHERE ctid IN (SELECT ctid FROM public.log WHERE note = 'note 2' LIMIT 5);
DELETE FROM public.log WHERE ctid = (SELECT ctid FROM public.log WHERE at IS NULL LIMIT 1);
INSERT INTO public.log SELECT 'infinity', 'new', 9 FROM generate_series(1, 3);
INSERT INTO public.appended SELECT 'x', '{"a": 1}' FROM generate_series(1, 10);
