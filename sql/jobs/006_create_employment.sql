-- 就业登记, kept where the employer is. was_unemployed and was_difficult are
-- what the person's open 失业登记 said on the day of the hire.
CREATE TABLE jobs.employment (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id       uuid NOT NULL CONSTRAINT employment_person_fkey REFERENCES jobs.person,
    name_masked     text NOT NULL,
    org_id          uuid NOT NULL CONSTRAINT employment_org_fkey REFERENCES jobs.org,
    org_name        text NOT NULL,
    vacancy_id      uuid CONSTRAINT employment_vacancy_fkey REFERENCES jobs.vacancy,
    application_id  uuid CONSTRAINT employment_application_fkey REFERENCES jobs.application,
    hired_on        date NOT NULL CONSTRAINT employment_hired_on_check
        CHECK (hired_on >= '1990-01-01'),
    contract_type   text NOT NULL CONSTRAINT employment_contract_type_check
        CHECK (contract_type IN ('fixed', 'open_ended', 'task', 'part_time', 'dispatch')),
    contract_months integer CONSTRAINT employment_contract_months_check
        CHECK (contract_months BETWEEN 1 AND 120),
    occupation_code text NOT NULL,
    wage_cents      bigint NOT NULL CONSTRAINT employment_wage_check CHECK (wage_cents >= 0),
    was_unemployed  boolean NOT NULL,
    was_difficult   boolean NOT NULL,
    ended_on        date,
    end_reason      text CONSTRAINT employment_end_reason_check
        CHECK (end_reason IN ('contract_expired', 'agreed', 'resigned', 'dismissed', 'layoff',
                              'employer_closed', 'retired', 'deceased', 'other')),
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT employment_application_key UNIQUE (application_id),
    CONSTRAINT employment_contract_check
        CHECK ((contract_type IN ('fixed', 'dispatch') AND contract_months IS NOT NULL)
               OR (contract_type = 'open_ended' AND contract_months IS NULL)
               OR contract_type IN ('task', 'part_time')),
    CONSTRAINT employment_end_check CHECK ((ended_on IS NULL) = (end_reason IS NULL)),
    CONSTRAINT employment_order_check CHECK (ended_on >= hired_on)
);

CREATE UNIQUE INDEX employment_open_key ON jobs.employment (person_id, org_id)
    WHERE ended_on IS NULL;
CREATE INDEX employment_person_idx ON jobs.employment (person_id, id);
CREATE INDEX employment_org_idx ON jobs.employment (org_id, id);
CREATE INDEX employment_county_idx ON jobs.employment (county_code, id);

-- Whoever registers 失业登记 must see any job still open, wherever it is.
CALL platform.protect('jobs.employment', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
    OR (platform.areas() IS NOT NULL AND platform.action() = 'jobs.unemployment.register')
$$, $$
    org_id = platform.org()
$$);

CREATE FUNCTION jobs.employment_reply(e jobs.employment) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', e.id, 'person_id', e.person_id, 'name_masked', e.name_masked, 'org_id', e.org_id,
        'org_name', e.org_name, 'vacancy_id', e.vacancy_id, 'application_id', e.application_id,
        'hired_on', e.hired_on, 'contract_type', e.contract_type,
        'contract_months', e.contract_months, 'occupation_code', e.occupation_code,
        'wage_cents', e.wage_cents, 'currency', 'CNY', 'was_unemployed', e.was_unemployed,
        'was_difficult', e.was_difficult, 'ended_on', e.ended_on, 'end_reason', e.end_reason,
        'county_code', e.county_code, 'created_at', e.created_at)::text
$$;
