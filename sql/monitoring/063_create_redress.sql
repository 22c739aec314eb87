-- 差评: called, put right, answered, closed, by others than who was rated and with
-- a day where the city has promised one. What is called malicious is void only
-- when a second officer agrees.

CREATE TABLE monitoring.redress (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    rating_id   uuid NOT NULL CONSTRAINT redress_rating_key UNIQUE CONSTRAINT redress_rating_fkey REFERENCES monitoring.rating,
    matter_code text NOT NULL,
    stars       integer NOT NULL,
    state       text NOT NULL DEFAULT 'open' CONSTRAINT redress_state_check CHECK (state IN
        ('open', 'assigned', 'contacted', 'rectified', 'answered', 'closed', 'appealed', 'void', 'withdrawn')),
    due_on      date,
    officer_id  uuid,
    assigned_to uuid,
    appealed_by uuid,
    decided_by  uuid,
    answer      text,
    opened_on   date NOT NULL DEFAULT platform.today(),
    ended_on    date,
    county_code text NOT NULL,
    area_code   text,
    CONSTRAINT redress_hand_check CHECK (assigned_to <> officer_id),
    CONSTRAINT redress_second_check CHECK (decided_by NOT IN (assigned_to, officer_id)),
    CONSTRAINT redress_appeal_check CHECK (decided_by <> appealed_by),
    CONSTRAINT redress_assigned_check CHECK (state IN ('open', 'withdrawn') OR assigned_to IS NOT NULL),
    CONSTRAINT redress_ended_check CHECK ((state IN ('closed', 'void', 'withdrawn')) = (ended_on IS NOT NULL))
);
COMMENT ON COLUMN monitoring.redress.officer_id IS 'who was rated, and may not handle it';
COMMENT ON COLUMN monitoring.redress.due_on IS 'the day it is to be answered; NULL: the city has promised none';
CREATE INDEX redress_county_idx ON monitoring.redress (county_code, state, id);
CALL platform.protect('monitoring.redress', $$platform.in_areas(county_code, area_code)
    OR EXISTS (SELECT FROM monitoring.rating g WHERE g.id = rating_id
                AND (g.person_id = platform.person() OR g.org_id = platform.org()))$$, 'false');
REVOKE INSERT, UPDATE, DELETE ON monitoring.redress FROM monitoring_app;

CREATE TABLE monitoring.redress_step (
    ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    redress_id  uuid NOT NULL CONSTRAINT redress_step_redress_fkey REFERENCES monitoring.redress,
    step        text NOT NULL CONSTRAINT redress_step_step_check CHECK (step IN
        ('assign', 'contact', 'rectify', 'answer', 'close', 'appeal', 'uphold', 'dismiss')),
    note        text,
    actor       uuid NOT NULL DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX redress_step_redress_idx ON monitoring.redress_step (redress_id, ord);
CALL platform.protect('monitoring.redress_step', $$platform.in_areas(county_code, area_code)$$, 'false');
REVOKE INSERT, UPDATE, DELETE ON monitoring.redress_step FROM monitoring_app;
REVOKE UPDATE, DELETE ON monitoring.redress_step FROM monitoring_system;

CREATE FUNCTION monitoring.redress_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO monitoring.redress (rating_id, matter_code, stars, due_on, officer_id, county_code, area_code)
    VALUES (NEW.id, NEW.matter_code, NEW.stars,
        monitoring.setting_due('rating_answer_days', NEW.rated_on), NEW.officer_id, NEW.county_code, NEW.area_code);
    RETURN NULL;
END $$;
CREATE TRIGGER redress_open AFTER INSERT ON monitoring.rating
    FOR EACH ROW WHEN (NEW.stars <= 2 AND NEW.source = 'matter') EXECUTE FUNCTION monitoring.redress_open();

CREATE FUNCTION monitoring.redress_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.redress.moved.v1', NEW.id::text, coalesce(NEW.area_code, NEW.county_code),
        jsonb_build_object('redress_id', NEW.id, 'rating_id', NEW.rating_id, 'matter_code', NEW.matter_code,
            'state', NEW.state, 'due_on', NEW.due_on, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER redress_told AFTER INSERT OR UPDATE OF state ON monitoring.redress
    FOR EACH ROW EXECUTE FUNCTION monitoring.redress_told();

-- From which states a step goes, and where to.
CREATE FUNCTION monitoring.redress_next(step text, state text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN step = 'assign' AND state IN ('open', 'assigned') THEN 'assigned'
    WHEN step = 'contact' AND state = 'assigned' THEN 'contacted'
    WHEN step = 'rectify' AND state = 'contacted' THEN 'rectified'
    WHEN step = 'answer' AND state = 'rectified' THEN 'answered'
    WHEN step = 'close' AND state = 'answered' THEN 'closed'
    WHEN step = 'appeal' AND state IN ('assigned', 'contacted') THEN 'appealed'
    WHEN step = 'uphold' AND state = 'appealed' THEN 'void'
    WHEN step = 'dismiss' AND state = 'appealed' THEN 'assigned' END;

-- Who has it takes the steps; another closes it, or decides on an appeal.
CREATE FUNCTION monitoring.redress_move(redress uuid, step_ text, note_ text, officer uuid) RETURNS monitoring.redress
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    me uuid := platform.actor();
    r  monitoring.redress;
    g  monitoring.rating;
    to_state text;
BEGIN
    SELECT x.* INTO r FROM monitoring.redress x
     WHERE x.id = redress AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE;
    IF r.id IS NULL THEN
        RETURN NULL;
    END IF;
    to_state := monitoring.redress_next(step_, r.state);
    IF to_state IS NULL THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF officer IS NOT NULL AND step_ <> 'assign' THEN
        PERFORM platform.refuse('field.unknown /officer_id');
    ELSIF note_ IS NULL AND step_ <> 'assign' THEN
        PERFORM platform.refuse('field.missing /note');
    ELSIF step_ = 'assign' AND coalesce(officer, me) = r.officer_id THEN
        PERFORM platform.refuse('monitoring.rated_hand');
    ELSIF step_ IN ('contact', 'rectify', 'answer', 'appeal') AND me <> r.assigned_to THEN
        PERFORM platform.refuse('monitoring.redress_hand');
    ELSIF step_ IN ('close', 'uphold', 'dismiss') AND (me = r.assigned_to OR me IS NOT DISTINCT FROM r.officer_id
                                                       OR (step_ <> 'close' AND me = r.appealed_by)) THEN
        PERFORM platform.refuse('monitoring.redress_second');
    END IF;
    UPDATE monitoring.redress x
       SET state = to_state,
           assigned_to = CASE step_ WHEN 'assign' THEN coalesce(officer, me) ELSE x.assigned_to END,
           appealed_by = CASE step_ WHEN 'appeal' THEN me ELSE x.appealed_by END,
           decided_by = CASE WHEN step_ IN ('close', 'uphold') THEN me ELSE x.decided_by END,
           answer = CASE step_ WHEN 'answer' THEN note_ ELSE x.answer END,
           ended_on = CASE WHEN to_state IN ('closed', 'void') THEN platform.today() END
     WHERE x.id = r.id RETURNING x.* INTO r;
    INSERT INTO monitoring.redress_step (redress_id, step, note, county_code, area_code)
    VALUES (r.id, step_, note_, r.county_code, r.area_code);
    UPDATE monitoring.rating x SET is_void = is_void OR step_ = 'uphold' WHERE x.id = r.rating_id RETURNING x.* INTO g;
    IF step_ = 'answer' THEN
        PERFORM monitoring.tell(g.person_id, g.org_id, 'rating', '您的评价已有答复', note_, 'rating', g.id);
    ELSIF step_ = 'uphold' THEN
        PERFORM monitoring.tell(g.person_id, g.org_id, 'rating', '您的评价经核实不予计入', note_, 'rating', g.id);
    END IF;
    RETURN r;
END $$;
COMMENT ON FUNCTION monitoring.redress_move(uuid, text, text, uuid) IS
    'officer: to whom it is given, without one to the caller; NULL: no such bad rating in the caller''s areas';

-- Answered or ended it is late no more; without a day it never is.
CREATE FUNCTION monitoring.redress_is_late(r monitoring.redress) RETURNS boolean
LANGUAGE sql STABLE
RETURN r.due_on < platform.today() AND r.state NOT IN ('answered', 'closed', 'void', 'withdrawn');

-- Nobody's name: not of who rated, and what the rating says only as it was given.
CREATE FUNCTION monitoring.redress_json(r monitoring.redress) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'rating_id', r.rating_id, 'matter_code', r.matter_code, 'stars', r.stars,
        'reasons', to_jsonb(g.reasons), 'note', g.note, 'state', r.state, 'due_on', r.due_on,
        'overdue', monitoring.redress_is_late(r),
        'assigned_to', r.assigned_to, 'answer', r.answer, 'opened_on', r.opened_on, 'ended_on', r.ended_on,
        'county_code', r.county_code)
      FROM monitoring.rating g WHERE g.id = r.rating_id
$$;

-- One's own word, and what became of it.
CREATE FUNCTION monitoring.rating_own_json(g monitoring.rating) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', g.id, 'case_id', g.case_id, 'matter_code', g.matter_code, 'service', g.service,
        'stars', g.stars, 'reasons', to_jsonb(g.reasons), 'note', g.note, 'rated_on', g.rated_on,
        'added_note', g.added_note, 'added_on', g.added_on, 'at_counter', g.given_by IS NOT NULL,
        'withdrawn_on', g.withdrawn_on, 'redress_state', r.state, 'answer_by', r.due_on,
        'answer', r.answer, 'county_code', g.county_code)
      FROM (SELECT 1) AS one LEFT JOIN monitoring.redress r ON r.rating_id = g.id
$$;

CREATE FUNCTION monitoring.rating_key(by text, service text, matter text, county text, outlet uuid, channel text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE by WHEN 'group' THEN monitoring.rated_group(service) WHEN 'service' THEN service
    WHEN 'matter' THEN coalesce(matter, '-') WHEN 'county' THEN county WHEN 'outlet' THEN coalesce(outlet::text, '-')
    ELSE channel END;
