-- A mentor's time, who booked it, what came of it, and how it was found. A slot
-- has one booking and a mentor one slot at a time; others wait and move up.

CREATE TABLE entrepreneurship.slot (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    mentor_id     uuid NOT NULL CONSTRAINT slot_mentor_fkey REFERENCES entrepreneurship.mentor,
    mentor_person uuid NOT NULL,
    studio_id     uuid NOT NULL CONSTRAINT slot_studio_fkey REFERENCES entrepreneurship.studio,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    way           text NOT NULL CONSTRAINT slot_way_check CHECK (way IN ('studio', 'online', 'visit')),
    place         text,
    state         text NOT NULL DEFAULT 'open' CONSTRAINT slot_state_check CHECK (state IN ('open', 'cancelled')),
    reason        text,
    taken         boolean NOT NULL DEFAULT false,
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT slot_length_check CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '8 hours'),
    CONSTRAINT slot_one_place_excl EXCLUDE USING gist
        (mentor_person entrepreneurship.gist_uuid_ops WITH OPERATOR(pg_catalog.=),
         tstzrange(starts_at, ends_at) WITH OPERATOR(pg_catalog.&&)) WHERE (state = 'open')
);
COMMENT ON COLUMN entrepreneurship.slot.taken IS 'has a booking: kept by booking';
CREATE INDEX slot_mentor_idx ON entrepreneurship.slot (mentor_id, starts_at);
CALL platform.protect('entrepreneurship.slot', $$
    state = 'open' OR mentor_person = platform.person() OR platform.in_areas(county_code, area_code)
$$, 'mentor_person = platform.person()');
REVOKE UPDATE ON entrepreneurship.slot FROM entrepreneurship_app;
GRANT UPDATE (state, reason) ON entrepreneurship.slot TO entrepreneurship_app;

CREATE TABLE entrepreneurship.booking (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    slot_id       uuid NOT NULL CONSTRAINT booking_slot_fkey REFERENCES entrepreneurship.slot,
    mentor_id     uuid NOT NULL,
    mentor_person uuid NOT NULL,
    studio_id     uuid NOT NULL,
    person_id     uuid NOT NULL,
    name_masked   text NOT NULL,
    question      text NOT NULL,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    state         text NOT NULL DEFAULT 'booked' CONSTRAINT booking_state_check
        CHECK (state IN ('waiting', 'booked', 'cancelled', 'held', 'missed')),
    reason        text,
    late          boolean NOT NULL DEFAULT false,
    reminded_at   timestamptz,
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT booking_not_own_check CHECK (person_id <> mentor_person),
    CONSTRAINT booking_one_place_excl EXCLUDE USING gist
        (person_id entrepreneurship.gist_uuid_ops WITH OPERATOR(pg_catalog.=),
         tstzrange(starts_at, ends_at) WITH OPERATOR(pg_catalog.&&)) WHERE (state = 'booked')
);
COMMENT ON COLUMN entrepreneurship.booking.late IS 'cancelled with less notice than asked for';
CREATE UNIQUE INDEX booking_slot_key ON entrepreneurship.booking (slot_id) WHERE state IN ('booked', 'held', 'missed');
CREATE UNIQUE INDEX booking_person_key ON entrepreneurship.booking (slot_id, person_id) WHERE state <> 'cancelled';
CREATE INDEX booking_person_idx ON entrepreneurship.booking (person_id, id);
CREATE INDEX booking_mentor_idx ON entrepreneurship.booking (mentor_person, id);
CREATE INDEX booking_remind_idx ON entrepreneurship.booking (starts_at) WHERE state = 'booked' AND reminded_at IS NULL;
CALL platform.protect('entrepreneurship.booking', $$
    person_id = platform.person() OR mentor_person = platform.person() OR platform.in_areas(county_code, area_code)
$$, 'person_id = platform.person() OR mentor_person = platform.person()');
REVOKE UPDATE ON entrepreneurship.booking FROM entrepreneurship_app;
GRANT UPDATE (state, reason, late) ON entrepreneurship.booking TO entrepreneurship_app;

CREATE FUNCTION entrepreneurship.booking_json(b entrepreneurship.booking) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', b.id, 'slot_id', b.slot_id, 'mentor_id', b.mentor_id, 'studio_id', b.studio_id,
    'person_id', b.person_id, 'name_masked', b.name_masked, 'question', b.question, 'starts_at', b.starts_at,
    'ends_at', b.ends_at, 'state', b.state, 'reason', b.reason, 'late', b.late, 'county_code', b.county_code,
    'created_at', b.created_at);

CREATE FUNCTION entrepreneurship.slot_json(s entrepreneurship.slot) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', s.id, 'mentor_id', s.mentor_id, 'studio_id', s.studio_id, 'starts_at', s.starts_at,
    'ends_at', s.ends_at, 'way', s.way, 'place', s.place, 'state', s.state, 'reason', s.reason, 'taken', s.taken,
    'county_code', s.county_code);

CREATE FUNCTION entrepreneurship.clock_text(at timestamptz) RETURNS text
LANGUAGE sql STABLE
RETURN to_char(at AT TIME ZONE 'Asia/Shanghai', 'MM月DD日HH24:MI');

-- Whoever comes second waits, if they say so. The slot's row makes them take turns.
CREATE FUNCTION entrepreneurship.booking_make() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    s entrepreneurship.slot;
    p entrepreneurship.person;
BEGIN
    SELECT x.* INTO s FROM entrepreneurship.slot x WHERE x.id = NEW.slot_id FOR UPDATE;
    SELECT x.* INTO p FROM entrepreneurship.person x WHERE x.id = NEW.person_id;
    IF p.id IS NULL THEN
        PERFORM platform.refuse('entrepreneurship.person_unknown');
    ELSIF s.mentor_person = NEW.person_id THEN
        PERFORM platform.refuse('entrepreneurship.own_slot');
    ELSIF s.state <> 'open' OR s.starts_at <= platform.now() THEN
        PERFORM platform.refuse('entrepreneurship.slot_closed');
    ELSIF EXISTS (SELECT FROM entrepreneurship.booking b WHERE b.slot_id = s.id
                     AND b.person_id = NEW.person_id AND b.state <> 'cancelled') THEN
        PERFORM platform.refuse('state.exists');
    ELSIF s.taken AND NEW.state <> 'waiting' THEN
        PERFORM platform.refuse('entrepreneurship.slot_taken');
    ELSIF NOT s.taken AND EXISTS (SELECT FROM entrepreneurship.booking b
              WHERE b.person_id = NEW.person_id AND b.state = 'booked'
                AND tstzrange(b.starts_at, b.ends_at) && tstzrange(s.starts_at, s.ends_at)) THEN
        PERFORM platform.refuse('entrepreneurship.booking_overlap');
    END IF;
    NEW.state := CASE WHEN s.taken THEN 'waiting' ELSE 'booked' END;
    NEW.name_masked := p.name_masked;
    NEW.mentor_id := s.mentor_id;
    NEW.mentor_person := s.mentor_person;
    NEW.studio_id := s.studio_id;
    NEW.starts_at := s.starts_at;
    NEW.ends_at := s.ends_at;
    NEW.county_code := s.county_code;
    NEW.area_code := s.area_code;
    RETURN NEW;
END $$;
CREATE TRIGGER booking_make BEFORE INSERT ON entrepreneurship.booking
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.booking_make();

-- The first in line who is free at that time.
CREATE FUNCTION entrepreneurship.booking_next(s entrepreneurship.slot) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE entrepreneurship.booking SET state = 'booked'
     WHERE s.state = 'open' AND s.starts_at > platform.now() AND id = (
         SELECT b.id FROM entrepreneurship.booking b
          WHERE b.slot_id = s.id AND b.state = 'waiting' AND NOT EXISTS (
              SELECT FROM entrepreneurship.booking o WHERE o.person_id = b.person_id AND o.state = 'booked'
                 AND tstzrange(o.starts_at, o.ends_at) && tstzrange(s.starts_at, s.ends_at))
          ORDER BY b.id LIMIT 1)
$$;

CREATE FUNCTION entrepreneurship.booking_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    s    entrepreneurship.slot;
    at   text := entrepreneurship.clock_text(NEW.starts_at);
    held boolean := NEW.state IN ('booked', 'held', 'missed');
BEGIN
    UPDATE entrepreneurship.slot SET taken = held
     WHERE id = NEW.slot_id AND (held OR (TG_OP = 'UPDATE' AND OLD.state = 'booked')) RETURNING * INTO s;
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.booking.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'booking_id', NEW.id, 'slot_id', NEW.slot_id, 'mentor_id', NEW.mentor_id, 'person_id', NEW.person_id,
        'state', NEW.state, 'late', NEW.late, 'county_code', NEW.county_code));
    IF NEW.state = 'booked' THEN
        PERFORM entrepreneurship.tell(NEW.mentor_person, NULL, 'booking', '有人预约了您的指导', at, 'booking', NEW.id);
        PERFORM entrepreneurship.tell(NEW.person_id, NULL, 'booking', '创业指导预约成功', at, 'booking', NEW.id);
    ELSIF NEW.state = 'cancelled' AND platform.actor() IS NOT DISTINCT FROM NEW.mentor_person THEN
        PERFORM entrepreneurship.tell(NEW.person_id, NULL, 'booking', '创业指导已取消',
            at || coalesce('：' || NEW.reason, ''), 'booking', NEW.id);
    ELSIF NEW.state = 'cancelled' AND OLD.state = 'booked' THEN
        PERFORM entrepreneurship.tell(NEW.mentor_person, NULL, 'booking', '预约人取消了指导', at, 'booking', NEW.id);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM entrepreneurship.case_move('EN-11', NEW.id, NEW.state, CASE NEW.state WHEN 'booked' THEN 'in_progress'
            WHEN 'cancelled' THEN 'withdrawn' ELSE 'done' END, NEW.reason);
        IF NEW.state = 'cancelled' AND OLD.state = 'booked' THEN
            PERFORM entrepreneurship.booking_next(s);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER booking_follow AFTER UPDATE ON entrepreneurship.booking
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION entrepreneurship.booking_follow();
CREATE TRIGGER booking_made AFTER INSERT ON entrepreneurship.booking
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.booking_follow();

CREATE FUNCTION entrepreneurship.slot_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE entrepreneurship.booking SET state = 'cancelled', reason = NEW.reason
     WHERE slot_id = NEW.id AND state IN ('booked', 'waiting');
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.slot.cancelled.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'slot_id', NEW.id, 'mentor_id', NEW.mentor_id, 'studio_id', NEW.studio_id, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER slot_follow AFTER UPDATE OF state ON entrepreneurship.slot
    FOR EACH ROW WHEN (OLD.state = 'open' AND NEW.state = 'cancelled') EXECUTE FUNCTION entrepreneurship.slot_follow();

-- Both are reminded on the day before; whoever still waits then is let go when it begins.
CREATE FUNCTION entrepreneurship.booking_remind() RETURNS bigint
LANGUAGE sql AS $$
    WITH due AS (
        UPDATE entrepreneurship.booking b SET reminded_at = platform.now()
         WHERE b.state = 'booked' AND b.reminded_at IS NULL
           AND b.starts_at > platform.now() AND b.starts_at <= platform.now() + interval '24 hours'
        RETURNING b.id, b.person_id, b.mentor_person, b.starts_at
    ), over AS (
        UPDATE entrepreneurship.booking b SET state = 'cancelled', reason = '未候补成功'
         WHERE b.state = 'waiting' AND b.starts_at <= platform.now()
        RETURNING b.id
    ), told AS (
        SELECT entrepreneurship.tell(w.id, NULL, 'booking', '创业指导即将开始',
                   entrepreneurship.clock_text(d.starts_at), 'booking', d.id)
          FROM due d CROSS JOIN LATERAL (VALUES (d.person_id), (d.mentor_person)) AS w (id)
    )
    SELECT count(*) + (SELECT count(*) FROM over) FROM told
$$;

-- What was said, by the mentor; the founder confirms it, or says why not.
CREATE TABLE entrepreneurship.guidance (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    booking_id    uuid NOT NULL CONSTRAINT guidance_booking_key UNIQUE
        CONSTRAINT guidance_booking_fkey REFERENCES entrepreneurship.booking,
    mentor_id     uuid NOT NULL,
    mentor_person uuid NOT NULL,
    studio_id     uuid NOT NULL,
    person_id     uuid NOT NULL,
    topics        text[] NOT NULL,
    advice        text NOT NULL,
    next_steps    text,
    next_on       date,
    given_on      date NOT NULL,
    state         text NOT NULL DEFAULT 'given' CONSTRAINT guidance_state_check
        CHECK (state IN ('given', 'confirmed', 'disputed')),
    answer        text,
    answered_at   timestamptz,
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT guidance_topics_check CHECK (topics <@ entrepreneurship.mentor_fields()),
    CONSTRAINT guidance_answer_check CHECK ((state = 'given') = (answered_at IS NULL)
        AND (state <> 'disputed' OR answer IS NOT NULL))
);
CREATE INDEX guidance_person_idx ON entrepreneurship.guidance (person_id, id);
CREATE INDEX guidance_mentor_idx ON entrepreneurship.guidance (mentor_person, id);
CREATE INDEX guidance_county_idx ON entrepreneurship.guidance (county_code, given_on);
CALL platform.protect('entrepreneurship.guidance', $$
    person_id = platform.person() OR mentor_person = platform.person() OR platform.in_areas(county_code, area_code)
$$, 'person_id = platform.person() OR mentor_person = platform.person()');
REVOKE UPDATE ON entrepreneurship.guidance FROM entrepreneurship_app;
GRANT UPDATE (state, answer, answered_at) ON entrepreneurship.guidance TO entrepreneurship_app;

CREATE TABLE entrepreneurship.mentor_rating (
    guidance_id   uuid PRIMARY KEY CONSTRAINT mentor_rating_guidance_fkey REFERENCES entrepreneurship.guidance,
    mentor_id     uuid NOT NULL,
    person_id     uuid NOT NULL,
    stars         integer NOT NULL CONSTRAINT mentor_rating_stars_check CHECK (stars BETWEEN 1 AND 5),
    reasons       text[] NOT NULL,
    words         text,
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT mentor_rating_reasons_check CHECK (reasons <@ ARRAY['helpful', 'clear', 'patient', 'expert', 'late',
        'unprepared', 'off_topic', 'selling'])
);
COMMENT ON TABLE entrepreneurship.mentor_rating IS 'read by who gave it and by officers; the mentor sees averages';
CALL platform.protect('entrepreneurship.mentor_rating',
    'person_id = platform.person() OR platform.in_areas(county_code, area_code)', 'person_id = platform.person()');
REVOKE UPDATE, DELETE ON entrepreneurship.mentor_rating FROM entrepreneurship_app, entrepreneurship_system;

CREATE FUNCTION entrepreneurship.guidance_json(g entrepreneurship.guidance) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', g.id, 'booking_id', g.booking_id, 'mentor_id', g.mentor_id, 'studio_id', g.studio_id,
    'person_id', g.person_id, 'topics', g.topics, 'advice', g.advice, 'next_steps', g.next_steps, 'next_on', g.next_on,
    'given_on', g.given_on, 'state', g.state, 'answer', g.answer, 'county_code', g.county_code,
    'created_at', g.created_at);

CREATE FUNCTION entrepreneurship.guidance_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE entrepreneurship.booking SET state = 'held' WHERE id = NEW.booking_id;
        PERFORM entrepreneurship.tell(NEW.person_id, NULL, 'guidance', '请确认创业指导记录', NEW.next_steps,
            'guidance', NEW.id);
    ELSIF NEW.state = 'confirmed' THEN
        UPDATE entrepreneurship.mentor SET last_guided_on = greatest(last_guided_on, NEW.given_on)
         WHERE id = NEW.mentor_id;
    ELSE
        PERFORM entrepreneurship.tell(NEW.mentor_person, NULL, 'guidance', '指导记录有异议', NEW.answer,
            'guidance', NEW.id);
    END IF;
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.guidance.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'guidance_id', NEW.id, 'mentor_id', NEW.mentor_id, 'studio_id', NEW.studio_id, 'person_id', NEW.person_id,
        'given_on', NEW.given_on, 'state', NEW.state, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER guidance_follow AFTER INSERT OR UPDATE OF state ON entrepreneurship.guidance
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.guidance_follow();

CREATE FUNCTION entrepreneurship.mentor_rated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE entrepreneurship.mentor SET rating_count = rating_count + 1, rating_sum = rating_sum + NEW.stars
     WHERE id = NEW.mentor_id;
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.guidance.rated.v1', NEW.guidance_id::text, NEW.county_code, jsonb_build_object(
        'guidance_id', NEW.guidance_id, 'mentor_id', NEW.mentor_id, 'stars', NEW.stars,
        'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER mentor_rated AFTER INSERT ON entrepreneurship.mentor_rating
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.mentor_rated();

-- A file of a guidance belongs to who handed it in and is read by both: the
-- owner's row is all that row-level security shows, so who may is asked here.
CREATE FUNCTION entrepreneurship.guidance_file_may(file uuid, who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM entrepreneurship.file f JOIN entrepreneurship.guidance g ON g.id = f.subject_id
                WHERE f.id = file AND f.subject_kind = 'guidance' AND who IN (g.person_id, g.mentor_person));
CREATE FUNCTION entrepreneurship.guidance_files(which uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_agg(entrepreneurship.file_json(f) ORDER BY f.id), '[]')
      FROM entrepreneurship.file f WHERE f.subject_kind = 'guidance' AND f.subject_id = which
$$;
