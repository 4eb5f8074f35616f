SELECT bool_and(added_here = 5) FROM public.stays;
SELECT count(*) = 3 FROM pg_indexes WHERE tablename = 'stays';
SELECT count(*) = 1 AND bool_and(convalidated) FROM pg_constraint WHERE contype = 'f';
SELECT count(*) = 401 FROM public.stays;
