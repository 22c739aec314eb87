-- 面试邀约: one or several times proposed, one accepted, held or missed; and
-- 录用意向: with pay, first day and until when it holds.
--
-- Each change of an interview leaves a step of its application by trigger: the
-- timeline is one, and the other side is told by the step.
CREATE TABLE jobs.interview (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    application_id uuid NOT NULL CONSTRAINT interview_application_fkey REFERENCES jobs.application,
    person_id      uuid NOT NULL,
    name_masked    text NOT NULL,
    org_id         uuid NOT NULL,
    org_name       text NOT NULL,
    vacancy_title  text NOT NULL,
    mode           text NOT NULL CONSTRAINT interview_mode_check CHECK (mode IN ('onsite', 'remote')),
    times          timestamptz[] NOT NULL
        CONSTRAINT interview_times_check CHECK (cardinality(times) BETWEEN 1 AND 5),
    minutes        integer NOT NULL CONSTRAINT interview_minutes_check CHECK (minutes BETWEEN 5 AND 480),
    place          text,
    link           text,
    note           text,
    answer         text,
    state          text NOT NULL DEFAULT 'proposed' CONSTRAINT interview_state_check
        CHECK (state IN ('proposed', 'asked', 'accepted', 'declined', 'cancelled', 'held')),
    starts_at      timestamptz,
    sequence       integer NOT NULL DEFAULT 0,
    result         text CONSTRAINT interview_result_check CHECK (result IN ('attended', 'no_show')),
    reason_code    text CONSTRAINT interview_reason_check
        CHECK (reason_code IN ('no_notice', 'late_notice', 'unreachable', 'other')),
    objection      text,
    objection_open boolean NOT NULL DEFAULT false,
    reminded_day   boolean NOT NULL DEFAULT false,
    reminded_hours boolean NOT NULL DEFAULT false,
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    changed_at     timestamptz NOT NULL DEFAULT platform.now(),
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT interview_starts_check
        CHECK (state IN ('cancelled', 'declined') OR (starts_at IS NOT NULL) = (state IN ('accepted', 'held'))),
    CONSTRAINT interview_held_check CHECK ((state = 'held') = (result IS NOT NULL))
);
COMMENT ON COLUMN jobs.interview.sequence IS 'of its calendar entry: grows with every change of it';
COMMENT ON COLUMN jobs.interview.answer IS 'what the person said to it';
CREATE INDEX interview_application_idx ON jobs.interview (application_id, id);
CREATE INDEX interview_person_idx ON jobs.interview (person_id, id);
CREATE INDEX interview_org_idx ON jobs.interview (org_id, id);
CREATE INDEX interview_due_idx ON jobs.interview (starts_at)
    WHERE state = 'accepted' AND NOT reminded_hours;

CALL platform.protect('jobs.interview', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR org_id = platform.org()
$$);

CREATE FUNCTION jobs.interview_reply(i jobs.interview) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', i.id, 'application_id', i.application_id, 'person_id', i.person_id,
        'name_masked', i.name_masked, 'org_id', i.org_id, 'org_name', i.org_name,
        'vacancy_title', i.vacancy_title, 'mode', i.mode, 'times', to_jsonb(i.times),
        'minutes', i.minutes, 'place', i.place, 'link', i.link, 'note', i.note,
        'answer', i.answer, 'state', i.state, 'starts_at', i.starts_at, 'result', i.result,
        'reason_code', i.reason_code, 'objection', i.objection,
        'objection_open', i.objection_open, 'county_code', i.county_code,
        'changed_at', i.changed_at, 'created_at', i.created_at)::text
$$;

-- On site there is a place, at a distance an address; refuses otherwise.
CREATE FUNCTION jobs.interview_sound(mode text, place text, link text) RETURNS boolean
LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN mode = 'onsite' AND place IS NULL THEN platform.refuse('field.missing /place')
                WHEN mode = 'remote' AND link IS NULL
                THEN platform.refuse('jobs.meeting_unset /link') END IS NULL
$$;

CREATE FUNCTION jobs.interview_what(old jobs.interview, new jobs.interview) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN old.id IS NULL THEN 'interview_propose'
    WHEN new.objection_open AND NOT old.objection_open THEN 'interview_object'
    WHEN new.state = 'held' AND new.result = 'attended' THEN 'interview_attended'
    WHEN new.state = 'held' THEN 'interview_no_show'
    WHEN new.state = 'accepted' THEN 'interview_accept'
    WHEN new.state = 'asked' THEN 'interview_ask'
    WHEN new.state = 'declined' THEN 'interview_decline'
    WHEN new.state = 'cancelled' THEN 'interview_cancel'
    ELSE 'interview_move' END;

CREATE FUNCTION jobs.interview_step() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    did  text := jobs.interview_what(OLD, NEW);
    said text := CASE WHEN did = 'interview_object' THEN NEW.objection
                      WHEN platform.actor_kind() = 'person' THEN NEW.answer
                      ELSE coalesce(NEW.note, NEW.place) END;
    meet timestamptz := coalesce(NEW.starts_at, NEW.times[1]);
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF jobs.application_go(NEW.application_id, 'interview', did, NULL, said, meet, NEW.mode) IS NULL THEN
            PERFORM platform.refuse('state.wrong');
        END IF;
    ELSIF did <> 'interview_cancel' OR EXISTS (SELECT FROM jobs.application a
             WHERE a.id = NEW.application_id AND a.state IN ('submitted', 'interview', 'offered', 'accepted'))
    THEN	-- what ended with its application needs no word of its own
        INSERT INTO jobs.application_step (application_id, person_id, org_id, state, what,
                                           reason_code, meet_at, meet_mode, note, county_code, area_code)
        SELECT a.id, a.person_id, a.org_id, a.state, did, NEW.reason_code, meet, NEW.mode,
               said, a.county_code, a.area_code
          FROM jobs.application a WHERE a.id = NEW.application_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER interview_step AFTER INSERT OR UPDATE OF state, result, times, objection_open
    ON jobs.interview FOR EACH ROW EXECUTE FUNCTION jobs.interview_step();

-- An application that has ended needs no meeting.
CREATE FUNCTION jobs.application_ends_interviews() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE jobs.interview AS i
       SET state = 'cancelled', sequence = i.sequence + 1, changed_at = platform.now()
     WHERE i.application_id = NEW.id AND i.state IN ('proposed', 'asked', 'accepted');
    RETURN NULL;
END $$;
CREATE TRIGGER application_ends_interviews AFTER UPDATE OF state ON jobs.application
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('rejected', 'withdrawn', 'declined', 'no_show'))
    EXECUTE FUNCTION jobs.application_ends_interviews();

-- ---- offers -------------------------------------------------------------------

CREATE TABLE jobs.offer (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    application_id uuid NOT NULL CONSTRAINT offer_application_fkey REFERENCES jobs.application,
    person_id      uuid NOT NULL,
    org_id         uuid NOT NULL,
    pay_cents      bigint CONSTRAINT offer_pay_check CHECK (pay_cents > 0),
    pay_unit       text CONSTRAINT offer_pay_unit_check
        CHECK (pay_unit IN ('month', 'day', 'hour', 'piece')),
    start_on       date,
    valid_until    date,
    note           text,
    state          text NOT NULL DEFAULT 'open' CONSTRAINT offer_state_check
        CHECK (state IN ('open', 'accepted', 'declined', 'expired', 'closed')),
    before         text NOT NULL,
    answered_at    timestamptz,
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT offer_wage_check CHECK ((pay_cents IS NULL) = (pay_unit IS NULL))
);
COMMENT ON COLUMN jobs.offer.valid_until IS 'the last day it holds; NULL: until it is answered';
COMMENT ON COLUMN jobs.offer.before IS 'where the application stood, and stands again when it lapses';
CREATE UNIQUE INDEX offer_open_key ON jobs.offer (application_id) WHERE state = 'open';
CREATE INDEX offer_application_idx ON jobs.offer (application_id, id);
CREATE INDEX offer_due_idx ON jobs.offer (valid_until) WHERE state = 'open';

CALL platform.protect('jobs.offer', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR org_id = platform.org()
$$);

CREATE FUNCTION jobs.offer_json(application uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', o.id, 'pay_cents', o.pay_cents, 'currency', 'CNY', 'pay_unit', o.pay_unit,
        'start_on', o.start_on, 'valid_until', o.valid_until, 'note', o.note, 'state', o.state,
        'answered_at', o.answered_at, 'created_at', o.created_at)
      FROM jobs.offer o WHERE o.application_id = application ORDER BY o.id DESC LIMIT 1
$$;

-- Answered by where the application went.
CREATE FUNCTION jobs.application_answers_offer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE jobs.offer AS o
       SET state = CASE NEW.state WHEN 'accepted' THEN 'accepted' WHEN 'hired' THEN 'accepted'
                                  WHEN 'declined' THEN 'declined'
                                  ELSE 'closed' END,
           answered_at = platform.now()
     WHERE o.application_id = NEW.id AND o.state = 'open';
    RETURN NULL;
END $$;
CREATE TRIGGER application_answers_offer AFTER UPDATE OF state ON jobs.application
    FOR EACH ROW WHEN (OLD.state = 'offered' AND NEW.state IN
        ('accepted', 'declined', 'hired', 'rejected', 'withdrawn'))
    EXECUTE FUNCTION jobs.application_answers_offer();
