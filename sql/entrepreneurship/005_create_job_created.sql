-- Every hire that jobs told of, without a name: a firm may be admitted as of an
-- earlier day, and its hires since then count whichever of the two is heard of
-- first. Read only in the act of admitting.
CREATE TABLE entrepreneurship.hire (
    id          uuid PRIMARY KEY,
    org_id      uuid NOT NULL,
    person_id   uuid NOT NULL,
    hired_on    date NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);

CREATE INDEX hire_org_idx ON entrepreneurship.hire (org_id, hired_on);

CALL platform.protect('entrepreneurship.hire', $$
    platform.org() IS NOT NULL AND platform.action() = 'entrepreneurship.tenant.admit'
$$, 'false');

-- A hire by a firm that was a tenant on the day of the hire. The employment
-- makes it count once, however often it is heard of.
CREATE TABLE entrepreneurship.job_created (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    employment_id  uuid NOT NULL,
    tenant_id      uuid NOT NULL CONSTRAINT job_created_tenant_fkey
        REFERENCES entrepreneurship.tenant,
    carrier_id     uuid NOT NULL CONSTRAINT job_created_carrier_fkey
        REFERENCES entrepreneurship.carrier,
    carrier_org_id uuid NOT NULL,
    org_id         uuid NOT NULL,
    person_id      uuid NOT NULL,
    hired_on       date NOT NULL,
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT job_created_employment_key UNIQUE (employment_id)
);

CREATE INDEX job_created_tenant_idx ON entrepreneurship.job_created (tenant_id, hired_on);
CREATE INDEX job_created_county_idx ON entrepreneurship.job_created (county_code, id);

CALL platform.protect('entrepreneurship.job_created', $$
    carrier_org_id = platform.org() OR org_id = platform.org() OR person_id = platform.person()
    OR platform.in_areas(county_code, area_code)
$$, $$
    carrier_org_id = platform.org() AND platform.action() = 'entrepreneurship.tenant.admit'
$$);

CREATE FUNCTION entrepreneurship.job_created_reply(j entrepreneurship.job_created) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', j.id, 'employment_id', j.employment_id, 'tenant_id', j.tenant_id,
        'carrier_id', j.carrier_id, 'org_id', j.org_id, 'person_id', j.person_id,
        'hired_on', j.hired_on, 'county_code', j.county_code, 'created_at', j.created_at)::text
$$;

-- Of entrepreneurship.job.created.v1, which two statements tell.
CREATE FUNCTION entrepreneurship.job_created_payload(j entrepreneurship.job_created)
RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'employment_id', j.employment_id, 'carrier_id', j.carrier_id,
        'tenant_id', j.tenant_id, 'org_id', j.org_id, 'person_id', j.person_id,
        'hired_on', j.hired_on, 'county_code', j.county_code)
$$;
