-- Examinations of a class: when, where, in which parts, by which assessing body, and who
-- examines. Whoever teaches there, or sits in the class, examines nobody in it. Rows are
-- written by the functions of 042 only; scores are added, never changed.

CREATE TABLE training.exam (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    class_id        uuid NOT NULL CONSTRAINT exam_class_fkey REFERENCES training.class,
    class_title     text NOT NULL,
    org_id          uuid NOT NULL CONSTRAINT exam_org_fkey REFERENCES training.org,
    body_id         uuid NOT NULL CONSTRAINT exam_body_fkey REFERENCES training.org,
    body_name       text NOT NULL,
    kind            text NOT NULL CONSTRAINT exam_kind_check CHECK (kind IN ('regular', 'resit', 'short')),
    resit_of        uuid CONSTRAINT exam_resit_fkey REFERENCES training.exam,
    starts_at       timestamptz NOT NULL,
    place           text NOT NULL,
    pass_score      integer NOT NULL,
    occupation_code text,
    level           integer,
    state           text NOT NULL DEFAULT 'scheduled' CONSTRAINT exam_state_check
        CHECK (state IN ('scheduled', 'closed', 'cancelled')),
    reason          text,
    county_code     text NOT NULL,
    area_code       text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT exam_resit_key UNIQUE (resit_of),
    CONSTRAINT exam_resit_check CHECK ((kind = 'resit') = (resit_of IS NOT NULL))
);
CREATE UNIQUE INDEX exam_class_key ON training.exam (class_id) WHERE kind = 'regular' AND state <> 'cancelled';
CREATE UNIQUE INDEX exam_short_key ON training.exam (class_id) WHERE kind = 'short';
CREATE INDEX exam_body ON training.exam (body_id, id);
CREATE INDEX exam_org ON training.exam (org_id, id);
CREATE INDEX exam_county ON training.exam (county_code, id);

CREATE TABLE training.exam_part (
    exam_id     uuid NOT NULL CONSTRAINT exam_part_exam_fkey REFERENCES training.exam,
    code        text NOT NULL CONSTRAINT exam_part_code_check
        CHECK (code IN ('theory', 'practice', 'review', 'whole')),
    weight      integer NOT NULL CONSTRAINT exam_part_weight_check CHECK (weight BETWEEN 1 AND 100),
    pass_score  integer NOT NULL DEFAULT 0 CONSTRAINT exam_part_pass_check CHECK (pass_score BETWEEN 0 AND 100),
    PRIMARY KEY (exam_id, code)
);
COMMENT ON TABLE training.exam_part IS 'public: the parts of an examination, their weights and marks';

CREATE TABLE training.exam_examiner (
    exam_id     uuid NOT NULL CONSTRAINT exam_examiner_exam_fkey REFERENCES training.exam,
    person_id   uuid NOT NULL,
    name_masked text NOT NULL,
    org_id      uuid NOT NULL,
    body_id     uuid NOT NULL,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (exam_id, person_id)
);
CREATE INDEX exam_examiner_person ON training.exam_examiner (person_id);

-- One person before one examination; the first, or the one that may follow it.
CREATE TABLE training.exam_sitting (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    exam_id      uuid NOT NULL CONSTRAINT exam_sitting_exam_fkey REFERENCES training.exam,
    enrolment_id uuid NOT NULL CONSTRAINT exam_sitting_enrolment_fkey REFERENCES training.enrolment,
    round        integer NOT NULL CONSTRAINT exam_sitting_round_check CHECK (round IN (1, 2)),
    person_id    uuid NOT NULL,
    name_masked  text NOT NULL,
    org_id       uuid NOT NULL,
    body_id      uuid NOT NULL,
    state        text NOT NULL DEFAULT 'expected' CONSTRAINT exam_sitting_state_check
        CHECK (state IN ('expected', 'absent', 'sat')),
    score        integer CONSTRAINT exam_sitting_score_check CHECK (score BETWEEN 0 AND 100),
    is_passed    boolean NOT NULL DEFAULT false,
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT exam_sitting_once_key UNIQUE (enrolment_id, round),
    CONSTRAINT exam_sitting_sat_check CHECK ((state = 'sat') = (score IS NOT NULL) AND (NOT is_passed OR state = 'sat'))
);
CREATE INDEX exam_sitting_exam ON training.exam_sitting (exam_id, id);
CREATE INDEX exam_sitting_person ON training.exam_sitting (person_id, id);

-- Every mark ever given; the last version of a part stands. 更正 says why.
CREATE TABLE training.exam_score (
    sitting_id  uuid NOT NULL CONSTRAINT exam_score_sitting_fkey REFERENCES training.exam_sitting,
    part        text NOT NULL,
    version     integer NOT NULL,
    score       integer CONSTRAINT exam_score_score_check CHECK (score BETWEEN 0 AND 100),
    examiner_id uuid NOT NULL,
    reason      text,
    person_id   uuid NOT NULL,
    org_id      uuid NOT NULL,
    body_id     uuid NOT NULL,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (sitting_id, part, version),
    CONSTRAINT exam_score_reason_check CHECK (version = 1 OR reason IS NOT NULL)
);
REVOKE UPDATE, DELETE ON training.exam_score FROM training_app, training_system;

CREATE FUNCTION training.examines(exam uuid, person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM training.exam_examiner x WHERE x.exam_id = exam AND x.person_id = person);

CALL platform.protect('training.exam', $$
    org_id = platform.org() OR body_id = platform.org() OR platform.in_areas(county_code, area_code)
    OR (platform.person() IS NOT NULL AND training.examines(id, platform.person()))
$$, 'false');
CALL platform.protect('training.exam_examiner', $$
    person_id = platform.person() OR org_id = platform.org() OR body_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, 'false');
CALL platform.protect('training.exam_sitting', $$
    person_id = platform.person() OR org_id = platform.org() OR body_id = platform.org()
    OR platform.in_areas(county_code, area_code)
    OR (platform.person() IS NOT NULL AND training.examines(exam_id, platform.person()))
$$, 'false');
CALL platform.protect('training.exam_score', $$
    person_id = platform.person() OR examiner_id = platform.person() OR org_id = platform.org()
    OR body_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, 'false');
REVOKE INSERT, UPDATE, DELETE ON training.exam_part FROM training_app;

-- Examiner ≠ trainer, whoever writes the row.
CREATE FUNCTION training.exam_examiner_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    x training.exam;
BEGIN
    SELECT * INTO x FROM training.exam e WHERE e.id = NEW.exam_id;
    IF NOT EXISTS (SELECT FROM training.examiner r
                    WHERE r.org_id = x.body_id AND r.person_id = NEW.person_id AND r.ended_on IS NULL
                      AND (x.starts_at AT TIME ZONE 'Asia/Shanghai')::date <= r.until_on
                      AND (x.occupation_code IS NULL OR starts_with(x.occupation_code, r.occupation_code))) THEN
        PERFORM platform.refuse('training.examiner_unknown');
    ELSIF training.teaches_at(NEW.person_id, x.org_id) OR training.taught_class(NEW.person_id, x.class_id) THEN
        PERFORM platform.refuse('training.examiner_trains');
    ELSIF EXISTS (SELECT FROM training.enrolment e
                   WHERE e.class_id = x.class_id AND e.person_id = NEW.person_id) THEN
        PERFORM platform.refuse('training.examiner_enrolled');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exam_examiner_check BEFORE INSERT ON training.exam_examiner
    FOR EACH ROW EXECUTE FUNCTION training.exam_examiner_check();

-- 随机督考: which examinations are looked in on is drawn; what was found is added once,
-- and an irregularity stops the certificates until another officer clears it.
CREATE TABLE training.exam_visit (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    exam_id     uuid NOT NULL CONSTRAINT exam_visit_exam_fkey REFERENCES training.exam,
    class_title text NOT NULL,
    seed        text NOT NULL,
    drawn_by    uuid DEFAULT platform.actor(),
    state       text NOT NULL DEFAULT 'drawn' CONSTRAINT exam_visit_state_check
        CHECK (state IN ('drawn', 'regular', 'irregular', 'cleared')),
    officer_id  uuid,
    present     integer,
    note        text,
    visited_at  timestamptz,
    cleared_by  uuid,
    cleared_note text,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT exam_visit_exam_key UNIQUE (exam_id),
    CONSTRAINT exam_visit_hands_check CHECK (cleared_by <> officer_id),
    CONSTRAINT exam_visit_cleared_check CHECK ((state = 'cleared') = (cleared_by IS NOT NULL))
);
CREATE INDEX exam_visit_county ON training.exam_visit (county_code, id);
CALL platform.protect('training.exam_visit', $$platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON training.exam_visit FROM training_app, training_system;

CREATE FUNCTION training.exam_visit_reply(v training.exam_visit) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', v.id, 'exam_id', v.exam_id, 'class_title', v.class_title, 'seed', v.seed,
        'state', v.state, 'present', v.present, 'note', v.note, 'visited_at', v.visited_at,
        'cleared_note', v.cleared_note, 'county_code', v.county_code, 'created_at', v.created_at)::text
$$;

-- Volatile: the parts of an examination made by the same statement are seen.
CREATE FUNCTION training.exam_reply(x training.exam) RETURNS text
LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object('id', x.id, 'class_id', x.class_id, 'class_title', x.class_title,
        'org_id', x.org_id, 'body_id', x.body_id, 'body_name', x.body_name, 'kind', x.kind,
        'resit_of', x.resit_of, 'starts_at', x.starts_at, 'place', x.place, 'pass_score', x.pass_score,
        'occupation_code', x.occupation_code, 'level', x.level, 'state', x.state, 'reason', x.reason,
        'parts', (SELECT jsonb_agg(jsonb_build_object('code', p.code, 'weight', p.weight,
                      'pass_score', p.pass_score) ORDER BY p.code)
                    FROM training.exam_part p WHERE p.exam_id = x.id),
        'county_code', x.county_code, 'created_at', x.created_at)::text
$$;

CREATE FUNCTION training.exam_sitting_reply(s training.exam_sitting) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', s.id, 'exam_id', s.exam_id, 'enrolment_id', s.enrolment_id,
        'round', s.round, 'person_id', s.person_id, 'name_masked', s.name_masked, 'state', s.state,
        'score', s.score, 'is_passed', s.is_passed,
        'marks', coalesce((SELECT jsonb_agg(jsonb_build_object('part', m.part, 'version', m.version,
                      'score', m.score, 'reason', m.reason, 'at', m.created_at) ORDER BY m.part, m.version)
                    FROM training.exam_score m WHERE m.sitting_id = s.id), '[]'),
        'county_code', s.county_code, 'created_at', s.created_at)::text
$$;

-- The case of the examination's application goes with it.
CREATE FUNCTION training.exam_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM training.case_move('TR-25', NEW.id, NEW.state,
        CASE NEW.state WHEN 'closed' THEN 'done' WHEN 'cancelled' THEN 'withdrawn' END, NEW.reason);
    RETURN NULL;
END $$;
CREATE TRIGGER exam_case AFTER UPDATE ON training.exam
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION training.exam_case();

-- A class that is called off takes its examination with it.
CREATE FUNCTION training.exam_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE training.exam x SET state = 'cancelled', reason = coalesce(NEW.note, '培训班已取消')
     WHERE x.class_id = NEW.id AND x.state = 'scheduled';
    RETURN NULL;
END $$;
CREATE TRIGGER exam_follow AFTER UPDATE OF state ON training.class
    FOR EACH ROW WHEN (NEW.state = 'cancelled' AND OLD.state <> 'cancelled') EXECUTE FUNCTION training.exam_follow();
