CREATE TABLE public.sale (
    id bigint GENERATED ALWAYS AS IDENTITY, day date NOT NULL, region text NOT NULL, amount numeric,
    PRIMARY KEY (id, day, region)) PARTITION BY RANGE (day);
CREATE TABLE public.sale_2024 PARTITION OF public.sale FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
    PARTITION BY LIST (region);
CREATE TABLE public.sale_2024_north PARTITION OF public.sale_2024 FOR VALUES IN ('north');
CREATE TABLE public.sale_2024_rest PARTITION OF public.sale_2024 DEFAULT;
CREATE TABLE public.sale_rest PARTITION OF public.sale DEFAULT;
CREATE INDEX ON public.sale (amount);
CREATE TABLE public.visit (id int PRIMARY KEY, page text) PARTITION BY HASH (id);
CREATE TABLE public.visit_0 PARTITION OF public.visit FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE public.visit_1 PARTITION OF public.visit FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO public.visit SELECT g, 'before' FROM generate_series(1, 100) g;
INSERT INTO public.sale (day, region, amount)
SELECT date '2023-06-01' + g, CASE WHEN g % 2 = 0 THEN 'north' ELSE 'south' END, g
FROM generate_series(1, 900) g;
