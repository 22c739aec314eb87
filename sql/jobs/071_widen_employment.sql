-- 就业登记 of four forms: by an employer (单位), on a public post (公益), and, by
-- the person's own declaration, flexible (灵活) and self-employed (个体). The
-- declared ones have no employer and lie where the person lives.
ALTER TABLE jobs.employment
    ALTER COLUMN org_id DROP NOT NULL,
    ALTER COLUMN org_name DROP NOT NULL,
    ALTER COLUMN contract_type DROP NOT NULL,
    ADD COLUMN form          text NOT NULL DEFAULT 'employer' CONSTRAINT employment_form_check
        CHECK (form IN ('employer', 'public_post', 'flexible', 'self_employed')),
    ADD COLUMN contract_from date,
    ADD COLUMN work_kind     text,
    ADD COLUMN work_place    text,
    ADD COLUMN licence_uscc  text,
    ADD COLUMN is_stable     boolean NOT NULL DEFAULT true,
    ADD COLUMN stable_note   text,
    ADD COLUMN entered_by    uuid DEFAULT platform.actor(),
    ADD CONSTRAINT employment_whose_check
        CHECK ((form IN ('employer', 'public_post')) = (org_id IS NOT NULL)),
    ADD CONSTRAINT employment_terms_check
        CHECK ((contract_type IS NULL) = (org_id IS NULL) AND (org_name IS NULL) = (org_id IS NULL)),
    ADD CONSTRAINT employment_declared_check
        CHECK (org_id IS NOT NULL OR (work_kind IS NOT NULL AND work_place IS NOT NULL)),
    DROP CONSTRAINT employment_end_reason_check,
    ADD CONSTRAINT employment_end_reason_check
        CHECK (end_reason IN ('contract_expired', 'agreed', 'resigned', 'dismissed', 'layoff',
                              'employer_closed', 'retired', 'deceased', 'stopped', 'other'));
COMMENT ON COLUMN jobs.employment.contract_from IS 'of the contract that runs now; NULL: since hired_on';
COMMENT ON COLUMN jobs.employment.wage_cents IS 'a month; of declared work the income stated';
COMMENT ON COLUMN jobs.employment.is_stable IS
    'the work ends being unemployed: not so flexible work below the minimum wage, or not compared';

CREATE UNIQUE INDEX employment_declared_key ON jobs.employment (person_id)
    WHERE ended_on IS NULL AND org_id IS NULL;

-- Whoever registers 失业登记 must see any job still open, wherever it is. An
-- officer corrects, and enters what somebody declares, within the area.
CALL platform.protect('jobs.employment', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
    OR (platform.areas() IS NOT NULL AND platform.action() IN
        ('jobs.unemployment.register', 'jobs.unemployment.renew', 'jobs.unemployment.restore'))
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
    OR (person_id = platform.person() AND org_id IS NULL)
$$);

-- What a register said before, and why it was changed.
CREATE TABLE jobs.register_change (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    register    text NOT NULL CONSTRAINT register_change_register_check
        CHECK (register IN ('employment', 'unemployment')),
    record_id   uuid NOT NULL,
    kind        text NOT NULL CONSTRAINT register_change_kind_check
        CHECK (kind IN ('correction', 'renewal', 'stable', 'restoration')),
    reason      text NOT NULL,
    before      jsonb NOT NULL,
    after       jsonb NOT NULL,
    person_id   uuid NOT NULL,
    org_id      uuid,
    actor       uuid DEFAULT platform.actor(),
    actor_kind  text NOT NULL DEFAULT platform.actor_kind() CONSTRAINT register_change_actor_check
        CHECK (actor_kind IN ('person', 'org', 'officer', 'system')),
    county_code text NOT NULL,
    area_code   text,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX register_change_record_idx ON jobs.register_change (record_id, id);
CALL platform.protect('jobs.register_change', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);

CREATE OR REPLACE FUNCTION jobs.employment_reply(e jobs.employment) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', e.id, 'person_id', e.person_id, 'name_masked', e.name_masked, 'org_id', e.org_id,
        'org_name', e.org_name, 'vacancy_id', e.vacancy_id, 'application_id', e.application_id,
        'form', e.form, 'hired_on', e.hired_on, 'contract_type', e.contract_type,
        'contract_months', e.contract_months, 'contract_from', coalesce(e.contract_from, e.hired_on),
        'occupation_code', e.occupation_code, 'work_kind', e.work_kind,
        'work_place', e.work_place, 'licence_uscc', e.licence_uscc, 'is_stable', e.is_stable,
        'wage_cents', e.wage_cents, 'currency', 'CNY', 'was_unemployed', e.was_unemployed,
        'was_difficult', e.was_difficult, 'ended_on', e.ended_on, 'end_reason', e.end_reason,
        'county_code', e.county_code, 'created_at', e.created_at)::text
$$;

-- What may be corrected, as it stands.
CREATE FUNCTION jobs.employment_terms(e jobs.employment) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('hired_on', e.hired_on, 'contract_type', e.contract_type,
    'contract_months', e.contract_months, 'contract_from', coalesce(e.contract_from, e.hired_on),
    'occupation_code', e.occupation_code, 'wage_cents', e.wage_cents, 'is_stable', e.is_stable);

CREATE FUNCTION jobs.employment_payload(e jobs.employment) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('employment_id', e.id, 'person_id', e.person_id, 'org_id', e.org_id,
    'hired_on', e.hired_on, 'contract_type', e.contract_type,
    'contract_months', e.contract_months, 'occupation_code', e.occupation_code,
    'wage_cents', e.wage_cents, 'was_unemployed', e.was_unemployed,
    'was_difficult', e.was_difficult, 'county_code', e.county_code, 'form', e.form);

-- Whatever changes the register is told by trigger. Declared work has events of
-- its own: who hears of a hire may rely on there being an employer.
CREATE FUNCTION jobs.employment_tell() RETURNS trigger
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
                     ELSE 'jobs.employment.ended.v1' END, NEW.id::text, NEW.county_code,
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
    VALUES (what, NEW.id::text, NEW.county_code, jobs.employment_payload(NEW));
    RETURN NULL;
END $$;
CREATE TRIGGER employment_tell AFTER INSERT OR UPDATE ON jobs.employment
    FOR EACH ROW EXECUTE FUNCTION jobs.employment_tell();

-- Work that ends being unemployed; see is_stable. Asked across counties.
CREATE FUNCTION jobs.works(who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM jobs.employment e
                    WHERE e.person_id = who AND e.ended_on IS NULL AND e.is_stable)
$$;
COMMENT ON FUNCTION jobs.works(uuid) IS 'the person has a job in the register, wherever it is';

-- JB-22 is the declared work's case.
CREATE OR REPLACE FUNCTION jobs.employment_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.case_move(m.code, NEW.id, 'ended', NULL, NULL)
       FROM (VALUES ('JB-03'), ('JB-07'), ('JB-22')) AS m (code);
    RETURN NULL;
END $$;
