CREATE TABLE public.stays (id int PRIMARY KEY, code text NOT NULL, v text);
CREATE UNIQUE INDEX stays_code ON public.stays (code);
CREATE TABLE public.child (id int PRIMARY KEY, stays int REFERENCES public.stays);
INSERT INTO public.stays SELECT g, 'c' || g, 'v' FROM generate_series(1, 500) g;
INSERT INTO public.child SELECT g, g FROM generate_series(1, 500) g;
