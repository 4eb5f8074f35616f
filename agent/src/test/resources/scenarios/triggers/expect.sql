SELECT count(*) = 116 FROM public.audit;
SELECT max(touched) = 2 FROM public.item;
SELECT tgenabled = 'O' FROM pg_trigger WHERE tgname = 'note';
SELECT tgenabled = 'D' FROM pg_trigger WHERE tgname = 'sleeping';
