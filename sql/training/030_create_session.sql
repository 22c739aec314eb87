-- The timetable of a class, and the numbers that attendance goes by. A class, a
-- room and a trainer are each in one place at one time: exclusion constraints
-- say so, whichever statement plans. What a session's sign-in code is made from
-- lies in a table of its own that requests cannot read.

-- Ranges of one value: what lets an exclusion constraint compare ids and names.
CREATE TYPE training.id_range AS RANGE (subtype = uuid);
CREATE TYPE training.place_range AS RANGE (subtype = text, collation = "C");

CREATE TABLE training.attend_rule (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    code        text NOT NULL CONSTRAINT attend_rule_code_check CHECK (code IN
        ('code_seconds', 'sign_margin_minutes', 'sign_metres', 'day_cap_minutes', 'hand_limit_percent',
         'exam_share_percent', 'draw_percent', 'check_minutes', 'hand_share_percent', 'far_metres',
         'travel_kmh', 'burst_seconds', 'hour_minutes')),
    value       integer NOT NULL CONSTRAINT attend_rule_value_check CHECK (value >= 0),
    legal_basis text,
    from_on     date NOT NULL,
    to_on       date,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT attend_rule_order_check CHECK (to_on >= from_on),
    CONSTRAINT attend_rule_once EXCLUDE USING gist
        ((training.place_range(code, code, '[]')) WITH &&, (daterange(from_on, to_on, '[]')) WITH &&)
);
COMMENT ON TABLE training.attend_rule IS 'public: numbers of documents and of the city, nothing about anybody';
CALL platform.protect('training.attend_rule', 'true',
    $$platform.in_areas('431102', NULL) AND platform.in_areas('431129', NULL)$$);

CREATE FUNCTION training.attend_rule_on(what text, day date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT r.value FROM training.attend_rule r
     WHERE r.code = what AND day >= r.from_on AND (r.to_on IS NULL OR day <= r.to_on)
$$;
COMMENT ON FUNCTION training.attend_rule_on(text, date) IS 'the number in force that day; NULL: none is set';

-- How the screens work, no policy: a code lasts a minute, and half an hour
-- before a session and after it people may sign in and out.
INSERT INTO training.attend_rule (code, value, from_on) VALUES
    ('code_seconds', 60, '2024-01-01'), ('sign_margin_minutes', 30, '2024-01-01');

CREATE TABLE training.session (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    class_id    uuid NOT NULL CONSTRAINT session_class_fkey REFERENCES training.class,
    class_title text NOT NULL,
    org_id      uuid NOT NULL,
    kind        text NOT NULL CONSTRAINT session_kind_check CHECK (kind IN ('theory', 'practice', 'online')),
    during      tstzrange NOT NULL CONSTRAINT session_during_check
        CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
    on_day      date GENERATED ALWAYS AS ((lower(during) AT TIME ZONE 'Asia/Shanghai')::date) STORED,
    minutes     integer NOT NULL,
    place       text NOT NULL,
    lat_e6      integer,
    lng_e6      integer,
    trainer_id  uuid CONSTRAINT session_trainer_fkey REFERENCES training.trainer,
    taught_by   uuid,
    is_holiday  boolean NOT NULL,
    state       text NOT NULL DEFAULT 'planned' CONSTRAINT session_state_check
        CHECK (state IN ('planned', 'cancelled')),
    reason      text,
    judged_at   timestamptz,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT session_day_check CHECK ((lower(during) AT TIME ZONE 'Asia/Shanghai')::date
        = ((upper(during) - interval '1 second') AT TIME ZONE 'Asia/Shanghai')::date),
    CONSTRAINT session_minutes_check CHECK (minutes > 0
        AND minutes <= extract(epoch FROM upper(during) - lower(during)) / 60),
    CONSTRAINT session_point_check CHECK ((lat_e6 IS NULL) = (lng_e6 IS NULL)),
    CONSTRAINT session_reason_check CHECK ((state = 'cancelled') = (reason IS NOT NULL)),
    CONSTRAINT session_class_once EXCLUDE USING gist
        ((training.id_range(class_id, class_id, '[]')) WITH &&, during WITH &&) WHERE (state = 'planned'),
    CONSTRAINT session_trainer_once EXCLUDE USING gist
        ((training.id_range(taught_by, taught_by, '[]')) WITH &&, during WITH &&)
        WHERE (state = 'planned' AND taught_by IS NOT NULL),
    CONSTRAINT session_room_once EXCLUDE USING gist
        ((training.id_range(org_id, org_id, '[]')) WITH &&,
         (training.place_range(place, place, '[]')) WITH &&, during WITH &&)
        WHERE (state = 'planned' AND kind <> 'online')
);
COMMENT ON TABLE training.session IS 'public: the timetable, which names nobody';
COMMENT ON COLUMN training.session.taught_by IS 'the trainer as a person, who may teach for several institutions';
COMMENT ON COLUMN training.session.minutes IS 'what attending all of it is worth';
COMMENT ON COLUMN training.session.judged_at IS 'anomalies were looked for; NULL: still to be done, or anew';
CREATE INDEX session_class_idx ON training.session (class_id, lower(during));
CREATE INDEX session_unjudged ON training.session (upper(during)) WHERE judged_at IS NULL AND state = 'planned';
CALL platform.protect('training.session', 'true', $$org_id = platform.org()$$);

-- Read only by the functions that say to whom.
CREATE TABLE training.session_key (
    session_id  uuid PRIMARY KEY CONSTRAINT session_key_session_fkey REFERENCES training.session,
    org_id      uuid NOT NULL,
    county_code text NOT NULL,
    key_sealed  text NOT NULL
);
CALL platform.protect('training.session_key', 'false', $$org_id = platform.org()$$);
INSERT INTO platform.sealed_column (tbl, col, name)
VALUES ('training.session_key', 'key_sealed', $n$'session.key'$n$);

-- Minutes from a session within which people may sign, as an interval.
CREATE FUNCTION training.sign_margin(day date) RETURNS interval
LANGUAGE sql STABLE AS $$
    SELECT make_interval(mins => coalesce(training.attend_rule_on('sign_margin_minutes', day), 0))
$$;

-- What a trainee's share is of: the timetable, or the hours that the class was
-- filed with where they are more and the city has said how long one is.
CREATE FUNCTION training.planned_minutes(class uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT greatest(c.hours * training.attend_rule_on('hour_minutes', platform.today()),
                    (SELECT coalesce(sum(s.minutes), 0) FROM training.session s
                      WHERE s.class_id = c.id AND s.state = 'planned'))::integer
      FROM training.class c WHERE c.id = class
$$;

CREATE FUNCTION training.session_json(s training.session) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', s.id, 'class_id', s.class_id, 'class_title', s.class_title,
        'org_id', s.org_id, 'kind', s.kind, 'starts_at', lower(s.during), 'ends_at', upper(s.during),
        'minutes', s.minutes, 'place', s.place, 'lat_e6', s.lat_e6, 'lng_e6', s.lng_e6,
        'trainer_id', s.trainer_id, 'is_holiday', s.is_holiday, 'state', s.state, 'reason', s.reason,
        'county_code', s.county_code, 'created_at', s.created_at)
$$;

-- Planned and changed only ahead of time, on a day of a class that is taught.
CREATE FUNCTION training.session_before() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    c training.class;
BEGIN
    SELECT x.* INTO c FROM training.class x WHERE x.id = NEW.class_id;
    IF c.state NOT IN ('open', 'running') OR (TG_OP = 'UPDATE' AND OLD.state = 'cancelled') THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF lower(NEW.during) <= platform.now()
          OR (TG_OP = 'UPDATE' AND lower(OLD.during) <= platform.now()) THEN
        PERFORM platform.refuse('training.session_begun /starts_at');
    ELSIF (lower(NEW.during) AT TIME ZONE 'Asia/Shanghai')::date NOT BETWEEN c.starts_on AND c.ends_on THEN
        PERFORM platform.refuse('training.session_outside /starts_at');
    ELSIF NEW.trainer_id IS NOT NULL
          AND NOT training.trainer_fits(NEW.trainer_id, NEW.org_id, c.occupation_code, c.level) THEN
        PERFORM platform.refuse('training.trainer_unfit /trainer_id');
    END IF;
    NEW.taught_by := (SELECT t.person_id FROM training.trainer t WHERE t.id = NEW.trainer_id);
    NEW.class_title := c.title;
    NEW.county_code := c.county_code;
    NEW.area_code := c.area_code;
    RETURN NEW;
END $$;
CREATE TRIGGER session_before BEFORE INSERT OR UPDATE OF during, place, lat_e6, lng_e6, trainer_id, kind,
    minutes, state ON training.session FOR EACH ROW EXECUTE FUNCTION training.session_before();

-- A plan tells the others; a change tells the trainees.
CREATE FUNCTION training.session_after() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.session.planned.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'session_id', NEW.id, 'class_id', NEW.class_id, 'org_id', NEW.org_id, 'state', NEW.state,
        'starts_at', lower(NEW.during), 'ends_at', upper(NEW.during), 'minutes', NEW.minutes,
        'county_code', NEW.county_code));
    IF TG_OP = 'UPDATE' THEN
        PERFORM training.tell(e.person_id, NULL, 'timetable',
                CASE NEW.state WHEN 'cancelled' THEN '课程取消' ELSE '课程调整' END,
                NEW.class_title || '：' || CASE NEW.state WHEN 'cancelled' THEN NEW.reason ELSE
                    to_char(lower(NEW.during) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')
                    || '，' || NEW.place END, 'session', NEW.id)
           FROM training.enrolment e WHERE e.class_id = NEW.class_id AND e.state = 'enrolled';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER session_after AFTER INSERT OR UPDATE OF during, place, lat_e6, lng_e6, trainer_id, kind,
    minutes, state ON training.session FOR EACH ROW EXECUTE FUNCTION training.session_after();

-- A broken constraint as the error it means, with the field at fault.
CREATE FUNCTION training.session_fault(broken text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE broken
        WHEN 'session_class_once' THEN 'training.class_busy /starts_at'
        WHEN 'session_trainer_once' THEN 'training.trainer_busy /trainer_id'
        WHEN 'session_room_once' THEN 'training.room_busy /place'
        WHEN 'session_day_check' THEN 'training.session_day /ends_at'
        WHEN 'session_minutes_check' THEN 'training.session_minutes /minutes'
        WHEN 'session_point_check' THEN 'field.missing /lng_e6'
        ELSE 'state.wrong' END
$$;

-- One row of a plan: its session's id, or the code and pointer of what is wrong.
CREATE FUNCTION training.session_add(class uuid, org uuid, line jsonb, OUT id uuid, OUT fault text)
LANGUAGE plpgsql AS $$
DECLARE
    broken text;
BEGIN
    IF (line->>'ends_at')::timestamptz <= (line->>'starts_at')::timestamptz THEN
        fault := 'field.date_order /ends_at';
        RETURN;
    END IF;
    id := platform.uuid7();
    INSERT INTO training.session (id, class_id, class_title, org_id, kind, during, minutes, place, lat_e6,
                                  lng_e6, trainer_id, is_holiday, county_code, area_code)
    VALUES (id, class, '', org, line->>'kind',
            tstzrange((line->>'starts_at')::timestamptz, (line->>'ends_at')::timestamptz),
            (line->>'minutes')::integer, line->>'place', (line->>'lat_e6')::integer,
            (line->>'lng_e6')::integer, (line->>'trainer_id')::uuid, (line->>'is_holiday')::boolean, '', '');
    INSERT INTO training.session_key (session_id, org_id, county_code, key_sealed)
    SELECT s.id, s.org_id, s.county_code, line->>'key' FROM training.session s WHERE s.id = session_add.id;
EXCEPTION
    WHEN exclusion_violation OR check_violation THEN
        GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
        id := NULL;
        fault := training.session_fault(broken);
    WHEN SQLSTATE 'YJ002' THEN
        id := NULL;
        fault := SQLERRM;
END $$;

-- Each row on its own, in the order given; the trainees are told once.
CREATE FUNCTION training.session_plan(class uuid, org uuid, lines jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    report jsonb;
    county text := (SELECT c.county_code FROM training.class c WHERE c.id = class);
BEGIN
    SELECT jsonb_agg(jsonb_build_object('row', r.n - 1, 'id', a.id,
               'code', split_part(a.fault, ' ', 1), 'pointer', nullif(split_part(a.fault, ' ', 2), ''))
               ORDER BY r.n)
      INTO report
      FROM jsonb_array_elements(lines) WITH ORDINALITY AS r (line, n)
      CROSS JOIN LATERAL training.session_add(class, org, r.line) AS a;
    PERFORM training.tell(e.person_id, NULL, 'timetable', '课程表已更新', e.class_title, 'class', class)
       FROM training.enrolment e
      WHERE e.class_id = class AND e.state = 'enrolled' AND EXISTS (SELECT FROM jsonb_array_elements(report) x WHERE x->>'id' IS NOT NULL);
    RETURN jsonb_build_object('class_id', class, 'county_code', county, 'rows', report,
        'taken', (SELECT count(*) FROM jsonb_array_elements(report) x WHERE x->>'id' IS NOT NULL),
        'failed', (SELECT count(*) FROM jsonb_array_elements(report) x WHERE x->>'id' IS NULL))::text;
END $$;

CREATE FUNCTION training.session_move(session uuid, line jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    broken text;
    s      training.session;
BEGIN
    IF (line->>'ends_at')::timestamptz <= (line->>'starts_at')::timestamptz THEN
        PERFORM platform.refuse('field.date_order /ends_at');
    END IF;
    UPDATE training.session AS x SET kind = line->>'kind',
           during = tstzrange((line->>'starts_at')::timestamptz, (line->>'ends_at')::timestamptz),
           minutes = (line->>'minutes')::integer, place = line->>'place',
           lat_e6 = (line->>'lat_e6')::integer, lng_e6 = (line->>'lng_e6')::integer,
           trainer_id = (line->>'trainer_id')::uuid, is_holiday = (line->>'is_holiday')::boolean
     WHERE x.id = session RETURNING * INTO s;
    RETURN training.session_json(s)::text;
EXCEPTION WHEN exclusion_violation OR check_violation THEN
    GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
    RETURN platform.refuse(training.session_fault(broken));
END $$;
