SELECT count(*) = 110 FROM public.appended;
SELECT count(*) = 93 FROM public.log WHERE note = 'note 1';
SELECT count(*) = 1 FROM public.log WHERE at IS NULL AND size IS NULL;
