-- What a class has to meet to be filed and to be opened (licence, course,
-- trainers, agreement), and which state may follow which: judged by the table
-- itself, whatever statement moves it.

CREATE FUNCTION training.class_follows(was text, now text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN (was, now) IN (('filed', 'returned'), ('filed', 'refused'), ('filed', 'open'),
    ('filed', 'cancelled'), ('returned', 'filed'), ('returned', 'cancelled'), ('open', 'running'),
    ('open', 'cancelled'), ('running', 'completed'), ('running', 'cancelled'));

-- NULL: may be filed; otherwise the error and the field. The register of demand
-- has its own word, when the places are taken from it (training/010); a startup
-- class belongs to no occupation and takes none.
CREATE FUNCTION training.class_fault(c training.class) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN CASE
    WHEN NOT training.may_teach(c.org_id, c.occupation_code, c.level, c.starts_on)
    THEN 'training.no_licence' || CASE c.kind WHEN 'startup' THEN '' ELSE ' /occupation_code' END
    WHEN NOT training.course_fits(c.course_id, c.org_id, c.occupation_code, c.level)
         OR c.module IS DISTINCT FROM (SELECT lower(x.module) FROM training.course x WHERE x.id = c.course_id)
    THEN 'training.course_unfit /course_id'
    WHEN EXISTS (SELECT FROM unnest(c.trainers) t WHERE NOT training.trainer_fits(t, c.org_id, c.occupation_code, c.level))
    THEN 'training.trainer_unfit /trainers'
    WHEN NOT training.agreement_fits(c.agreement_id, c.kind, c.org_id, c.occupation_code) AND c.agreement_id IS NOT NULL
    THEN 'training.agreement_unfit /agreement_id' END;

-- Filed anew, it is as if never checked.
CREATE FUNCTION training.class_judge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    fault text;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state <> NEW.state AND NOT training.class_follows(OLD.state, NEW.state) THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    IF NEW.state = 'filed' AND (TG_OP = 'INSERT' OR OLD.state <> 'filed') THEN
        fault := training.class_fault(NEW);
    ELSIF NEW.state = 'open' AND TG_OP = 'UPDATE' AND OLD.state = 'filed'
          AND NOT training.may_teach(NEW.org_id, NEW.occupation_code, NEW.level, NEW.starts_on) THEN
        fault := 'training.no_licence';
    END IF;
    IF fault IS NOT NULL THEN
        PERFORM platform.refuse(fault);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER class_judge BEFORE INSERT OR UPDATE OF state ON training.class
    FOR EACH ROW EXECUTE FUNCTION training.class_judge();
