-- The classes under an agreement, all together, teach no more people than it
-- names. (The class names its agreement from 020 on.)
CREATE FUNCTION training.class_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    room integer;
BEGIN
    IF NEW.agreement_id IS NULL OR NEW.state NOT IN ('filed', 'open') THEN
        RETURN NEW;
    END IF;
    SELECT a.headcount INTO room FROM training.agreement a WHERE a.id = NEW.agreement_id FOR UPDATE;
    IF room < NEW.capacity + (SELECT coalesce(sum(c.capacity), 0) FROM training.class c
                               WHERE c.agreement_id = NEW.agreement_id AND c.id <> NEW.id
                                 AND c.state IN ('filed', 'open', 'running', 'completed')) THEN
        PERFORM platform.refuse('training.agreement_full /capacity');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER class_agreement BEFORE INSERT OR UPDATE OF capacity, state ON training.class
    FOR EACH ROW EXECUTE FUNCTION training.class_agreement();
