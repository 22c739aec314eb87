-- Events of the registers name the town or village where it is known, so that
-- the city can be counted by them.
CREATE OR REPLACE FUNCTION jobs.employment_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    what text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        what := CASE WHEN NEW.org_id IS NULL THEN 'jobs.employment.declared.v1'
                     ELSE 'jobs.employment.registered.v1' END;
    ELSIF OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES (CASE WHEN NEW.org_id IS NULL THEN 'jobs.employment.declaration_ended.v1'
                     ELSE 'jobs.employment.ended.v1' END, NEW.id::text,
                coalesce(NEW.area_code, NEW.county_code),
                jsonb_build_object('employment_id', NEW.id, 'person_id', NEW.person_id,
                                   'org_id', NEW.org_id, 'ended_on', NEW.ended_on,
                                   'reason', NEW.end_reason, 'county_code', NEW.county_code));
        RETURN NULL;
    ELSIF jobs.employment_terms(OLD) IS DISTINCT FROM jobs.employment_terms(NEW) THEN
        what := 'jobs.employment.corrected.v1';
    ELSE
        RETURN NULL;
    END IF;
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES (what, NEW.id::text, coalesce(NEW.area_code, NEW.county_code), jobs.employment_payload(NEW));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION jobs.unemployment_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    what    text;
    payload jsonb := jsonb_build_object('registration_id', NEW.id, 'person_id', NEW.person_id,
                                        'county_code', NEW.county_code);
BEGIN
    IF TG_OP = 'INSERT' THEN
        what := 'jobs.unemployment.registered.v1';
        payload := payload || jsonb_build_object('registered_on', NEW.registered_on);
    ELSIF OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL THEN
        what := 'jobs.unemployment.ended.v1';
        payload := payload || jsonb_build_object('ended_on', NEW.ended_on, 'reason', NEW.end_reason);
    ELSIF OLD.ended_on IS NOT NULL AND NEW.ended_on IS NULL THEN
        what := 'jobs.unemployment.restored.v1';
        payload := payload || jsonb_build_object('registered_on', NEW.registered_on,
            'was_ended_on', OLD.ended_on, 'was_reason', OLD.end_reason);
    ELSE
        RETURN NULL;
    END IF;
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES (what, NEW.id::text, coalesce(NEW.area_code, NEW.county_code), payload);
    RETURN NULL;
END $$;
