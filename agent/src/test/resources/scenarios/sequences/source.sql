CREATE TABLE public.a (id serial PRIMARY KEY, v text);
CREATE TABLE public.b (id bigint GENERATED ALWAYS AS IDENTITY (START 1000 INCREMENT 10) PRIMARY KEY, v text);
CREATE SEQUENCE public."Down" INCREMENT -3 MAXVALUE 100 MINVALUE -100 START 100 CYCLE;
CREATE SEQUENCE public.untouched START 77;
INSERT INTO public.a (v) SELECT 'x' FROM generate_series(1, 10);
INSERT INTO public.b (v) SELECT 'x' FROM generate_series(1, 10);
SELECT nextval('public."Down"'), nextval('public."Down"');
