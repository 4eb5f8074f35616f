SELECT count(*) = 40 FROM "Größe; DROP"."a ""quoted"" table";
SELECT count(*) = 20 FROM public."T";
SELECT count(*) = 26 FROM public.t;
SELECT "order" = 7 FROM public."user";
