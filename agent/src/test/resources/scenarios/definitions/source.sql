CREATE TYPE public.colour AS ENUM ('red', 'green, or so', 'blue');
CREATE DOMAIN public.positive AS int CHECK (value > 0);
CREATE TYPE public.place AS (x int, y int);
CREATE FUNCTION public.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE TABLE public.thing (
    id uuid PRIMARY KEY, c public.colour DEFAULT 'blue', p public.positive, at public.place,
    n int NOT NULL CHECK (n < 1000), d int GENERATED ALWAYS AS (n * 2) STORED,
    name varchar(20) COLLATE "C", span int4range, EXCLUDE USING gist (span WITH &&));
COMMENT ON TABLE public.thing IS 'a thing; it''s "commented"';
COMMENT ON COLUMN public.thing.n IS 'n';
CREATE INDEX thing_twice ON public.thing (public.twice(n)) WHERE n > 10;
CREATE UNIQUE INDEX thing_name ON public.thing (lower(name) DESC NULLS LAST) INCLUDE (n);
CREATE VIEW public.things AS SELECT id, n FROM public.thing WHERE n > 5;
CREATE MATERIALIZED VIEW public.sum_of_things AS SELECT sum(n) AS total FROM public.thing;
INSERT INTO public.thing (id, p, at, n, name, span)
SELECT md5(g::text)::uuid, g, ROW(g, NULL)::public.place, g, 'Name ' || g, int4range(g * 10, g * 10 + 5)
FROM generate_series(1, 200) g;
