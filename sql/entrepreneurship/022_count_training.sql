-- 创业培训 is taught in training's classes of kind 'startup'. Here: what its
-- events tell, counted against the year's target, and what studios ask for.

CREATE TABLE entrepreneurship.startup_class (
    id          uuid PRIMARY KEY,
    module      text NOT NULL,
    capacity    integer,
    starts_on   date NOT NULL,
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX startup_class_county_idx ON entrepreneurship.startup_class (county_code, starts_on);
CALL platform.protect('entrepreneurship.startup_class', 'platform.in_areas(county_code, NULL)', 'false');

-- One row a person and class completed: a person-time.
CREATE TABLE entrepreneurship.startup_trained (
    enrolment_id uuid PRIMARY KEY,
    class_id     uuid NOT NULL,
    person_id    uuid NOT NULL,
    module       text,
    completed_on date NOT NULL,
    passed       boolean NOT NULL,
    county_code  text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX startup_trained_person_idx ON entrepreneurship.startup_trained (person_id, completed_on);
CREATE INDEX startup_trained_county_idx ON entrepreneurship.startup_trained (county_code, completed_on);
CALL platform.protect('entrepreneurship.startup_trained', $$
    person_id = platform.person() OR platform.in_areas(county_code, NULL)
$$, 'false');

CREATE TABLE entrepreneurship.training_want (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    studio_id   uuid NOT NULL CONSTRAINT training_want_studio_fkey REFERENCES entrepreneurship.studio,
    org_id      uuid NOT NULL,
    module      text NOT NULL CONSTRAINT training_want_module_check CHECK (module IN ('gyb', 'syb', 'iyb', 'eyb', 'online')),
    headcount   integer NOT NULL CONSTRAINT training_want_headcount_check CHECK (headcount BETWEEN 1 AND 1000),
    from_on     date NOT NULL,
    note        text,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX training_want_county_idx ON entrepreneurship.training_want (county_code, id);
CALL platform.protect('entrepreneurship.training_want',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)', 'org_id = platform.org()');
REVOKE UPDATE, DELETE ON entrepreneurship.training_want FROM entrepreneurship_app, entrepreneurship_system;

CREATE FUNCTION entrepreneurship.training_want_json(w entrepreneurship.training_want) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', w.id, 'studio_id', w.studio_id, 'org_id', w.org_id, 'module', w.module,
    'headcount', w.headcount, 'from_on', w.from_on, 'note', w.note, 'county_code', w.county_code,
    'created_at', w.created_at);

-- A year of one county: person-times of guidance that founders confirmed, and
-- of training. Fewer than five of either are not shown.
CREATE FUNCTION entrepreneurship.guidance_figures(from_ date, to_ date)
RETURNS TABLE (county_code text, studios bigint, mentors bigint, guided bigint, trained bigint, passed bigint, classes bigint)
LANGUAGE sql STABLE AS $$
    SELECT c.county_code, coalesce(sum(c.studios), 0)::bigint, coalesce(sum(c.mentors), 0)::bigint,
           coalesce(sum(c.guided), 0)::bigint, coalesce(sum(c.trained), 0)::bigint, coalesce(sum(c.passed), 0)::bigint,
           coalesce(sum(c.classes), 0)::bigint
      FROM (SELECT s.county_code, 1 AS studios, 0 AS mentors, 0 AS guided, 0 AS trained, 0 AS passed, 0 AS classes
              FROM entrepreneurship.studio s
             WHERE s.state = 'recognised' AND s.recognised_on <= to_ AND platform.in_areas(s.county_code, s.area_code)
            UNION ALL SELECT m.county_code, 0, 1, 0, 0, 0, 0 FROM entrepreneurship.mentor m
             WHERE m.active AND platform.in_areas(m.county_code, m.area_code)
            UNION ALL SELECT g.county_code, 0, 0, 1, 0, 0, 0 FROM entrepreneurship.guidance g
             WHERE g.state = 'confirmed' AND g.given_on BETWEEN from_ AND to_ AND platform.in_areas(g.county_code, g.area_code)
            UNION ALL SELECT t.county_code, 0, 0, 0, 1, t.passed::int, 0 FROM entrepreneurship.startup_trained t
             WHERE t.completed_on BETWEEN from_ AND to_ AND platform.in_areas(t.county_code, NULL)
            UNION ALL SELECT k.county_code, 0, 0, 0, 0, 0, 1 FROM entrepreneurship.startup_class k
             WHERE k.starts_on BETWEEN from_ AND to_ AND platform.in_areas(k.county_code, NULL)) c
     GROUP BY c.county_code
$$;
