CREATE TABLE public.log (at timestamptz, note text, size int);
ALTER TABLE public.log REPLICA IDENTITY FULL;
CREATE TABLE public.appended (v text, j json);
INSERT INTO public.log SELECT '2024-01-01', 'note ' || g % 3, g % 2 FROM generate_series(1, 300) g;
INSERT INTO public.log VALUES (NULL, NULL, NULL), (NULL, NULL, NULL);
INSERT INTO public.appended SELECT 'x', '{"a": 1}' FROM generate_series(1, 100);
