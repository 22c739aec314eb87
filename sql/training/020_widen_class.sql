-- A class is filed (开班备案), checked by an officer of its county, and only then
-- takes people. Five kinds: 职业技能, 校企合作订单班, 企业新型学徒制, 项目制, and 创业培训,
-- which teaches a module and no occupation.
ALTER TABLE training.class
    ALTER COLUMN occupation_code DROP NOT NULL,
    ALTER COLUMN level DROP NOT NULL,
    ALTER COLUMN state SET DEFAULT 'filed',
    DROP CONSTRAINT class_state_check,
    ADD CONSTRAINT class_state_check CHECK (state IN ('filed', 'returned', 'refused', 'open',
        'running', 'completed', 'cancelled')),
    ADD kind text NOT NULL DEFAULT 'skill' CONSTRAINT class_kind_check
        CHECK (kind IN ('skill', 'order', 'apprentice', 'project', 'startup')),
    ADD module text CONSTRAINT class_module_check
        CHECK (module IN ('gyb', 'syb', 'iyb', 'eyb', 'online')),
    ADD course_id uuid,
    ADD agreement_id uuid,
    ADD trainers uuid[] NOT NULL DEFAULT '{}',
    ADD hours integer NOT NULL DEFAULT 0 CONSTRAINT class_hours_check CHECK (hours >= 0),
    ADD is_subsidised boolean NOT NULL DEFAULT false,
    ADD waiting integer NOT NULL DEFAULT 0 CONSTRAINT class_waiting_check CHECK (waiting >= 0),
    ADD filed_at timestamptz NOT NULL DEFAULT platform.now(),
    ADD filed_by uuid DEFAULT platform.actor(),
    ADD due_on date,
    ADD checked_by uuid,
    ADD checked_at timestamptz,
    ADD note text,
    ADD CONSTRAINT class_subject_check CHECK (CASE WHEN kind = 'startup'
        THEN module IS NOT NULL AND occupation_code IS NULL AND level IS NULL
        ELSE module IS NULL AND occupation_code IS NOT NULL AND level IS NOT NULL END),
    ADD CONSTRAINT class_agreement_check CHECK
        ((kind IN ('order', 'apprentice', 'project')) OR agreement_id IS NULL),
    ADD CONSTRAINT class_hands_check CHECK (checked_by <> filed_by),
    ADD CONSTRAINT class_noted_check CHECK (state NOT IN ('returned', 'refused') OR note IS NOT NULL);

CREATE INDEX class_filed_idx ON training.class (county_code, id) WHERE state = 'filed';
CREATE INDEX class_subject_idx ON training.class (occupation_code, county_code);

-- What is only filed is its institution's and its county's; the rest is
-- everybody's. A person who comes or goes takes or gives back a place.
CALL platform.protect('training.class', $$
    state IN ('open', 'running', 'completed', 'cancelled') OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
    OR (platform.person() IS NOT NULL AND platform.action() IN
        ('training.enrolment.open', 'training.enrolment.withdraw'))
$$);

CREATE FUNCTION training.class_json(c training.class) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'org_id', c.org_id, 'org_name', c.org_name, 'title', c.title, 'kind', c.kind,
        'module', c.module, 'occupation_code', c.occupation_code, 'level', c.level,
        'course_id', c.course_id, 'county_code', c.county_code, 'area_code', c.area_code,
        'starts_on', c.starts_on, 'ends_on', c.ends_on, 'hours', c.hours, 'capacity', c.capacity,
        'enrolled', c.enrolled, 'waiting', c.waiting, 'pass_score', c.pass_score,
        'is_subsidised', c.is_subsidised, 'state', c.state, 'completed_on', c.completed_on,
        'created_at', c.created_at)
$$;

CREATE OR REPLACE FUNCTION training.class_reply(c training.class) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT training.class_json(c)::text $$;

-- The same with what is between the institution and its county.
CREATE FUNCTION training.filing_reply(c training.class) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT (training.class_json(c) || jsonb_build_object(
        'agreement_id', c.agreement_id, 'trainers', to_jsonb(c.trainers), 'filed_at', c.filed_at,
        'due_on', c.due_on, 'is_overdue', c.state = 'filed' AND coalesce(c.due_on < platform.today(), false),
        'checked_at', c.checked_at, 'note', c.note))::text
$$;
