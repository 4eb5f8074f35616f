UPDATE public.city SET people = people + 1;
DELETE FROM public.capital WHERE people > 40;
