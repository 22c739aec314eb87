-- What a posting is for goes with every change of it: an occupation that is put
-- right later was known to nobody before.
CREATE OR REPLACE FUNCTION jobs.vacancy_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES ('jobs.vacancy.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('vacancy_id', NEW.id, 'org_id', NEW.org_id, 'state', NEW.state,
                               'headcount_left', NEW.headcount_left,
                               'occupation_code', NEW.occupation_code,
                               'county_code', NEW.county_code));
    IF NEW.state = 'open' AND (TG_OP = 'INSERT' OR OLD.posted_at IS NULL) THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.vacancy.opened.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('vacancy_id', NEW.id, 'org_id', NEW.org_id, 'title', NEW.title,
                                   'occupation_code', NEW.occupation_code,
                                   'headcount', NEW.headcount, 'county_code', NEW.county_code));
    END IF;
    RETURN NULL;
END $$;
