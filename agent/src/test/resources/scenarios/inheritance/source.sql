CREATE TABLE public.city (name text PRIMARY KEY, people int);
CREATE TABLE public.capital (country text, PRIMARY KEY (name)) INHERITS (public.city);
INSERT INTO public.city SELECT 'city ' || g, g FROM generate_series(1, 100) g;
INSERT INTO public.capital SELECT 'capital ' || g, g, 'c' || g FROM generate_series(1, 50) g;
