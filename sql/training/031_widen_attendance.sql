-- Attendance of a session: signed in and out with the code of the minute, or
-- marked by hand with a reason. A person is in one place at one time: an
-- exclusion constraint over the spans says so for all institutions together.
-- What counts is kept by triggers: minutes of the span, cut at the day's cap
-- over all classes, nothing of what an officer confirmed as wrong.

ALTER TABLE training.attendance DROP CONSTRAINT attendance_day_key;
ALTER TABLE training.attendance
    ADD session_id     uuid CONSTRAINT attendance_session_fkey REFERENCES training.session,
    ADD class_id       uuid,
    ADD way            text NOT NULL DEFAULT 'hand' CONSTRAINT attendance_way_check CHECK (way IN ('code', 'hand')),
    ADD reason         text,
    ADD during         tstzrange,
    ADD in_at          timestamptz,
    ADD out_at         timestamptz,
    ADD in_lat_e6      integer,
    ADD in_lng_e6      integer,
    ADD in_accuracy_m  integer,
    ADD in_metres      integer,
    ADD out_lat_e6     integer,
    ADD out_lng_e6     integer,
    ADD out_accuracy_m integer,
    ADD out_metres     integer,
    ADD travel_kmh     integer,
    ADD device_index   text,
    ADD out_device_index text,
    ADD minutes        integer NOT NULL DEFAULT 0,
    ADD counted_minutes integer NOT NULL DEFAULT 0,
    ADD is_void        boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT attendance_session_key UNIQUE (enrolment_id, session_id),
    ADD CONSTRAINT attendance_out_check CHECK (out_at >= in_at),
    ADD CONSTRAINT attendance_minutes_check CHECK (counted_minutes BETWEEN 0 AND minutes),
    ADD CONSTRAINT attendance_reason_check CHECK (session_id IS NULL OR (way = 'hand') = (reason IS NOT NULL)),
    ADD CONSTRAINT attendance_span_check CHECK (session_id IS NULL OR during IS NOT NULL),
    ADD CONSTRAINT attendance_person_once EXCLUDE USING gist
        ((training.id_range(person_id, person_id, '[]')) WITH &&, during WITH &&);
COMMENT ON COLUMN training.attendance.during IS 'where the person is bound: the session until its end, or what was signed';
COMMENT ON COLUMN training.attendance.travel_kmh IS 'from where the person last signed, anywhere';
COMMENT ON COLUMN training.attendance.session_id IS 'NULL: a day marked before there were timetables';
CREATE UNIQUE INDEX attendance_day_key ON training.attendance (enrolment_id, attended_on) WHERE session_id IS NULL;
CREATE INDEX attendance_session_idx ON training.attendance (session_id);
CREATE INDEX attendance_person_day_idx ON training.attendance (person_id, attended_on);

CALL platform.protect('training.attendance', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR org_id = platform.org()
    OR (platform.in_areas(county_code, area_code) AND platform.action() = 'training.enrolment.attend')
$$);
-- What was signed stays; what counts is the triggers' and the officers' affair.
REVOKE UPDATE, DELETE ON training.attendance FROM training_app;
GRANT UPDATE (way, reason, marked_by, out_at, out_lat_e6, out_lng_e6, out_accuracy_m, out_metres, travel_kmh,
              out_device_index) ON training.attendance TO training_app;

ALTER TABLE training.enrolment ADD attended_minutes integer NOT NULL DEFAULT 0
    CONSTRAINT enrolment_attended_minutes_check CHECK (attended_minutes >= 0);

-- Wrong codes, of a person at a session.
CREATE TABLE training.sign_try (
    session_id  uuid NOT NULL CONSTRAINT sign_try_session_fkey REFERENCES training.session,
    person_id   uuid NOT NULL,
    tries       integer NOT NULL,
    county_code text NOT NULL,
    PRIMARY KEY (session_id, person_id)
);
CALL platform.protect('training.sign_try', $$person_id = platform.person()$$);
REVOKE DELETE ON training.sign_try FROM training_app;

-- The span and what it is worth. A mark by hand is the whole session.
CREATE FUNCTION training.attendance_before() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    s        training.session;
    c        training.class;
    from_at  timestamptz;
    to_at    timestamptz;
BEGIN
    SELECT x.* INTO s FROM training.session x WHERE x.id = NEW.session_id;
    SELECT x.* INTO c FROM training.class x WHERE x.id = s.class_id;
    IF s.id IS NULL OR s.state <> 'planned' OR c.state NOT IN ('open', 'running') THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    NEW.class_id := s.class_id;
    NEW.attended_on := s.on_day;
    IF NEW.way = 'hand' THEN
        NEW.during := s.during;
        NEW.minutes := s.minutes;
        RETURN NEW;
    END IF;
    from_at := greatest(NEW.in_at, lower(s.during));
    to_at := CASE WHEN NEW.out_at IS NULL THEN upper(s.during)
                  ELSE least(greatest(NEW.out_at, from_at), upper(s.during)) END;
    NEW.during := tstzrange(from_at, greatest(to_at, from_at));
    NEW.minutes := CASE WHEN NEW.out_at IS NULL THEN 0
        ELSE least(s.minutes, round(extract(epoch FROM to_at - from_at) / 60)::integer) END;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_before BEFORE INSERT OR UPDATE OF way, out_at ON training.attendance
    FOR EACH ROW EXECUTE FUNCTION training.attendance_before();

-- A person's day, in the order of the clock, up to the day's cap; then the
-- enrolments it belongs to. The person's row makes two classes wait for each other.
CREATE FUNCTION training.day_recount(who uuid, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    cap integer := training.attend_rule_on('day_cap_minutes', day);
BEGIN
    PERFORM FROM training.person p WHERE p.id = who FOR UPDATE;
    UPDATE training.attendance AS a SET counted_minutes = x.counted
      FROM (SELECT d.id, greatest(0, least(d.worth, cap - (sum(d.worth) OVER (ORDER BY d.at, d.id
                   ROWS UNBOUNDED PRECEDING) - d.worth)::integer)) AS counted
              FROM (SELECT t.id, coalesce(lower(t.during), t.in_at) AS at,
                           CASE WHEN t.is_void THEN 0 ELSE t.minutes END AS worth
                      FROM training.attendance t WHERE t.person_id = who AND t.attended_on = day) d) x
     WHERE a.id = x.id AND a.counted_minutes <> x.counted;
    UPDATE training.enrolment AS e SET attended_days = x.days, attended_minutes = x.minutes
      FROM (SELECT t.enrolment_id, coalesce(sum(t.counted_minutes), 0) AS minutes,
                   count(DISTINCT t.attended_on) FILTER (WHERE NOT t.is_void
                       AND (t.counted_minutes > 0 OR t.session_id IS NULL)) AS days
              FROM training.attendance t
             WHERE t.enrolment_id IN (SELECT o.enrolment_id FROM training.attendance o
                                       WHERE o.person_id = who AND o.attended_on = day)
             GROUP BY t.enrolment_id) x
     WHERE e.id = x.enrolment_id AND (e.attended_days, e.attended_minutes) IS DISTINCT FROM (x.days, x.minutes);
END $$;

CREATE FUNCTION training.attendance_after() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM training.day_recount(NEW.person_id, NEW.attended_on);
    UPDATE training.session SET judged_at = NULL WHERE id = NEW.session_id AND judged_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_after AFTER INSERT OR UPDATE OF way, out_at, is_void ON training.attendance
    FOR EACH ROW EXECUTE FUNCTION training.attendance_after();

CREATE FUNCTION training.attendance_tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.attendance.recorded.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'attendance_id', NEW.id, 'enrolment_id', NEW.enrolment_id, 'class_id', NEW.class_id,
        'session_id', NEW.session_id, 'person_id', NEW.person_id, 'org_id', NEW.org_id,
        'attended_on', NEW.attended_on, 'way', NEW.way, 'minutes', NEW.counted_minutes,
        'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_tell AFTER UPDATE OF counted_minutes ON training.attendance
    FOR EACH ROW WHEN (OLD.counted_minutes <> NEW.counted_minutes) EXECUTE FUNCTION training.attendance_tell();

-- The share of the timetable attended, in whole percent; NULL: there is none.
CREATE FUNCTION training.attended_percent(enrolment uuid) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT (e.attended_minutes * 100 / nullif(training.planned_minutes(e.class_id), 0))::integer
      FROM training.enrolment e WHERE e.id = enrolment
$$;

-- False only where the city has set a share and the enrolment is below it.
CREATE FUNCTION training.attended_enough(enrolment uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce(coalesce(training.attended_percent(enrolment), 0)
                    >= training.attend_rule_on('exam_share_percent', platform.today()), true)
$$;
COMMENT ON FUNCTION training.attended_enough(uuid) IS 'may be examined, as far as attendance goes';

CREATE FUNCTION training.enrolment_short() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT training.attended_enough(NEW.id) THEN
        PERFORM platform.refuse('training.attendance_short');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enrolment_short BEFORE UPDATE OF score ON training.enrolment
    FOR EACH ROW WHEN (OLD.score IS NULL AND NEW.score IS NOT NULL) EXECUTE FUNCTION training.enrolment_short();

CREATE FUNCTION training.attendance_json(a training.attendance) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'session_id', a.session_id, 'enrolment_id', a.enrolment_id,
        'class_id', a.class_id, 'org_id', a.org_id, 'person_id', a.person_id,
        'attended_on', a.attended_on, 'way', a.way, 'reason', a.reason, 'in_at', a.in_at,
        'out_at', a.out_at, 'metres', a.in_metres, 'out_metres', a.out_metres, 'minutes', a.minutes,
        'counted_minutes', a.counted_minutes, 'is_void', a.is_void, 'county_code', a.county_code,
        'created_at', a.created_at)
$$;

-- What a saying of the caller at a session is judged by; no row: not enrolled
-- there. It reads the key, where the person last signed, and nobody else's.
CREATE FUNCTION training.sign_facts(session uuid) RETURNS TABLE (
    enrolment_id uuid, state text, kind text, opens boolean, closes boolean, key_sealed text, tries integer,
    lat_e6 integer, lng_e6 integer, near_m integer, code_seconds integer, last_lat_e6 integer,
    last_lng_e6 integer, last_at timestamptz, in_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT e.id, CASE WHEN c.state IN ('open', 'running') THEN s.state ELSE c.state END, s.kind,
           platform.now() >= lower(s.during) - training.sign_margin(s.on_day)
               AND platform.now() < upper(s.during),
           platform.now() <= upper(s.during) + training.sign_margin(s.on_day),
           k.key_sealed, coalesce((SELECT t.tries FROM training.sign_try t
                                    WHERE t.session_id = s.id AND t.person_id = e.person_id), 0),
           s.lat_e6, s.lng_e6, training.attend_rule_on('sign_metres', s.on_day),
           coalesce(training.attend_rule_on('code_seconds', s.on_day), 60),
           p.lat_e6, p.lng_e6, p.at, a.in_at
      FROM training.session s
      JOIN training.class c ON c.id = s.class_id
      JOIN training.session_key k ON k.session_id = s.id
      JOIN training.enrolment e ON e.class_id = s.class_id AND e.person_id = platform.person()
           AND e.state = 'enrolled'
      LEFT JOIN training.attendance a ON a.enrolment_id = e.id AND a.session_id = s.id
      LEFT JOIN LATERAL (
          SELECT coalesce(x.out_lat_e6, x.in_lat_e6) AS lat_e6, coalesce(x.out_lng_e6, x.in_lng_e6) AS lng_e6,
                 CASE WHEN x.out_lat_e6 IS NULL THEN x.in_at ELSE x.out_at END AS at
            FROM training.attendance x
           WHERE x.person_id = platform.person() AND x.in_lat_e6 IS NOT NULL
           ORDER BY CASE WHEN x.out_lat_e6 IS NULL THEN x.in_at ELSE x.out_at END DESC LIMIT 1) p ON true
     WHERE s.id = session
$$;

-- True: the session has as many marks by hand as the city allows. The class's
-- row makes those who mark at once wait for each other.
CREATE FUNCTION training.hand_full(session uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    s training.session;
    c training.class;
BEGIN
    SELECT x.* INTO s FROM training.session x WHERE x.id = session;
    SELECT x.* INTO c FROM training.class x WHERE x.id = s.class_id FOR UPDATE;
    RETURN (1 + (SELECT count(*) FROM training.attendance a WHERE a.session_id = s.id AND a.way = 'hand')) * 100
        > training.attend_rule_on('hand_limit_percent', s.on_day)::bigint * c.enrolled;
END $$;

-- For the screen of the institution whose session it is, while people may sign.
CREATE FUNCTION training.session_key_of(session uuid) RETURNS TABLE (
    state text, opens boolean, key_sealed text, code_seconds integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT s.state, platform.now() BETWEEN lower(s.during) - training.sign_margin(s.on_day)
               AND upper(s.during) + training.sign_margin(s.on_day),
           k.key_sealed, coalesce(training.attend_rule_on('code_seconds', s.on_day), 60)
      FROM training.session s JOIN training.session_key k ON k.session_id = s.id
     WHERE s.id = session AND s.org_id = platform.org()
$$;
