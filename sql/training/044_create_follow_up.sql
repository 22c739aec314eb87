-- 培训后就业回访: 30, 90 and 180 days after the certificate, or without one after the end of
-- the class. Work that jobs tells of answers by itself; where data say nothing somebody
-- asks, and writes down what was said.

-- Who worked when: a projection of jobs' events.
CREATE TABLE training.job (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL,
    org_id      uuid,
    hired_on    date NOT NULL,
    ended_on    date,
    contract_type text,
    county_code text NOT NULL,
    area_code   text
);
CREATE INDEX job_person ON training.job (person_id);
CALL platform.protect('training.job', $$platform.in_areas(county_code, area_code)$$, 'false');

CREATE TABLE training.follow_up (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    enrolment_id    uuid NOT NULL CONSTRAINT follow_up_enrolment_fkey REFERENCES training.enrolment,
    class_id        uuid NOT NULL,
    class_title     text NOT NULL,
    org_id          uuid NOT NULL,
    person_id       uuid NOT NULL,
    name_masked     text NOT NULL,
    occupation_code text,
    class_county    text NOT NULL,
    stage           integer NOT NULL CONSTRAINT follow_up_stage_check CHECK (stage IN (30, 90, 180)),
    due_on          date NOT NULL,
    state           text NOT NULL DEFAULT 'waiting' CONSTRAINT follow_up_state_check
        CHECK (state IN ('waiting', 'open', 'done')),
    result          text CONSTRAINT follow_up_result_check
        CHECK (result IN ('employed', 'self_employed', 'unemployed', 'unwilling', 'studying', 'unreached')),
    source          text CONSTRAINT follow_up_source_check CHECK (source IN ('data', 'contact')),
    job_id          uuid,
    contacted_by    uuid,
    contacted_on    date,
    note            text,
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT follow_up_stage_key UNIQUE (enrolment_id, stage),
    CONSTRAINT follow_up_done_check CHECK ((state = 'done') = (result IS NOT NULL) AND (result IS NULL) = (source IS NULL))
);
CREATE INDEX follow_up_due ON training.follow_up (due_on) WHERE state = 'waiting';
CREATE INDEX follow_up_person ON training.follow_up (person_id);
CREATE INDEX follow_up_county ON training.follow_up (county_code, id);
CREATE INDEX follow_up_org ON training.follow_up (org_id, id);
CALL platform.protect('training.follow_up', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);

CREATE FUNCTION training.follow_reply(f training.follow_up) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', f.id, 'enrolment_id', f.enrolment_id, 'class_id', f.class_id,
        'class_title', f.class_title, 'org_id', f.org_id, 'person_id', f.person_id, 'name_masked', f.name_masked,
        'occupation_code', f.occupation_code, 'stage', f.stage, 'due_on', f.due_on, 'state', f.state,
        'overdue', f.state = 'open' AND f.due_on < platform.today(), 'result', f.result, 'source', f.source,
        'contacted_on', f.contacted_on, 'note', f.note, 'county_code', f.county_code, 'area_code', f.area_code,
        'created_at', f.created_at)::text
$$;

-- A certificate that comes later moves what is not due yet.
CREATE FUNCTION training.follow_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO training.follow_up AS f (enrolment_id, class_id, class_title, org_id, person_id, name_masked,
        occupation_code, class_county, stage, due_on, county_code, area_code)
    SELECT a.id, a.class_id, a.class_title, a.org_id, a.person_id, a.name_masked, k.occupation_code, a.county_code,
           s.days, CASE WHEN a.certificate_number IS NULL THEN a.completed_on
                        WHEN b.certificate_number IS NULL THEN platform.today()
                        ELSE c.issued_on END + s.days,
           coalesce(p.county_code, a.county_code), coalesce(p.area_code, a.area_code)
      FROM after a JOIN before b ON b.id = a.id JOIN training.class k ON k.id = a.class_id
      LEFT JOIN training.person p ON p.id = a.person_id
      LEFT JOIN training.certificate c ON c.enrolment_id = a.id
     CROSS JOIN (VALUES (30), (90), (180)) AS s (days)
     WHERE (a.completed_on IS NOT NULL AND b.completed_on IS NULL)
        OR (a.certificate_number IS NOT NULL AND b.certificate_number IS NULL)
        ON CONFLICT (enrolment_id, stage) DO UPDATE SET due_on = excluded.due_on
           WHERE f.state = 'waiting';
    RETURN NULL;
END $$;
CREATE TRIGGER follow_begin AFTER UPDATE ON training.enrolment
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION training.follow_begin();

-- What the data say of the day it was due: a job then answers, and one that turns out not
-- to have lasted opens it again. Told again it changes nothing.
CREATE FUNCTION training.follow_judge(people uuid[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH said AS (
        SELECT f.id, (SELECT j.id FROM training.job j
                       WHERE j.person_id = f.person_id AND j.hired_on <= f.due_on
                         AND coalesce(j.ended_on, 'infinity') > f.due_on
                       ORDER BY j.hired_on DESC, j.id LIMIT 1) AS job
          FROM training.follow_up f
         WHERE f.due_on <= platform.today() AND (f.person_id = ANY (people) OR (people IS NULL AND f.state = 'waiting'))
           AND f.source IS DISTINCT FROM 'contact'
    ), moved AS (
        UPDATE training.follow_up f
           SET state = CASE WHEN s.job IS NULL THEN 'open' ELSE 'done' END, job_id = s.job,
               result = CASE WHEN s.job IS NOT NULL THEN 'employed' END,
               source = CASE WHEN s.job IS NOT NULL THEN 'data' END
          FROM said s
         WHERE f.id = s.id AND (f.state = 'waiting' OR f.job_id IS DISTINCT FROM s.job)
        RETURNING f.id)
    SELECT count(*) FROM moved
$$;

CREATE FUNCTION training.job_put(id uuid, person uuid, org uuid, hired date, contract text, county text, area text)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO training.job AS j (id, person_id, org_id, hired_on, contract_type, county_code, area_code)
    VALUES (job_put.id, person, org, hired, contract, county, area)
        ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, hired_on = excluded.hired_on,
           contract_type = excluded.contract_type;
    SELECT training.job_heard(person, hired);
    SELECT training.follow_judge(ARRAY[person]);
$$;
CREATE FUNCTION training.job_end(id uuid, person uuid, ended date) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE training.job j SET ended_on = ended WHERE j.id = job_end.id;
    SELECT training.follow_judge(ARRAY[person]);
$$;
