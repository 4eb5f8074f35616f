CREATE TABLE public.stays (v text, id bigint PRIMARY KEY, code text NOT NULL, added_here int DEFAULT 5);
CREATE UNIQUE INDEX stays_code ON public.stays (code);
CREATE INDEX stays_more ON public.stays (v);
CREATE TABLE public.child (id int PRIMARY KEY, stays bigint REFERENCES public.stays);
