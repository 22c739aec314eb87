-- How an examination goes: scheduled, scored row by row by its examiners, closed, sat once
-- more by those who failed or were absent. What a sitting comes to is written to the
-- enrolment at once; once a certificate stands on it, it stays.

-- Parts make a whole: their weights sum to 100. No parts: one, the whole.
CREATE FUNCTION training.exam_parts(exam uuid, parts jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO training.exam_part (exam_id, code, weight, pass_score)
    SELECT exam, p.code, p.weight, coalesce(p.pass_score, 0)
      FROM jsonb_to_recordset(parts) AS p (code text, weight integer, pass_score integer)
        ON CONFLICT DO NOTHING;
    IF (SELECT sum(p.weight) <> 100 OR count(*) <> jsonb_array_length(parts)
          FROM training.exam_part p WHERE p.exam_id = exam) THEN
        PERFORM platform.refuse('training.part_weights /parts');
    END IF;
END $$;

CREATE FUNCTION training.exam_examiners(exam uuid, people jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO training.exam_examiner (exam_id, person_id, name_masked, org_id, body_id, county_code, area_code)
    SELECT x.id, (i ->> 'person_id')::uuid, coalesce(p.name_masked, '*'), x.org_id, x.body_id, x.county_code,
           x.area_code
      FROM training.exam x CROSS JOIN jsonb_array_elements(people) AS i
      LEFT JOIN training.person p ON p.id = (i ->> 'person_id')::uuid
     WHERE x.id = exam
        ON CONFLICT DO NOTHING
$$;

-- The institution's class, of an occupation that the assessing body may assess.
CREATE FUNCTION training.exam_open(new_id uuid, class uuid, org uuid, body uuid, kind text, starts_at timestamptz,
    place text) RETURNS training.exam
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    c training.class;
    b training.org;
    x training.exam;
BEGIN
    SELECT * INTO c FROM training.class k WHERE k.id = class AND k.org_id = org FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO b FROM training.org o WHERE o.id = body AND o.kind = 'institution';
    -- 创业培训 is of no occupation: its own institution sees what was learnt, and nobody is certified.
    IF b.id IS NULL OR NOT ((c.occupation_code IS NULL AND body = org) OR training.may_assess(body,
        coalesce(c.occupation_code, '?'), c.level, (exam_open.starts_at AT TIME ZONE 'Asia/Shanghai')::date)) THEN
        PERFORM platform.refuse('training.no_assessing_right');
    END IF;
    INSERT INTO training.exam AS e (id, class_id, class_title, org_id, body_id, body_name, kind, starts_at, place,
        pass_score, occupation_code, level, county_code, area_code)
    VALUES (new_id, c.id, c.title, c.org_id, b.id, b.name, exam_open.kind, exam_open.starts_at, exam_open.place,
        c.pass_score, c.occupation_code, c.level, c.county_code, c.area_code)
    RETURNING e.* INTO x;
    RETURN x;
END $$;

CREATE FUNCTION training.exam_seat(exam uuid, enrolments uuid[], round integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH made AS (
        INSERT INTO training.exam_sitting (exam_id, enrolment_id, round, person_id, name_masked, org_id, body_id,
                                           county_code, area_code)
        SELECT x.id, e.id, exam_seat.round, e.person_id, e.name_masked, x.org_id, x.body_id, x.county_code,
               x.area_code
          FROM training.exam x JOIN training.enrolment e ON e.class_id = x.class_id
         WHERE x.id = exam AND e.id = ANY (enrolments) AND e.state = 'enrolled'
           AND training.attended_enough(e.id) ORDER BY e.id
            ON CONFLICT (enrolment_id, round) DO NOTHING
        RETURNING person_id)
    SELECT count(*) FROM (SELECT training.tell(m.person_id, NULL, 'training.exam', '考试安排已公布',
               '您所在的培训班已安排职业技能考试，请查看时间和地点', 'exam', exam) FROM made m) AS told
$$;

-- Everybody in a class that has stopped enrolling, whether it still runs or not.
CREATE FUNCTION training.exam_schedule(new_id uuid, class uuid, org uuid, body uuid, starts_at timestamptz,
    place text, parts jsonb, examiners jsonb) RETURNS training.exam
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    x training.exam;
BEGIN
    IF EXISTS (SELECT FROM training.class k WHERE k.id = class AND k.org_id = org
                  AND k.state NOT IN ('running', 'completed')) THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF EXISTS (SELECT FROM training.exam e WHERE e.class_id = class AND e.org_id = org AND e.state <> 'cancelled') THEN
        PERFORM platform.refuse('training.exam_scheduled');
    ELSIF starts_at < platform.now() THEN
        PERFORM platform.refuse('training.exam_past /starts_at');
    END IF;
    x := training.exam_open(new_id, class, org, body, 'regular', starts_at, place);
    IF x.id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM training.exam_parts(x.id, parts);
    PERFORM training.exam_examiners(x.id, examiners);
    PERFORM training.exam_seat(x.id, ARRAY(SELECT e.id FROM training.enrolment e WHERE e.class_id = class), 1);
    IF body <> org THEN
        PERFORM training.tell(NULL, body, 'training.exam', '有新的考试申报', x.class_title, 'exam', x.id);
    END IF;
    RETURN x;
END $$;

-- Once more, for those who failed or were absent, in the same parts.
CREATE FUNCTION training.exam_resit(new_id uuid, exam uuid, org uuid, starts_at timestamptz, place text,
    examiners jsonb) RETURNS training.exam
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    was training.exam;
    x   training.exam;
    who uuid[];
BEGIN
    SELECT * INTO was FROM training.exam e WHERE e.id = exam AND e.org_id = org FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF was.kind <> 'regular' OR EXISTS (SELECT FROM training.exam e WHERE e.resit_of = was.id) THEN
        PERFORM platform.refuse('training.resit_once');
    ELSIF was.state <> 'closed' THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF starts_at < platform.now() THEN
        PERFORM platform.refuse('training.exam_past /starts_at');
    END IF;
    who := ARRAY(SELECT s.enrolment_id FROM training.exam_sitting s WHERE s.exam_id = was.id AND NOT s.is_passed);
    IF cardinality(who) = 0 THEN
        PERFORM platform.refuse('training.resit_none');
    END IF;
    INSERT INTO training.exam AS e (id, class_id, class_title, org_id, body_id, body_name, kind, resit_of, starts_at,
        place, pass_score, occupation_code, level, county_code, area_code)
    VALUES (new_id, was.class_id, was.class_title, was.org_id, was.body_id, was.body_name, 'resit', was.id,
        exam_resit.starts_at, exam_resit.place, was.pass_score, was.occupation_code, was.level, was.county_code,
        was.area_code)
    RETURNING e.* INTO x;
    INSERT INTO training.exam_part SELECT x.id, p.code, p.weight, p.pass_score FROM training.exam_part p WHERE p.exam_id = was.id;
    PERFORM training.exam_examiners(x.id, examiners);
    PERFORM training.exam_seat(x.id, who, 2);
    RETURN x;
END $$;

-- What the last marks of a sitting come to: by weight, half up; every part's own mark counts too.
CREATE FUNCTION training.exam_settle(sitting uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    whole  integer;
    passed boolean;
    missing boolean;
    s training.exam_sitting;
BEGIN
    SELECT bool_or(m.score IS NULL), ((sum(p.weight * m.score) + 50) / 100)::integer,
           bool_and(m.score >= p.pass_score) AND (sum(p.weight * m.score) + 50) / 100 >= max(x.pass_score)
      INTO missing, whole, passed
      FROM training.exam_sitting t JOIN training.exam x ON x.id = t.exam_id
      JOIN training.exam_part p ON p.exam_id = x.id
      LEFT JOIN LATERAL (SELECT h.score FROM training.exam_score h WHERE h.sitting_id = t.id AND h.part = p.code
                          ORDER BY h.version DESC LIMIT 1) AS m ON true
     WHERE t.id = sitting;
    IF missing THEN
        RETURN;
    END IF;
    UPDATE training.exam_sitting t SET state = 'sat', score = whole, is_passed = passed
     WHERE t.id = sitting RETURNING t.* INTO s;
    UPDATE training.enrolment e SET score = whole, is_passed = passed WHERE e.id = s.enrolment_id;
END $$;

-- One mark, or one absence, by one examiner of the examination.
CREATE FUNCTION training.exam_mark(exam training.exam, examiner uuid, enrolment uuid, part text, score integer,
    absent boolean, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    s    training.exam_sitting;
    last integer;
BEGIN
    SELECT * INTO s FROM training.exam_sitting t WHERE t.exam_id = exam.id AND t.enrolment_id = enrolment FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM platform.refuse('request.not_found');
    ELSIF EXISTS (SELECT FROM training.enrolment e WHERE e.id = enrolment AND e.certificate_number IS NOT NULL) THEN
        PERFORM platform.refuse('training.already_certified');
    ELSIF coalesce(absent, false) THEN
        IF EXISTS (SELECT FROM training.exam_score m WHERE m.sitting_id = s.id) THEN
            PERFORM platform.refuse('state.wrong');
        END IF;
        UPDATE training.exam_sitting t SET state = 'absent' WHERE t.id = s.id;
        RETURN;
    ELSIF score IS NULL OR NOT EXISTS (SELECT FROM training.exam_part p WHERE p.exam_id = exam.id AND p.code = exam_mark.part) THEN
        PERFORM platform.refuse('training.part_unknown');
    END IF;
    SELECT max(m.version) INTO last FROM training.exam_score m WHERE m.sitting_id = s.id AND m.part = exam_mark.part;
    IF (last IS NOT NULL OR s.state = 'absent') AND reason IS NULL THEN
        PERFORM platform.refuse('training.correction_reason');
    END IF;
    INSERT INTO training.exam_score (sitting_id, part, version, score, examiner_id, reason, person_id, org_id, body_id,
        county_code, area_code)
    VALUES (s.id, exam_mark.part, coalesce(last, 0) + 1, exam_mark.score, examiner, exam_mark.reason, s.person_id,
        s.org_id, s.body_id, s.county_code, s.area_code);
    PERFORM training.exam_settle(s.id);
END $$;

-- A sheet of marks, answered row by row: what is wrong with one does not undo the others.
CREATE FUNCTION training.exam_score(exam uuid, examiner uuid, marks jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    x    training.exam;
    m    record;
    said jsonb := '[]';
    code text;
BEGIN
    SELECT e.* INTO x FROM training.exam e
     WHERE e.id = exam AND training.examines(e.id, examiner) FOR SHARE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF x.state = 'cancelled' THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF platform.now() < x.starts_at THEN
        PERFORM platform.refuse('training.exam_not_begun');
    ELSIF training.teaches_at(examiner, x.org_id) THEN      -- since they were named
        PERFORM platform.refuse('training.examiner_trains');
    END IF;
    FOR m IN SELECT r.*, n FROM jsonb_array_elements(marks) WITH ORDINALITY AS a (o, n),
             jsonb_to_record(o) AS r (enrolment_id uuid, part text, score integer, absent boolean, reason text) ORDER BY n LOOP
        code := NULL;
        BEGIN
            PERFORM training.exam_mark(x, examiner, m.enrolment_id, m.part, m.score, m.absent, m.reason);
        EXCEPTION WHEN SQLSTATE 'YJ002' THEN
            code := SQLERRM;
        END;
        said := said || jsonb_build_object('enrolment_id', m.enrolment_id, 'part', m.part, 'ok', code IS NULL, 'code', code);
    END LOOP;
    RETURN jsonb_build_object('exam_id', x.id, 'rows', said);
END $$;

-- Everybody has a result or was absent.
CREATE FUNCTION training.exam_close(exam uuid, body uuid) RETURNS training.exam
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    x training.exam;
BEGIN
    SELECT * INTO x FROM training.exam e WHERE e.id = exam AND e.body_id = body FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF x.state <> 'scheduled' OR x.kind = 'short' THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF EXISTS (SELECT FROM training.exam_sitting s WHERE s.exam_id = exam AND s.state = 'expected') THEN
        PERFORM platform.refuse('training.scores_missing');
    END IF;
    UPDATE training.exam e SET state = 'closed' WHERE e.id = exam RETURNING e.* INTO x;
    RETURN x;
END $$;

CREATE FUNCTION training.exam_cancel(exam uuid, org uuid, reason text) RETURNS training.exam
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    x training.exam;
BEGIN
    SELECT * INTO x FROM training.exam e WHERE e.id = exam AND e.org_id = org FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF x.state <> 'scheduled' OR x.kind <> 'regular'
       OR EXISTS (SELECT FROM training.exam_sitting s WHERE s.exam_id = exam AND s.state <> 'expected')
       OR EXISTS (SELECT FROM training.exam_score m JOIN training.exam_sitting s ON s.id = m.sitting_id
                   WHERE s.exam_id = exam) THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    DELETE FROM training.exam_sitting s WHERE s.exam_id = exam;
    UPDATE training.exam e SET state = 'cancelled', reason = exam_cancel.reason WHERE e.id = exam RETURNING e.* INTO x;
    RETURN x;
END $$;

-- The short way, without a date set before: one part, by one registered examiner, on the
-- day itself. Its first mark ends enrolment; while the class runs it may be put right.
CREATE FUNCTION training.exam_short(enrolment uuid, org uuid, examiner uuid, score integer, reason text)
RETURNS training.enrolment LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    e training.enrolment;
    c training.class;
    x training.exam;
BEGIN
    SELECT k.* INTO c FROM training.class k JOIN training.enrolment n ON n.class_id = k.id
     WHERE n.id = enrolment AND n.org_id = org AND n.state = 'enrolled' FOR UPDATE OF k;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF c.starts_on > platform.today() THEN
        PERFORM platform.refuse('training.not_started');
    ELSIF c.state NOT IN ('open', 'running') THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF EXISTS (SELECT FROM training.exam o WHERE o.class_id = c.id AND o.kind = 'regular' AND o.state <> 'cancelled') THEN
        PERFORM platform.refuse('training.exam_scheduled');
    END IF;
    SELECT * INTO x FROM training.exam o WHERE o.class_id = c.id AND o.kind = 'short';
    IF NOT FOUND THEN
        x := training.exam_open(platform.uuid7(), c.id, org, org, 'short', platform.now(), c.title);
        PERFORM training.exam_parts(x.id, '[{"code": "whole", "weight": 100}]');
    END IF;
    PERFORM training.exam_examiners(x.id, jsonb_build_array(jsonb_build_object('person_id', examiner)));
    INSERT INTO training.exam_sitting (exam_id, enrolment_id, round, person_id, name_masked, org_id, body_id, county_code,
        area_code)
    SELECT x.id, n.id, 1, n.person_id, n.name_masked, x.org_id, x.body_id, x.county_code, x.area_code
      FROM training.enrolment n WHERE n.id = enrolment
        ON CONFLICT (enrolment_id, round) DO NOTHING;
    PERFORM training.exam_mark(x, examiner, enrolment, 'whole', score, false, reason);
    UPDATE training.class k SET state = 'running' WHERE k.id = c.id AND k.state = 'open';
    SELECT * INTO e FROM training.enrolment n WHERE n.id = enrolment;
    RETURN e;
END $$;

-- Drawn from what is to come: everybody can work out the same list from the seed.
CREATE FUNCTION training.exam_draw(county text, from_on date, to_on date, count integer, seed text)
RETURNS SETOF training.exam_visit LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO training.exam_visit (exam_id, class_title, seed, county_code, area_code)
    SELECT x.id, x.class_title, exam_draw.seed, x.county_code, x.area_code
      FROM training.exam x
     WHERE x.county_code = county AND x.state = 'scheduled' AND x.kind <> 'short'
       AND (x.starts_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN exam_draw.from_on AND exam_draw.to_on
       AND NOT EXISTS (SELECT FROM training.exam_visit v WHERE v.exam_id = x.id)
     ORDER BY sha256(convert_to(exam_draw.seed || x.id, 'UTF8'))
     LIMIT exam_draw.count
    RETURNING *
$$;
