-- One person's application for one vacancy, and every step it took. The names
-- are copies made at submission, so neither side reads the other's tables.
CREATE TABLE jobs.application (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id     uuid NOT NULL CONSTRAINT application_person_fkey REFERENCES jobs.person,
    name_masked   text NOT NULL,
    vacancy_id    uuid NOT NULL CONSTRAINT application_vacancy_fkey REFERENCES jobs.vacancy,
    vacancy_title text NOT NULL,
    org_id        uuid NOT NULL CONSTRAINT application_org_fkey REFERENCES jobs.org,
    org_name      text NOT NULL,
    state         text NOT NULL DEFAULT 'submitted' CONSTRAINT application_state_check
        CHECK (state IN ('submitted', 'interview', 'offered', 'hired', 'rejected', 'withdrawn')),
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    moved_at      timestamptz NOT NULL DEFAULT platform.now(),
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT application_person_vacancy_key UNIQUE (person_id, vacancy_id)
);

CREATE INDEX application_person_idx ON jobs.application (person_id, id);
CREATE INDEX application_vacancy_idx ON jobs.application (vacancy_id, id);

CALL platform.protect('jobs.application', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR org_id = platform.org()
$$);

CREATE TABLE jobs.application_step (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    application_id uuid NOT NULL CONSTRAINT application_step_application_fkey
        REFERENCES jobs.application,
    person_id      uuid NOT NULL,
    org_id         uuid NOT NULL,
    state          text NOT NULL,
    meet_at        timestamptz,
    meet_mode      text CONSTRAINT application_step_mode_check
        CHECK (meet_mode IN ('onsite', 'remote')),
    note           text,
    actor_id       uuid DEFAULT platform.actor(),
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT application_step_meet_check CHECK ((meet_at IS NULL) = (meet_mode IS NULL))
);

CREATE INDEX application_step_application_idx ON jobs.application_step (application_id, id);

CALL platform.protect('jobs.application_step', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR org_id = platform.org()
$$);

-- Where an application may go: forward only, and nowhere from its three ends.
CREATE FUNCTION jobs.application_allows(state text, next text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN next IN ('interview', 'offered') THEN state IN ('submitted', 'interview')
                ELSE state IN ('submitted', 'interview', 'offered') END
$$;

CREATE FUNCTION jobs.application_json(a jobs.application) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', a.id, 'person_id', a.person_id, 'name_masked', a.name_masked,
        'vacancy_id', a.vacancy_id, 'vacancy_title', a.vacancy_title, 'org_id', a.org_id,
        'org_name', a.org_name, 'state', a.state, 'county_code', a.county_code,
        'moved_at', a.moved_at, 'created_at', a.created_at)
$$;
