DO $$ BEGIN FOR i IN 1..100 LOOP
    EXECUTE format('INSERT INTO public.t%s VALUES (1000, ''during'')', i);
    EXECUTE format('UPDATE public.t%s SET v = ''changed'' WHERE id = 1', i);
END LOOP; END $$;
