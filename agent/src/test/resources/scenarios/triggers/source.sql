CREATE TABLE public.item (id int PRIMARY KEY, v text, touched int NOT NULL DEFAULT 0);
CREATE TABLE public.audit (id bigserial PRIMARY KEY, item int, what text);
CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.audit (item, what) VALUES (coalesce(NEW.id, OLD.id), TG_OP);
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    NEW.touched := NEW.touched + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER note BEFORE INSERT OR UPDATE OR DELETE ON public.item FOR EACH ROW EXECUTE FUNCTION public.note();
CREATE TRIGGER sleeping BEFORE INSERT ON public.item FOR EACH ROW EXECUTE FUNCTION public.note();
ALTER TABLE public.item DISABLE TRIGGER sleeping;
INSERT INTO public.item SELECT g, 'v' FROM generate_series(1, 100) g;
