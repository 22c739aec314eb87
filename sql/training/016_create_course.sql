-- Courses and trainers of an institution. A row is one version of a course and
-- is never changed, only retired: a class pins the version that it teaches.
CREATE TABLE training.course (
    id              uuid PRIMARY KEY,
    series_id       uuid NOT NULL,
    version         integer NOT NULL,
    org_id          uuid NOT NULL CONSTRAINT course_org_fkey REFERENCES training.org,
    org_name        text NOT NULL,
    title           text NOT NULL,
    occupation_code text,
    level           integer CONSTRAINT course_level_check CHECK (level BETWEEN 1 AND 5),
    module          text CONSTRAINT course_module_check
        CHECK (module IN ('gyb', 'syb', 'iyb', 'eyb', 'online')),
    theory_hours    integer NOT NULL,
    practice_hours  integer NOT NULL,
    outline         text NOT NULL,
    materials       jsonb NOT NULL DEFAULT '[]',
    fee_cents       bigint NOT NULL CONSTRAINT course_fee_check CHECK (fee_cents >= 0),
    retired_on      date,
    county_code     text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT course_version_key UNIQUE (series_id, version),
    CONSTRAINT course_hours_check CHECK (theory_hours >= 0 AND practice_hours >= 0
        AND theory_hours + practice_hours > 0),
    CONSTRAINT course_subject_check CHECK (num_nonnulls(occupation_code, module) = 1
        AND (occupation_code IS NULL) = (level IS NULL))
);
COMMENT ON COLUMN training.course.module IS '创业培训: no occupation, a module instead';
CREATE INDEX course_org_idx ON training.course (org_id, id);
CREATE INDEX course_live_idx ON training.course (id) WHERE retired_on IS NULL;
REVOKE UPDATE, DELETE ON training.course FROM training_app, training_system;
GRANT UPDATE (retired_on) ON training.course TO training_app, training_system;
CALL platform.protect('training.course', 'true', 'org_id = platform.org()');

CREATE FUNCTION training.course_fits(course uuid, org uuid, occupation text, level integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM training.course c
                WHERE c.id = course AND c.org_id = org AND c.retired_on IS NULL
                  AND c.occupation_code IS NOT DISTINCT FROM occupation
                  AND c.level IS NOT DISTINCT FROM course_fits.level);
COMMENT ON FUNCTION training.course_fits(uuid, uuid, text, integer) IS
    'a version in use of the organisation, of exactly that occupation and level (both none: 创业培训)';

CREATE FUNCTION training.course_json(c training.course) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', c.id, 'series_id', c.series_id, 'version', c.version, 'org_id', c.org_id,
    'org_name', c.org_name, 'title', c.title, 'occupation_code', c.occupation_code, 'level', c.level,
    'module', c.module, 'theory_hours', c.theory_hours, 'practice_hours', c.practice_hours,
    'outline', c.outline, 'materials', c.materials, 'fee_cents', c.fee_cents, 'currency', 'CNY',
    'retired_on', c.retired_on, 'county_code', c.county_code, 'created_at', c.created_at);

CREATE FUNCTION training.course_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.course.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('course_id', NEW.id, 'series_id', NEW.series_id, 'version', NEW.version,
                'org_id', NEW.org_id, 'occupation_code', NEW.occupation_code, 'level', NEW.level,
                'module', NEW.module, 'retired_on', NEW.retired_on, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER course_tells AFTER INSERT OR UPDATE ON training.course
    FOR EACH ROW EXECUTE FUNCTION training.course_tells();

-- Names are read where they are kept, so that an erased one is erased everywhere.
CREATE FUNCTION training.name_of(person uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN (SELECT p.name_masked FROM training.person p WHERE p.id = person);

-- 师资: of one or several institutions, one row each, confirmed by the person.
CREATE TABLE training.trainer (
    id            uuid PRIMARY KEY,
    org_id        uuid NOT NULL CONSTRAINT trainer_org_fkey REFERENCES training.org,
    org_name      text NOT NULL,
    person_id     uuid NOT NULL CONSTRAINT trainer_person_fkey REFERENCES training.person,
    qualification text NOT NULL,
    occupations   jsonb NOT NULL,
    state         text NOT NULL DEFAULT 'invited' CONSTRAINT trainer_state_check CHECK (state IN
        ('invited', 'confirmed', 'declined', 'left')),
    invited_by    uuid NOT NULL DEFAULT platform.actor(),
    confirmed_on  date,
    left_on       date,
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT trainer_confirmed_check CHECK (state <> 'confirmed' OR confirmed_on IS NOT NULL),
    CONSTRAINT trainer_left_check CHECK ((state = 'left') = (left_on IS NOT NULL))
);
CREATE UNIQUE INDEX trainer_once_key ON training.trainer (org_id, person_id)
    WHERE state IN ('invited', 'confirmed');
CREATE INDEX trainer_person_idx ON training.trainer (person_id, id);
CREATE INDEX trainer_county_idx ON training.trainer (county_code, id);
REVOKE DELETE ON training.trainer FROM training_app, training_system;
CALL platform.protect('training.trainer', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR org_id = platform.org()
$$);

CREATE FUNCTION training.trainer_fits(trainer uuid, org uuid, occupation text, level integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM training.trainer t
                WHERE t.id = trainer AND t.org_id = org AND t.state = 'confirmed'
                  AND (occupation IS NULL OR training.occupations_cover(t.occupations, occupation, level)));
COMMENT ON FUNCTION training.trainer_fits(uuid, uuid, text, integer) IS
    'a confirmed trainer of the organisation who teaches the occupation up to that level';

CREATE FUNCTION training.trainer_json(t training.trainer) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', t.id, 'org_id', t.org_id, 'org_name', t.org_name, 'person_id', t.person_id,
    'name_masked', training.name_of(t.person_id), 'qualification', t.qualification,
    'occupations', t.occupations, 'state', t.state, 'confirmed_on', t.confirmed_on, 'left_on', t.left_on,
    'county_code', t.county_code, 'created_at', t.created_at);

CREATE FUNCTION training.trainer_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.trainer.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('trainer_id', NEW.id, 'org_id', NEW.org_id, 'person_id', NEW.person_id,
                'state', NEW.state, 'county_code', NEW.county_code));
    IF NEW.state = 'invited' THEN
        PERFORM training.tell(NEW.person_id, NULL, 'trainer_invited', NEW.org_name || ' 将您登记为培训教师',
            '请确认是否属实：' || NEW.qualification, 'trainer', NEW.id);
    ELSIF NEW.state <> 'left' THEN
        PERFORM training.tell(NULL, NEW.org_id, 'trainer_' || NEW.state, '培训教师 ' || training.name_of(NEW.person_id)
            || CASE NEW.state WHEN 'confirmed' THEN ' 已确认' ELSE ' 未予确认' END, '', 'trainer', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER trainer_tells AFTER INSERT OR UPDATE ON training.trainer
    FOR EACH ROW EXECUTE FUNCTION training.trainer_tells();
