CREATE TABLE public.person (id int PRIMARY KEY, boss int REFERENCES public.person, flat int);
CREATE TABLE public.flat (id int PRIMARY KEY, owner int NOT NULL REFERENCES public.person ON DELETE CASCADE);
ALTER TABLE public.person ADD CONSTRAINT lives_in FOREIGN KEY (flat) REFERENCES public.flat
    ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE public.pair (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE public.uses_pair (id int PRIMARY KEY, a int, b int,
    FOREIGN KEY (a, b) REFERENCES public.pair ON UPDATE CASCADE);
INSERT INTO public.person SELECT g, CASE WHEN g > 1 THEN g / 2 END FROM generate_series(1, 200) g;
INSERT INTO public.flat SELECT g, g FROM generate_series(1, 200) g;
UPDATE public.person SET flat = 201 - id;
INSERT INTO public.pair SELECT g, -g FROM generate_series(1, 50) g;
INSERT INTO public.uses_pair SELECT g, g, -g FROM generate_series(1, 50) g;
