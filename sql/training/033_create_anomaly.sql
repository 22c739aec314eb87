-- Anomalies of attendance: what a rule found about a session after it ended,
-- with the facts and the attendances that fall with it. An officer of the
-- county says explained or confirmed; the institution may appeal once, which
-- another officer decides. What is confirmed is not counted.

CREATE TABLE training.anomaly_rule (
    code      text PRIMARY KEY,
    threshold text,
    ord       integer NOT NULL
);
COMMENT ON TABLE training.anomaly_rule IS 'public: what is looked for, nothing about anybody';
COMMENT ON COLUMN training.anomaly_rule.threshold IS 'code of attend_rule; until it is set the rule finds nothing';
CALL platform.protect('training.anomaly_rule', 'true', 'false');

INSERT INTO training.anomaly_rule (code, threshold, ord) VALUES
    ('hand_mark', NULL, 1), ('hand_late', NULL, 2), ('hand_share', 'hand_share_percent', 3),
    ('far', 'far_metres', 4), ('device', NULL, 5), ('travel', 'travel_kmh', 6), ('burst', 'burst_seconds', 7),
    ('no_sign_out', NULL, 8), ('holiday', NULL, 9), ('check_missed', NULL, 10), ('count_short', NULL, 11),
    ('employed', NULL, 12);

CREATE TABLE training.anomaly (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    rule_code     text NOT NULL CONSTRAINT anomaly_rule_fkey REFERENCES training.anomaly_rule,
    session_id    uuid NOT NULL CONSTRAINT anomaly_session_fkey REFERENCES training.session,
    class_id      uuid NOT NULL,
    class_title   text NOT NULL,
    org_id        uuid NOT NULL,
    enrolment_id  uuid CONSTRAINT anomaly_enrolment_fkey REFERENCES training.enrolment,
    person_id     uuid,
    name_masked   text,
    key           text NOT NULL,
    facts         jsonb NOT NULL,
    attendance_ids uuid[] NOT NULL,
    state         text NOT NULL DEFAULT 'open' CONSTRAINT anomaly_state_check
        CHECK (state IN ('open', 'explained', 'confirmed', 'appealed', 'upheld', 'revoked')),
    explanation   text,
    judged_by     uuid,
    judged_at     timestamptz,
    judged_note   text,
    appeal_reason text,
    appealed_at   timestamptz,
    decided_by    uuid,
    decided_at    timestamptz,
    decided_note  text,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT anomaly_once UNIQUE (session_id, rule_code, key),
    CONSTRAINT anomaly_hands_check CHECK (decided_by <> judged_by),
    CONSTRAINT anomaly_judged_check CHECK ((state = 'open') = (judged_by IS NULL)),
    CONSTRAINT anomaly_appeal_check CHECK ((state IN ('appealed', 'upheld', 'revoked')) = (appeal_reason IS NOT NULL)),
    CONSTRAINT anomaly_decided_check CHECK ((state IN ('upheld', 'revoked')) = (decided_by IS NOT NULL))
);
COMMENT ON COLUMN training.anomaly.key IS 'of several of one rule in one session: enrolment, device or check';
CREATE INDEX anomaly_county_idx ON training.anomaly (county_code, id);
CREATE INDEX anomaly_org_idx ON training.anomaly (org_id, id);
CREATE INDEX attendance_device_idx ON training.attendance (device_index, attended_on) WHERE device_index IS NOT NULL;
CALL platform.protect('training.anomaly', $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);
REVOKE INSERT, DELETE ON training.anomaly FROM training_app;
REVOKE UPDATE ON training.anomaly FROM training_app;
GRANT UPDATE (state, explanation, judged_by, judged_at, judged_note, appeal_reason, appealed_at, decided_by,
              decided_at, decided_note) ON training.anomaly TO training_app;

CREATE FUNCTION training.anomaly_json(a training.anomaly) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'rule_code', a.rule_code, 'session_id', a.session_id,
        'class_id', a.class_id, 'class_title', a.class_title, 'org_id', a.org_id,
        'enrolment_id', a.enrolment_id, 'person_id', a.person_id, 'name_masked', a.name_masked,
        'facts', a.facts, 'attendances', cardinality(a.attendance_ids), 'state', a.state,
        'explanation', a.explanation, 'judged_at', a.judged_at, 'judged_note', a.judged_note,
        'appeal_reason', a.appeal_reason, 'appealed_at', a.appealed_at, 'decided_at', a.decided_at,
        'decided_note', a.decided_note, 'county_code', a.county_code, 'created_at', a.created_at)
$$;

-- What each rule sees in these sessions. Set-based: one query a rule.
CREATE FUNCTION training.anomaly_rows(ids uuid[]) RETURNS TABLE (
    rule_code text, session_id uuid, enrolment_id uuid, key text, facts jsonb, attendance_ids uuid[])
LANGUAGE sql STABLE AS $$
    WITH s AS (
        SELECT x.id, x.during, x.on_day, x.is_holiday, upper(x.during) + training.sign_margin(x.on_day) AS closed_at
          FROM training.session x WHERE x.id = ANY (ids)
    ), a AS (
        SELECT t.*, s.on_day, s.closed_at, s.is_holiday
          FROM training.attendance t JOIN s ON s.id = t.session_id
    ), rule AS (
        SELECT r.code, s.id AS session_id, training.attend_rule_on(r.threshold, s.on_day) AS most
          FROM training.anomaly_rule r CROSS JOIN s WHERE r.threshold IS NOT NULL
    ), used AS (
        SELECT DISTINCT d.session_id, d.device, d.person_id, d.id, d.attended_on
          FROM a CROSS JOIN LATERAL (VALUES (a.session_id, a.device_index, a.person_id, a.id, a.attended_on),
              (a.session_id, a.out_device_index, a.person_id, a.id, a.attended_on))
              AS d (session_id, device, person_id, id, attended_on)
         WHERE d.device IS NOT NULL
    )
    SELECT 'hand_mark', a.session_id, a.enrolment_id, a.enrolment_id::text,
           jsonb_build_object('reason', a.reason), ARRAY[a.id]
      FROM a WHERE a.way = 'hand'
    UNION ALL
    SELECT 'hand_late', a.session_id, a.enrolment_id, a.enrolment_id::text,
           jsonb_build_object('marked_at', a.created_at), ARRAY[a.id]
      FROM a WHERE a.way = 'hand' AND a.created_at > a.closed_at
    UNION ALL
    SELECT 'hand_share', a.session_id, NULL, '', jsonb_build_object('by_hand', count(*) FILTER (WHERE a.way = 'hand'),
               'attended', count(*), 'percent', min(r.most)), array_agg(a.id) FILTER (WHERE a.way = 'hand')
      FROM a JOIN rule r ON r.code = 'hand_share' AND r.session_id = a.session_id
     GROUP BY a.session_id
    HAVING count(*) FILTER (WHERE a.way = 'hand') * 100 > min(r.most) * count(*)
    UNION ALL
    SELECT 'far', a.session_id, a.enrolment_id, a.enrolment_id::text,
           jsonb_build_object('metres', greatest(a.in_metres, a.out_metres), 'most', r.most), ARRAY[a.id]
      FROM a JOIN rule r ON r.code = 'far' AND r.session_id = a.session_id
     WHERE greatest(a.in_metres, a.out_metres) > r.most
    UNION ALL
    SELECT 'device', u.session_id, NULL, substr(u.device, 1, 16),
           jsonb_build_object('people', (SELECT count(DISTINCT o.person_id) FROM training.attendance o
               WHERE o.device_index = u.device AND o.attended_on = min(u.attended_on))), array_agg(DISTINCT u.id)
      FROM used u
     GROUP BY u.session_id, u.device
    HAVING count(DISTINCT u.person_id) > 1
        OR EXISTS (SELECT FROM training.attendance o WHERE o.device_index = u.device
                      AND o.attended_on = min(u.attended_on) AND o.person_id <> ALL (array_agg(u.person_id)))
    UNION ALL
    SELECT 'travel', a.session_id, a.enrolment_id, a.enrolment_id::text,
           jsonb_build_object('kmh', a.travel_kmh, 'most', r.most), ARRAY[a.id]
      FROM a JOIN rule r ON r.code = 'travel' AND r.session_id = a.session_id
     WHERE a.travel_kmh > r.most
    UNION ALL
    SELECT 'burst', a.session_id, NULL, '', jsonb_build_object('people', count(*),
               'seconds', floor(extract(epoch FROM max(a.in_at) - min(a.in_at)))::integer), array_agg(a.id)
      FROM a JOIN rule r ON r.code = 'burst' AND r.session_id = a.session_id
     WHERE a.in_at IS NOT NULL
     GROUP BY a.session_id
    HAVING count(*) > 2 AND extract(epoch FROM max(a.in_at) - min(a.in_at)) <= min(r.most)
    UNION ALL
    SELECT 'no_sign_out', a.session_id, NULL, '', jsonb_build_object('people', count(*)), array_agg(a.id)
      FROM a WHERE a.way = 'code'
     GROUP BY a.session_id HAVING count(a.out_at) = 0
    UNION ALL
    SELECT 'holiday', a.session_id, NULL, '', jsonb_build_object('on', min(a.on_day), 'people', count(*)),
           array_agg(a.id)
      FROM a WHERE a.is_holiday
     GROUP BY a.session_id
    UNION ALL
    SELECT 'check_missed', w.session_id, w.enrolment_id, w.enrolment_id::text, jsonb_build_object('times', count(*)),
           (SELECT coalesce(array_agg(a.id), '{}') FROM a
             WHERE a.session_id = w.session_id AND a.enrolment_id = w.enrolment_id)
      FROM training.check_answer w JOIN s ON s.id = w.session_id
     WHERE w.state IN ('missed', 'absent')
     GROUP BY w.session_id, w.enrolment_id
    UNION ALL
    SELECT 'count_short', k.session_id, NULL, k.id::text,
           jsonb_build_object('signed', k.signed, 'headcount', k.headcount), '{}'
      FROM training.attend_check k JOIN s ON s.id = k.session_id
     WHERE k.kind = 'count' AND k.headcount < k.signed - (SELECT count(*) FROM training.check_answer w
                                                          WHERE w.check_id = k.id AND w.state = 'absent')
$$;

-- Who was in full-time work for somebody else that day, a working day: to be
-- explained, not refused. Apprentices are meant to have work. (training.job is
-- made later than this; a plpgsql body is read when it runs.)
CREATE FUNCTION training.anomaly_employed(ids uuid[]) RETURNS TABLE (
    rule_code text, session_id uuid, enrolment_id uuid, key text, facts jsonb, attendance_ids uuid[])
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT 'employed', a.session_id, a.enrolment_id, a.enrolment_id::text,
           jsonb_build_object('contract_type', min(j.contract_type), 'hired_on', min(j.hired_on)), ARRAY[a.id]
      FROM training.session s
      JOIN training.class c ON c.id = s.class_id AND c.kind <> 'apprentice'
      JOIN training.attendance a ON a.session_id = s.id
      JOIN training.job j ON j.person_id = a.person_id AND j.org_id <> s.org_id AND j.hired_on <= s.on_day
           AND coalesce(j.ended_on, 'infinity') > s.on_day AND j.contract_type IS DISTINCT FROM 'part_time'
     WHERE s.id = ANY (ids) AND extract(isodow FROM s.on_day) < 6 AND NOT s.is_holiday
     GROUP BY a.id, a.session_id, a.enrolment_id;
END $$;

-- A job heard of late: what was attended since is judged anew.
CREATE FUNCTION training.job_heard(person uuid, since date) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE training.session s SET judged_at = NULL
     WHERE s.judged_at IS NOT NULL AND s.id IN (SELECT a.session_id FROM training.attendance a
                                                 WHERE a.person_id = person AND a.attended_on >= since)
$$;

-- Sessions that are over and not judged since something was signed there. Run
-- again it finds the same and adds nothing. The institutions are told.
CREATE FUNCTION training.anomaly_scan() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    ids   uuid[];
    found bigint;
BEGIN
    ids := ARRAY(SELECT s.id FROM training.session s
                  WHERE s.judged_at IS NULL AND s.state = 'planned'
                    AND upper(s.during) + training.sign_margin(s.on_day) < platform.now()
                  ORDER BY upper(s.during) LIMIT 500 FOR UPDATE SKIP LOCKED);
    WITH made AS (
        INSERT INTO training.anomaly AS n (rule_code, session_id, class_id, class_title, org_id, enrolment_id, person_id,
                                           name_masked, key, facts, attendance_ids, county_code, area_code)
        SELECT r.rule_code, s.id, s.class_id, s.class_title, s.org_id, e.id, e.person_id, e.name_masked, r.key,
               r.facts, r.attendance_ids, s.county_code, s.area_code
          FROM (SELECT * FROM training.anomaly_rows(ids) UNION ALL
                SELECT * FROM training.anomaly_employed(ids)) r
          JOIN training.session s ON s.id = r.session_id
          LEFT JOIN training.enrolment e ON e.id = r.enrolment_id
        ON CONFLICT (session_id, rule_code, key) DO NOTHING
        RETURNING n.session_id, n.org_id, n.class_title
    ), told AS (
        SELECT training.tell(NULL, m.org_id, 'anomaly', '考勤异常待说明', m.class_title || '：' || count(*) || ' 项',
                             'session', m.session_id)
          FROM made m GROUP BY m.session_id, m.org_id, m.class_title
    )
    SELECT (SELECT count(*) FROM made) + 0 * (SELECT count(*) FROM told) INTO found;
    UPDATE training.session SET judged_at = platform.now() WHERE id = ANY (ids);
    RETURN found;
END $$;

-- Which state may follow which, whatever statement moves it.
CREATE FUNCTION training.anomaly_before() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (('open', 'explained'), ('open', 'confirmed'), ('confirmed', 'appealed'),
                                      ('appealed', 'upheld'), ('appealed', 'revoked')) THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER anomaly_before BEFORE UPDATE OF state ON training.anomaly
    FOR EACH ROW EXECUTE FUNCTION training.anomaly_before();

-- A confirmed anomaly takes its attendances out, a revoked one lets them back
-- in unless another holds them out.
CREATE FUNCTION training.anomaly_after() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE training.attendance AS t SET is_void = NOT t.is_void
     WHERE t.id = ANY (NEW.attendance_ids)
       AND t.is_void <> EXISTS (SELECT FROM training.anomaly x
                                 WHERE x.session_id = NEW.session_id AND t.id = ANY (x.attendance_ids)
                                   AND x.state IN ('confirmed', 'appealed', 'upheld'));
    IF NEW.state IN ('confirmed', 'revoked') THEN
        INSERT INTO training.outbox (type, key, area_code, payload)
        VALUES (CASE NEW.state WHEN 'confirmed' THEN 'training.anomaly.confirmed.v1'
                    ELSE 'training.anomaly.revoked.v1' END, NEW.id::text, NEW.county_code, jsonb_build_object(
            'anomaly_id', NEW.id, 'rule_code', NEW.rule_code, 'session_id', NEW.session_id,
            'class_id', NEW.class_id, 'org_id', NEW.org_id, 'enrolment_id', NEW.enrolment_id,
            'person_id', NEW.person_id, 'attendance_ids', to_jsonb(NEW.attendance_ids),
            'county_code', NEW.county_code));
        PERFORM training.tell(t.person_id, NULL, 'anomaly',
                CASE NEW.state WHEN 'confirmed' THEN '一次考勤不予计入' ELSE '一次考勤恢复计入' END,
                NEW.class_title || '：' || t.attended_on, 'anomaly', NEW.id)
           FROM training.attendance t WHERE t.id = ANY (NEW.attendance_ids);
    END IF;
    IF NEW.state IN ('explained', 'confirmed', 'upheld', 'revoked') THEN
        PERFORM training.tell(NULL, NEW.org_id, 'anomaly',
                CASE NEW.state WHEN 'explained' THEN '考勤异常已说明' WHEN 'confirmed' THEN '考勤异常已认定，可申诉一次'
                     WHEN 'upheld' THEN '申诉不成立，维持认定' ELSE '申诉成立，撤销认定' END,
                NEW.class_title || '：' || coalesce(NEW.decided_note, NEW.judged_note), 'anomaly', NEW.id);
    END IF;
    IF NEW.state IN ('upheld', 'revoked') THEN
        PERFORM training.case_move('TR-20', NEW.id, CASE NEW.state WHEN 'revoked' THEN 'upheld' ELSE 'dismissed' END,
                                   CASE NEW.state WHEN 'revoked' THEN 'done' ELSE 'refused' END, NEW.decided_note);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER anomaly_after AFTER UPDATE OF state ON training.anomaly
    FOR EACH ROW EXECUTE FUNCTION training.anomaly_after();
