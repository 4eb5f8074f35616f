DO $$ BEGIN FOR i IN 1..100 LOOP
    EXECUTE format('CREATE TABLE public.t%s (id int PRIMARY KEY, v text)', i);
    EXECUTE format('INSERT INTO public.t%s SELECT g, ''v'' FROM generate_series(1, %s) g', i, i % 5);
END LOOP; END $$;
