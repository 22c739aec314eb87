-- One person in one class: days attended, the examination, and whether it was
-- passed, which is judged by the class's mark when the score is put in. A score
-- with a certificate on it stands.
CREATE TABLE training.enrolment (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    class_id      uuid NOT NULL CONSTRAINT enrolment_class_fkey REFERENCES training.class,
    class_title   text NOT NULL,
    org_id        uuid NOT NULL CONSTRAINT enrolment_org_fkey REFERENCES training.org,
    person_id     uuid NOT NULL CONSTRAINT enrolment_person_fkey REFERENCES training.person,
    name_masked   text NOT NULL,
    attended_days integer NOT NULL DEFAULT 0 CONSTRAINT enrolment_attended_check
        CHECK (attended_days >= 0),
    score         integer CONSTRAINT enrolment_score_check CHECK (score BETWEEN 0 AND 100),
    is_passed     boolean NOT NULL DEFAULT false,
    completed_on  date,
    certificate_number text,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT enrolment_person_class_key UNIQUE (person_id, class_id),
    CONSTRAINT enrolment_passed_check CHECK (NOT is_passed OR score IS NOT NULL),
    CONSTRAINT enrolment_certificate_check CHECK (certificate_number IS NULL OR is_passed)
);

CREATE INDEX enrolment_person_idx ON training.enrolment (person_id, id);
CREATE INDEX enrolment_class_idx ON training.enrolment (class_id, id);
CREATE INDEX enrolment_county_idx ON training.enrolment (county_code, id);

CALL platform.protect('training.enrolment', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR org_id = platform.org()
$$);

-- The roll: a day is marked once, and only within the class.
CREATE TABLE training.attendance (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    enrolment_id uuid NOT NULL CONSTRAINT attendance_enrolment_fkey REFERENCES training.enrolment,
    attended_on  date NOT NULL,
    org_id       uuid NOT NULL,
    person_id    uuid NOT NULL,
    marked_by    uuid DEFAULT platform.actor(),
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT attendance_day_key UNIQUE (enrolment_id, attended_on)
);

CALL platform.protect('training.attendance', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org()
$$);

CREATE FUNCTION training.enrolment_reply(e training.enrolment) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', e.id, 'class_id', e.class_id, 'class_title', e.class_title, 'org_id', e.org_id,
        'person_id', e.person_id, 'name_masked', e.name_masked,
        'attended_days', e.attended_days, 'score', e.score, 'is_passed', e.is_passed,
        'completed_on', e.completed_on, 'certificate_number', e.certificate_number,
        'county_code', e.county_code, 'created_at', e.created_at)::text
$$;
