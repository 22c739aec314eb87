-- A class as filed (开班备案). Enrolment is open until it runs; nothing about
-- it or its trainees changes after it is completed. enrolled <= capacity is a
-- constraint, so two last places cannot be given away at once.
CREATE TABLE training.class (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id          uuid NOT NULL CONSTRAINT class_org_fkey REFERENCES training.org,
    org_name        text NOT NULL,
    title           text NOT NULL,
    occupation_code text NOT NULL,
    level           integer NOT NULL CONSTRAINT class_level_check CHECK (level BETWEEN 1 AND 5),
    county_code     text NOT NULL,
    area_code       text NOT NULL,
    starts_on       date NOT NULL,
    ends_on         date NOT NULL,
    capacity        integer NOT NULL CONSTRAINT class_capacity_check CHECK (capacity > 0),
    enrolled        integer NOT NULL DEFAULT 0,
    pass_score      integer NOT NULL CONSTRAINT class_pass_score_check
        CHECK (pass_score BETWEEN 1 AND 100),
    state           text NOT NULL DEFAULT 'open'
        CONSTRAINT class_state_check CHECK (state IN ('open', 'running', 'completed')),
    completed_on    date,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT class_dates_check CHECK (starts_on <= ends_on),
    CONSTRAINT class_enrolled_check CHECK (enrolled BETWEEN 0 AND capacity),
    CONSTRAINT class_completed_check CHECK ((state = 'completed') = (completed_on IS NOT NULL))
);

CREATE INDEX class_org_idx ON training.class (org_id, id);
CREATE INDEX class_open_idx ON training.class (id) WHERE state = 'open';

-- Everybody may read what is taught; a person enrolling takes a place, hence
-- the action.
CALL platform.protect('training.class', 'true', $$
    org_id = platform.org()
    OR (platform.person() IS NOT NULL AND platform.action() = 'training.enrolment.open')
$$);

CREATE FUNCTION training.class_reply(c training.class) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'org_id', c.org_id, 'org_name', c.org_name, 'title', c.title,
        'occupation_code', c.occupation_code, 'level', c.level, 'county_code', c.county_code,
        'area_code', c.area_code, 'starts_on', c.starts_on, 'ends_on', c.ends_on,
        'capacity', c.capacity, 'enrolled', c.enrolled, 'pass_score', c.pass_score,
        'state', c.state, 'completed_on', c.completed_on, 'created_at', c.created_at)::text
$$;
