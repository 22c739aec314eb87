-- Who hires, in one place: the policies of what a hire has to reach ask this.
CREATE FUNCTION jobs.hiring() RETURNS boolean
LANGUAGE sql STABLE
RETURN platform.org() IS NOT NULL AND platform.action() IN
    ('jobs.application.hire', 'jobs.employment.register', 'jobs.placement.confirm');
COMMENT ON FUNCTION jobs.hiring() IS 'an employer in the act of registering a hire';

-- And an agency may reach whoever agreed to it.
CREATE FUNCTION jobs.seen_by_agency(who uuid) RETURNS boolean
LANGUAGE sql STABLE
RETURN platform.org() IS NOT NULL AND jobs.consents(who, 'agency_resume', platform.org(), false);
COMMENT ON FUNCTION jobs.seen_by_agency(uuid) IS 'the caller is an agency that the person agreed to be seen by';

CALL platform.protect('jobs.person', $$
    id = platform.person() OR platform.in_areas(county_code, area_code)
    OR jobs.hiring() OR jobs.seen_by_agency(id)
$$, 'false');
CALL platform.protect('jobs.person_alias',
    'person_id = platform.person() OR jobs.hiring() OR jobs.seen_by_agency(person_id)', 'false');
CALL platform.protect('jobs.unemployment', $$
    person_id = platform.person() OR platform.in_areas(county_code, area_code) OR jobs.hiring()
$$);

-- 推荐就业: that an agency placed somebody with an employer. The agency reports
-- it; the employer's confirmation is the hire, and only that is registered.
CREATE TABLE jobs.placement (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    partner_id      uuid NOT NULL CONSTRAINT placement_partner_fkey REFERENCES jobs.org,
    partner_name    text NOT NULL,
    partner_ref     text NOT NULL,
    person_id       uuid NOT NULL CONSTRAINT placement_person_fkey REFERENCES jobs.person,
    name_masked     text NOT NULL,
    org_id          uuid NOT NULL CONSTRAINT placement_org_fkey REFERENCES jobs.org,
    org_name        text NOT NULL,
    vacancy_id      uuid CONSTRAINT placement_vacancy_fkey REFERENCES jobs.vacancy,
    occupation_code text NOT NULL,
    hired_on        date NOT NULL,
    contract_type   text NOT NULL CONSTRAINT placement_contract_type_check
        CHECK (contract_type IN ('fixed', 'open_ended', 'task', 'part_time', 'dispatch')),
    contract_months integer CONSTRAINT placement_contract_months_check
        CHECK (contract_months BETWEEN 1 AND 120),
    wage_cents      bigint NOT NULL CONSTRAINT placement_wage_check CHECK (wage_cents > 0),
    state           text NOT NULL DEFAULT 'reported' CONSTRAINT placement_state_check
        CHECK (state IN ('reported', 'confirmed', 'refused', 'withdrawn')),
    reason          text,
    employment_id   uuid CONSTRAINT placement_employment_fkey REFERENCES jobs.employment,
    digest          text NOT NULL,
    county_code     text NOT NULL,
    area_code       text,
    moved_at        timestamptz NOT NULL DEFAULT platform.now(),
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT placement_ref_key UNIQUE (partner_id, partner_ref),
    CONSTRAINT placement_confirmed_check CHECK ((state = 'confirmed') = (employment_id IS NOT NULL)),
    CONSTRAINT placement_refused_check CHECK ((state = 'refused') = (reason IS NOT NULL))
);
CREATE INDEX placement_partner_idx ON jobs.placement (partner_id, id);
CREATE INDEX placement_org_idx ON jobs.placement (org_id, id);
CREATE INDEX placement_person_idx ON jobs.placement (person_id, id);
CREATE INDEX placement_county_idx ON jobs.placement (county_code, id);
CALL platform.protect('jobs.placement', $$
    partner_id = platform.org() OR org_id = platform.org() OR person_id = platform.person()
    OR platform.in_areas(county_code, area_code)
$$, $$
    partner_id = platform.org() OR org_id = platform.org()
$$);
REVOKE DELETE ON jobs.placement FROM jobs_app, jobs_system;
COMMENT ON TABLE jobs.placement IS 'people whom agencies placed, as reported and as confirmed';

-- As a registration would judge it (employment_contract_check).
CREATE FUNCTION jobs.terms_sound(type text, months integer) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN type IN ('fixed', 'dispatch') THEN months IS NOT NULL
            WHEN type = 'open_ended' THEN months IS NULL ELSE true END;
COMMENT ON FUNCTION jobs.terms_sound(text, integer) IS 'the length goes with the kind of contract';

CREATE FUNCTION jobs.placement_reply(p jobs.placement) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', p.id, 'partner_id', p.partner_id, 'partner_name', p.partner_name,
        'partner_ref', p.partner_ref, 'person_id', p.person_id, 'name_masked', p.name_masked,
        'org_id', p.org_id, 'org_name', p.org_name, 'vacancy_id', p.vacancy_id,
        'occupation_code', p.occupation_code, 'hired_on', p.hired_on,
        'contract_type', p.contract_type, 'contract_months', p.contract_months,
        'wage_cents', p.wage_cents, 'currency', 'CNY', 'state', p.state, 'reason', p.reason,
        'employment_id', p.employment_id, 'county_code', p.county_code, 'moved_at', p.moved_at,
        'created_at', p.created_at)::text
$$;

-- The other side is told of every step, the person of their own.
CREATE FUNCTION jobs.placement_moved() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    who uuid := CASE WHEN NEW.state IN ('confirmed', 'refused') THEN NEW.partner_id ELSE NEW.org_id END;
BEGIN
    PERFORM jobs.tell(NULL, who, 'placement_' || NEW.state,
        CASE NEW.state
            WHEN 'reported' THEN NEW.partner_name || '报送：推荐' || NEW.name_masked || '到贵单位就业，请确认'
            WHEN 'withdrawn' THEN NEW.partner_name || '撤回了推荐就业的报送'
            WHEN 'confirmed' THEN NEW.org_name || '已确认推荐就业并办理就业登记'
            ELSE NEW.org_name || '未确认推荐就业' END, NEW.reason, 'placement', NEW.id);
    PERFORM jobs.tell(NEW.person_id, NULL, 'placement_' || NEW.state,
        CASE NEW.state
            WHEN 'reported' THEN NEW.partner_name || '报送您到' || NEW.org_name || '就业'
            WHEN 'withdrawn' THEN NEW.partner_name || '撤回了您的就业报送'
            WHEN 'confirmed' THEN NEW.org_name || '已为您办理就业登记'
            ELSE NEW.org_name || '未确认您的就业报送' END, NULL, 'placement', NEW.id);
    IF NEW.state = 'confirmed' THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.placement.confirmed.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('placement_id', NEW.id, 'partner_id', NEW.partner_id,
                                   'person_id', NEW.person_id, 'org_id', NEW.org_id,
                                   'employment_id', NEW.employment_id, 'hired_on', NEW.hired_on,
                                   'county_code', NEW.county_code));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER placement_made AFTER INSERT ON jobs.placement
    FOR EACH ROW EXECUTE FUNCTION jobs.placement_moved();
CREATE TRIGGER placement_moved AFTER UPDATE ON jobs.placement
    FOR EACH ROW WHEN (OLD.state <> NEW.state OR OLD.digest <> NEW.digest)
    EXECUTE FUNCTION jobs.placement_moved();

-- Somebody who agreed to be seen: the résumé as it would be sent, the name masked.
CREATE FUNCTION jobs.partner_person_reply(r jobs.resume) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('person_id', r.person_id, 'name_masked', r.name_masked,
                              'resume', jobs.resume_sent(r))::text
$$;
