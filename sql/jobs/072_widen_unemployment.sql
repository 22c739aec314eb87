-- 失业登记 with what the national form asks, and every way in which it ends.
--
-- It ends by the clock after six months without contact (GB/T 33534) and at
-- 法定退休年龄. Contact is the registration itself, the person's own word that
-- they still look, an application, and whatever a neighbour notes by
-- jobs.touch_unemployment().
ALTER TABLE jobs.unemployment
    ADD COLUMN last_employer   text,
    ADD COLUMN education_code  text,
    ADD COLUMN skill_level     smallint CONSTRAINT unemployment_skill_level_check
        CHECK (skill_level BETWEEN 1 AND 5),
    ADD COLUMN wish            text,
    ADD COLUMN wish_area_code  text,
    ADD COLUMN is_willing      boolean,
    ADD COLUMN since_on        date,
    ADD COLUMN renews_id       uuid CONSTRAINT unemployment_renews_fkey REFERENCES jobs.unemployment,
    ADD COLUMN retires_on      date,
    ADD COLUMN last_contact_on date,
    ADD COLUMN warned_on       date,
    ADD COLUMN end_note        text,
    ADD COLUMN entered_by      uuid DEFAULT platform.actor();
COMMENT ON COLUMN jobs.unemployment.is_willing IS 'declared: able to work, and wants to; NULL: not asked then';
COMMENT ON COLUMN jobs.unemployment.since_on IS
    'unemployed without a break since: of the registration that this one renews';

UPDATE jobs.unemployment u SET since_on = u.registered_on, last_contact_on = u.registered_on,
       retires_on = (SELECT jobs.person_retires_on(p) FROM jobs.person p WHERE p.id = u.person_id);
ALTER TABLE jobs.unemployment ALTER COLUMN since_on SET NOT NULL,
    ALTER COLUMN last_contact_on SET NOT NULL;
CREATE INDEX unemployment_contact_idx ON jobs.unemployment (last_contact_on) WHERE ended_on IS NULL;
CREATE INDEX unemployment_retires_idx ON jobs.unemployment (retires_on) WHERE ended_on IS NULL;
CREATE UNIQUE INDEX unemployment_renews_key ON jobs.unemployment (renews_id);

CREATE FUNCTION jobs.unemployment_stamp() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.since_on := coalesce(NEW.since_on, NEW.registered_on);
    NEW.last_contact_on := coalesce(NEW.last_contact_on, NEW.registered_on);
    NEW.retires_on := (SELECT jobs.person_retires_on(p) FROM jobs.person p WHERE p.id = NEW.person_id);
    RETURN NEW;
END $$;
CREATE TRIGGER unemployment_stamp BEFORE INSERT ON jobs.unemployment
    FOR EACH ROW EXECUTE FUNCTION jobs.unemployment_stamp();

-- A birthday put right, a class stated: the day of retirement follows.
CREATE FUNCTION jobs.person_retirement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.unemployment u SET retires_on = jobs.person_retires_on(NEW)
     WHERE u.person_id = NEW.id AND u.ended_on IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER person_retirement AFTER UPDATE ON jobs.person
    FOR EACH ROW WHEN (NEW.id_index NOT LIKE 'erased:%' AND (OLD.birth_on <> NEW.birth_on
        OR OLD.retire_class IS DISTINCT FROM NEW.retire_class))
    EXECUTE FUNCTION jobs.person_retirement();

-- A hire ends the open registration of the person hired, hence the action.
CALL platform.protect('jobs.unemployment', $$
    person_id = platform.person()
    OR platform.in_areas(county_code, area_code)
    OR (platform.org() IS NOT NULL
        AND platform.action() IN ('jobs.application.hire', 'jobs.employment.register'))
$$);

CREATE FUNCTION jobs.touch_unemployment(who uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE jobs.unemployment SET last_contact_on = platform.today(), warned_on = NULL
     WHERE person_id = who AND ended_on IS NULL AND last_contact_on < platform.today()
$$;
COMMENT ON FUNCTION jobs.touch_unemployment(uuid) IS
    'notes that there was contact today: the six months of an open registration begin anew';

CREATE FUNCTION jobs.application_touch() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.touch_unemployment(NEW.person_id);
    RETURN NULL;
END $$;
CREATE TRIGGER application_touch AFTER INSERT ON jobs.application
    FOR EACH ROW EXECUTE FUNCTION jobs.application_touch();

-- An open declared job below the mark ends it too once it is found stable, and a
-- declared one that is stable from the first day; by an employer: the hire itself.
CREATE FUNCTION jobs.declared_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.unemployment u
       SET ended_on = greatest(u.registered_on, NEW.hired_on),
           end_reason = CASE NEW.form WHEN 'self_employed' THEN 'business_licence'
                                      ELSE 'stable_income' END
     WHERE u.person_id = NEW.person_id AND u.ended_on IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER employment_declared AFTER INSERT ON jobs.employment
    FOR EACH ROW WHEN (NEW.org_id IS NULL AND NEW.is_stable AND NEW.ended_on IS NULL)
    EXECUTE FUNCTION jobs.declared_ends();
CREATE TRIGGER employment_stable AFTER UPDATE ON jobs.employment
    FOR EACH ROW WHEN (NEW.org_id IS NULL AND NEW.is_stable AND NOT OLD.is_stable AND NEW.ended_on IS NULL)
    EXECUTE FUNCTION jobs.declared_ends();

CREATE OR REPLACE FUNCTION jobs.unemployment_reply(u jobs.unemployment) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', u.id, 'person_id', u.person_id, 'name_masked', u.name_masked,
        'registered_on', u.registered_on, 'since_on', u.since_on, 'lost_on', u.lost_on,
        'reason', u.reason, 'last_employer', u.last_employer, 'education_code', u.education_code,
        'skill_level', u.skill_level, 'wish', u.wish, 'wish_area_code', u.wish_area_code,
        'is_willing', u.is_willing, 'is_difficult', u.is_difficult, 'renews_id', u.renews_id,
        'retires_on', u.retires_on, 'last_contact_on', u.last_contact_on,
        'lapses_on', (u.last_contact_on + interval '6 months')::date, 'ended_on', u.ended_on,
        'end_reason', u.end_reason, 'end_note', u.end_note, 'county_code', u.county_code,
        'created_at', u.created_at)::text
$$;

CREATE FUNCTION jobs.unemployment_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.unemployment.registered.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('registration_id', NEW.id, 'person_id', NEW.person_id,
                                   'registered_on', NEW.registered_on,
                                   'county_code', NEW.county_code));
    ELSIF OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.unemployment.ended.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('registration_id', NEW.id, 'person_id', NEW.person_id,
                                   'ended_on', NEW.ended_on, 'reason', NEW.end_reason,
                                   'county_code', NEW.county_code));
    ELSIF OLD.ended_on IS NOT NULL AND NEW.ended_on IS NULL THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.unemployment.restored.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('registration_id', NEW.id, 'person_id', NEW.person_id,
                                   'registered_on', NEW.registered_on,
                                   'was_ended_on', OLD.ended_on, 'was_reason', OLD.end_reason,
                                   'county_code', NEW.county_code));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER unemployment_tell AFTER INSERT OR UPDATE OF ended_on ON jobs.unemployment
    FOR EACH ROW EXECUTE FUNCTION jobs.unemployment_tell();
