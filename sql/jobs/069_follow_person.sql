-- What a person wrote here follows them: to another county when they move, and
-- away when they are erased. What was decided about them stays, without a name.
CREATE FUNCTION jobs.person_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.resume AS r
       SET name_masked = NEW.name_masked, county_code = NEW.county_code, area_code = NEW.area_code
     WHERE r.person_id = NEW.id
       AND (r.name_masked, r.county_code, coalesce(r.area_code, ''))
           <> (NEW.name_masked, NEW.county_code, coalesce(NEW.area_code, ''));
    RETURN NULL;
END $$;
CREATE TRIGGER person_follow AFTER UPDATE ON jobs.person
    FOR EACH ROW WHEN (NEW.id_index NOT LIKE 'erased:%') EXECUTE FUNCTION jobs.person_follow();

CREATE FUNCTION jobs.person_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM jobs.resume r WHERE r.person_id = NEW.id;
    UPDATE jobs.application AS a SET name_masked = NEW.name_masked, resume = NULL, note = NULL
     WHERE a.person_id = NEW.id;
    UPDATE jobs.application_step AS s SET note = NULL
     WHERE s.person_id = NEW.id AND s.actor_kind = 'person';
    UPDATE jobs.interview AS i SET name_masked = NEW.name_masked, answer = NULL
     WHERE i.person_id = NEW.id;
    UPDATE jobs.fair_visitor AS p SET name_masked = NEW.name_masked WHERE p.person_id = NEW.id;
    DELETE FROM jobs.live_signup s WHERE s.person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER person_erased AFTER UPDATE OF id_index ON jobs.person
    FOR EACH ROW WHEN (NEW.id_index LIKE 'erased:%' AND OLD.id_index NOT LIKE 'erased:%')
    EXECUTE FUNCTION jobs.person_erased();
