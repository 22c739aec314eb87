-- What jobs knows of people and organisations: projections of the events
-- identity.person.registered.v1 and identity.org.registered.v1. Names arrive
-- masked; an identity number only as its blind index.
CREATE TABLE jobs.person (
    id          uuid PRIMARY KEY,
    id_index    text NOT NULL,
    name_masked text NOT NULL,
    sex         smallint NOT NULL CONSTRAINT person_sex_check CHECK (sex IN (1, 2)),
    birth_on    date NOT NULL,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT person_id_index_key UNIQUE (id_index)
);

-- An employer reaches a person only in the act of registering a hire.
CALL platform.protect('jobs.person', $$
    id = platform.person()
    OR platform.in_areas(county_code, area_code)
    OR (platform.org() IS NOT NULL
        AND platform.action() IN ('jobs.application.hire', 'jobs.employment.register'))
$$, 'false');

CREATE TABLE jobs.org (
    id            uuid PRIMARY KEY,
    uscc          text NOT NULL,
    name          text NOT NULL,
    kind          text NOT NULL,
    industry_code text,
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT org_uscc_key UNIQUE (uscc)
);

-- Who is registered as an employer is public.
CALL platform.protect('jobs.org', 'true', 'false');
