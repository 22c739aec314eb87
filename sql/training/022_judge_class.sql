-- What a class has to meet to be filed and to be opened, and which state may
-- follow which: judged by the table itself, whatever statement moves it.

CREATE FUNCTION training.class_follows(was text, now text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN (was, now) IN (('filed', 'returned'), ('filed', 'refused'), ('filed', 'open'),
    ('filed', 'cancelled'), ('returned', 'filed'), ('returned', 'cancelled'), ('open', 'running'),
    ('open', 'cancelled'), ('running', 'completed'), ('running', 'cancelled'));

-- 无需求不培训: as many people wanted as there are places. Two filings for the
-- same demand wait for each other. A startup class is for whoever wants to
-- found a firm: it belongs to no occupation, and the register has none of it.
CREATE FUNCTION training.class_has_demand(c training.class) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF c.kind = 'startup' THEN
        RETURN true;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('training.demand ' || c.occupation_code || c.county_code, 0));
    RETURN coalesce(training.demand_left(c.occupation_code, c.level, c.county_code), 0) >= c.capacity;
END $$;

-- NULL: may be filed; otherwise the error and the field.
CREATE FUNCTION training.class_fault(c training.class) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT coalesce(training.may_teach(c.org_id, c.occupation_code, c.level, c.starts_on), false) THEN
        RETURN 'training.no_licence /occupation_code';
    END IF;
    IF c.course_id IS NOT NULL
       AND NOT coalesce(training.course_fits(c.course_id, c.org_id, c.occupation_code, c.level), false) THEN
        RETURN 'training.course_unfit /course_id';
    END IF;
    IF c.agreement_id IS NOT NULL
       AND NOT coalesce(training.agreement_fits(c.agreement_id, c.kind, c.org_id, c.occupation_code), false) THEN
        RETURN 'training.agreement_unfit /agreement_id';
    END IF;
    IF EXISTS (SELECT FROM unnest(c.trainers) AS t
                WHERE NOT training.trainer_fits(t, c.org_id, c.occupation_code, c.level)) THEN
        RETURN 'training.trainer_unfit /trainers';
    END IF;
    IF NOT training.class_has_demand(c) THEN
        RETURN 'training.no_demand /capacity';
    END IF;
    RETURN NULL;
END $$;

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
          AND NOT coalesce(training.may_teach(NEW.org_id, NEW.occupation_code, NEW.level, NEW.starts_on), false) THEN
        fault := 'training.no_licence';
    END IF;
    IF fault IS NOT NULL THEN
        PERFORM platform.refuse(fault);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER class_judge BEFORE INSERT OR UPDATE OF state ON training.class
    FOR EACH ROW EXECUTE FUNCTION training.class_judge();
