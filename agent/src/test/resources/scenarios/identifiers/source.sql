CREATE SCHEMA "Größe; DROP";
CREATE TABLE "Größe; DROP"."a ""quoted"" table" (
    "Key" int PRIMARY KEY, "select" text, "ünïcode 🙂" text, "back\slash" text, "per%cent" int,
    "dollar$1" int, "x.y" int);
CREATE TABLE public."T" (id int PRIMARY KEY, v text);
CREATE TABLE public.t (id int PRIMARY KEY, v text);
CREATE TABLE public.abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123 (
    abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123 int PRIMARY KEY, v text);
CREATE TABLE public." " ("""" int PRIMARY KEY, "'" text);
CREATE TABLE public."user" ("order" int, "table" int, v text, PRIMARY KEY ("table", "order"));
INSERT INTO "Größe; DROP"."a ""quoted"" table" SELECT g, 's', 'u', 'b', g, g, g FROM generate_series(1, 50) g;
INSERT INTO public."T" SELECT g, 'upper' FROM generate_series(1, 20) g;
INSERT INTO public.t SELECT g, 'lower' FROM generate_series(1, 30) g;
INSERT INTO public.abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123 VALUES (1, 'long');
INSERT INTO public." " VALUES (1, 'blank');
INSERT INTO public."user" VALUES (1, 2, 'reserved');
