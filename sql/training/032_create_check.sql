-- Random checks of a session: a call that everybody signed in answers within
-- minutes with the code of the minute, or heads counted on the spot. An officer
-- of the county begins one, or a lot does; every lot stays on record with its
-- seed, drawn or not, so that anybody can compute it again.

CREATE TABLE training.attend_check (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    session_id  uuid NOT NULL CONSTRAINT attend_check_session_fkey REFERENCES training.session,
    class_id    uuid NOT NULL,
    class_title text NOT NULL,
    org_id      uuid NOT NULL,
    kind        text NOT NULL CONSTRAINT attend_check_kind_check CHECK (kind IN ('call', 'count')),
    source      text NOT NULL CONSTRAINT attend_check_source_check CHECK (source IN ('officer', 'lot')),
    started_by  uuid DEFAULT platform.actor(),
    started_at  timestamptz NOT NULL DEFAULT platform.now(),
    due_at      timestamptz,
    headcount   integer CONSTRAINT attend_check_headcount_check CHECK (headcount >= 0),
    signed      integer NOT NULL,
    note        text,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    CONSTRAINT attend_check_due_check CHECK ((kind = 'call') = (due_at IS NOT NULL)),
    CONSTRAINT attend_check_count_check CHECK ((kind = 'count') = (headcount IS NOT NULL))
);
CREATE INDEX attend_check_session_idx ON training.attend_check (session_id);
CREATE INDEX attend_check_county_idx ON training.attend_check (county_code, id);
CALL platform.protect('training.attend_check', $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$platform.in_areas(county_code, area_code)$$);
REVOKE UPDATE, DELETE ON training.attend_check FROM training_app, training_system;

CREATE TABLE training.check_answer (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    check_id    uuid NOT NULL CONSTRAINT check_answer_check_fkey REFERENCES training.attend_check,
    session_id  uuid NOT NULL,
    class_title text NOT NULL,
    enrolment_id uuid NOT NULL CONSTRAINT check_answer_enrolment_fkey REFERENCES training.enrolment,
    person_id   uuid NOT NULL,
    org_id      uuid NOT NULL,
    name_masked text NOT NULL,
    state       text NOT NULL CONSTRAINT check_answer_state_check
        CHECK (state IN ('asked', 'answered', 'missed', 'present', 'absent')),
    due_at      timestamptz,
    answered_at timestamptz,
    metres      integer,
    device_index text,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    CONSTRAINT check_answer_once UNIQUE (check_id, enrolment_id),
    CONSTRAINT check_answer_at_check CHECK ((state = 'answered') = (answered_at IS NOT NULL))
);
CREATE INDEX check_answer_person_idx ON training.check_answer (person_id, id);
CREATE INDEX check_answer_session_idx ON training.check_answer (session_id);
CREATE INDEX check_answer_asked ON training.check_answer (due_at) WHERE state = 'asked';
CALL platform.protect('training.check_answer', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$
    (person_id = platform.person() AND platform.action() = 'training.check.answer')
    OR platform.in_areas(county_code, area_code)
$$);
REVOKE UPDATE, DELETE ON training.check_answer FROM training_app;
GRANT UPDATE (state, answered_at, metres, device_index) ON training.check_answer TO training_app;

-- value = the first 28 bits of SHA-256(seed || ':' || session), modulo 10000;
-- drawn when below a hundred times the percent. The moment comes of the next 28.
CREATE TABLE training.session_lot (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    session_id  uuid NOT NULL CONSTRAINT session_lot_session_fkey REFERENCES training.session,
    seed        text NOT NULL,
    percent     integer NOT NULL,
    value       integer NOT NULL CONSTRAINT session_lot_value_check CHECK (value BETWEEN 0 AND 9999),
    is_drawn    boolean NOT NULL,
    due_at      timestamptz NOT NULL,
    check_id    uuid CONSTRAINT session_lot_check_fkey REFERENCES training.attend_check,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT session_lot_once UNIQUE (session_id)
);
CALL platform.protect('training.session_lot', $$platform.in_areas(county_code, area_code)$$, 'false');
REVOKE UPDATE, DELETE ON training.session_lot FROM training_app, training_system;
GRANT UPDATE (check_id) ON training.session_lot TO training_system;

CREATE FUNCTION training.lot_part(seed text, session uuid, part integer) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT ('x' || substr(encode(sha256(convert_to(seed || ':' || session, 'UTF8')), 'hex'),
                          1 + 7 * part, 7))::bit(28)::integer
$$;

-- Photographs of a check on the spot: given by the officer, kept with the institution's things.
CALL platform.protect('training.file',
    'person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)',
    $$person_id = platform.person() OR org_id = platform.org()
    OR (platform.in_areas(county_code, area_code) AND platform.action() = 'training.check.photo')$$);

CREATE FUNCTION training.check_json(k training.attend_check) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', k.id, 'session_id', k.session_id, 'class_id', k.class_id,
        'class_title', k.class_title, 'org_id', k.org_id, 'kind', k.kind, 'source', k.source,
        'started_at', k.started_at, 'due_at', k.due_at, 'signed', k.signed, 'headcount', k.headcount,
        'note', k.note, 'answered', n.answered, 'missed', n.missed, 'waiting', n.waiting,
        'county_code', k.county_code)
      FROM (SELECT count(*) FILTER (WHERE a.state IN ('answered', 'present')) AS answered,
                   count(*) FILTER (WHERE a.state IN ('missed', 'absent')) AS missed,
                   count(*) FILTER (WHERE a.state = 'asked') AS waiting
              FROM training.check_answer a WHERE a.check_id = k.id) n
$$;

CREATE FUNCTION training.answer_json(a training.check_answer) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'check_id', a.check_id, 'session_id', a.session_id,
        'class_title', a.class_title, 'enrolment_id', a.enrolment_id, 'person_id', a.person_id,
        'org_id', a.org_id, 'name_masked', a.name_masked, 'state', a.state, 'due_at', a.due_at,
        'answered_at', a.answered_at, 'metres', a.metres, 'county_code', a.county_code)
$$;

-- Everybody who is signed in now is asked, or was counted; `absent` names the
-- enrolments of those who were not found.
CREATE FUNCTION training.check_begin(session uuid, kind text, source text, minutes integer, headcount integer,
                                     absent uuid[], note text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    s     training.session;
    k     training.attend_check;
    there uuid[];
BEGIN
    SELECT x.* INTO s FROM training.session x WHERE x.id = session;
    IF s.state <> 'planned' OR NOT s.during @> platform.now() THEN
        PERFORM platform.refuse('training.session_not_now');
    END IF;
    there := ARRAY(SELECT a.enrolment_id FROM training.attendance a
                    WHERE a.session_id = session AND a.during @> platform.now()
                      ORDER BY a.enrolment_id);
    IF there = '{}' AND kind = 'call' THEN
        PERFORM platform.refuse('training.check_nobody');
    ELSIF NOT absent <@ there THEN
        PERFORM platform.refuse('training.check_absent /absent');
    END IF;
    INSERT INTO training.attend_check AS c (session_id, class_id, class_title, org_id, kind, source, due_at, headcount,
                                            signed, note, county_code, area_code)
    VALUES (s.id, s.class_id, s.class_title, s.org_id, kind, source,
            CASE WHEN kind = 'call' THEN platform.now() + make_interval(mins => minutes) END,
            CASE WHEN kind = 'count' THEN headcount END, cardinality(there), note, s.county_code, s.area_code)
    RETURNING c.* INTO k;
    INSERT INTO training.check_answer (check_id, session_id, class_title, enrolment_id, person_id, org_id, name_masked,
                                       state, due_at, county_code, area_code)
    SELECT k.id, s.id, s.class_title, e.id, e.person_id, e.org_id, e.name_masked,
           CASE WHEN k.kind = 'call' THEN 'asked' WHEN e.id = ANY (absent) THEN 'absent' ELSE 'present' END,
           k.due_at, e.county_code, e.area_code
      FROM training.enrolment e WHERE e.id = ANY (there);
    IF k.kind = 'call' THEN
        PERFORM training.tell(a.person_id, NULL, 'check', '课堂抽查',
                a.class_title || '：请在 ' || to_char(a.due_at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI')
                || ' 前输入教室屏幕上的签到码', 'check', k.id)
           FROM training.check_answer a WHERE a.check_id = k.id;
    END IF;
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.check.started.v1', k.id::text, k.county_code, jsonb_build_object('check_id', k.id,
        'session_id', k.session_id, 'class_id', k.class_id, 'org_id', k.org_id, 'kind', k.kind,
        'source', k.source, 'county_code', k.county_code));
    RETURN training.check_json(k);
END $$;

-- Lots for the sessions that have begun. Without a percent and the minutes for
-- an answer nothing is drawn.
CREATE FUNCTION training.lots_draw() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    WITH due AS (
        SELECT s.*, gen_random_uuid()::text AS seed, training.attend_rule_on('draw_percent', s.on_day) AS percent,
               training.attend_rule_on('check_minutes', s.on_day) AS answer_minutes
          FROM training.session s
         WHERE s.state = 'planned' AND s.during @> platform.now()
           AND NOT EXISTS (SELECT FROM training.session_lot l WHERE l.session_id = s.id)
    ), made AS (
        INSERT INTO training.session_lot (session_id, seed, percent, value, is_drawn, due_at, county_code, area_code)
        SELECT d.id, d.seed, d.percent, training.lot_part(d.seed, d.id, 0) % 10000,
               training.lot_part(d.seed, d.id, 0) % 10000 < d.percent * 100,
               lower(d.during) + (upper(d.during) - make_interval(mins => d.answer_minutes) - lower(d.during))
                   * (training.lot_part(d.seed, d.id, 1) / 268435456.0::float8), d.county_code, d.area_code
          FROM due d
         WHERE d.percent IS NOT NULL AND d.answer_minutes IS NOT NULL
           AND make_interval(mins => d.answer_minutes) < upper(d.during) - lower(d.during)
        ON CONFLICT (session_id) DO NOTHING
        RETURNING session_id
    )
    SELECT count(*) FROM made
$$;

-- The checks that lots have drawn, at their moment.
CREATE FUNCTION training.lots_begin() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    l training.session_lot;
    n bigint := 0;
BEGIN
    FOR l IN SELECT x.* FROM training.session_lot x JOIN training.session s ON s.id = x.session_id
              WHERE x.is_drawn AND x.check_id IS NULL AND x.due_at <= platform.now()
                AND s.state = 'planned' AND s.during @> platform.now()
                AND EXISTS (SELECT FROM training.attendance a
                             WHERE a.session_id = s.id AND a.during @> platform.now())
              ORDER BY x.id FOR UPDATE OF x LOOP
        UPDATE training.session_lot SET check_id = (training.check_begin(l.session_id, 'call', 'lot',
                training.attend_rule_on('check_minutes', platform.today()), NULL, '{}', NULL)->>'id')::uuid
         WHERE id = l.id;
        n := n + 1;
    END LOOP;
    RETURN n;
END $$;
