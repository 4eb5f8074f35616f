UPDATE "Größe; DROP"."a ""quoted"" table" SET "ünïcode 🙂" = 'changed', "x.y" = NULL WHERE "Key" % 2 = 0;
DELETE FROM "Größe; DROP"."a ""quoted"" table" WHERE "Key" > 40;
UPDATE public."T" SET v = 'UPPER' WHERE id < 5;
DELETE FROM public.t WHERE id < 5;
UPDATE public.abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123 SET v = 'longer';
UPDATE public." " SET """" = 2, "'" = 'still blank';
UPDATE public."user" SET "order" = 7;
