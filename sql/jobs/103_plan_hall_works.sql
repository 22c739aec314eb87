-- Works on a hall or a gig market (永政办发〔2024〕15号 二（五）15) have the day by which
-- they are to be done (三（三）: 资金支出与项目建设同步推进). Whoever promised a day does not
-- move it: another officer does, with a reason, and what was promised first stays.
CREATE TABLE jobs.hall_work (
    id           uuid PRIMARY KEY,
    place_id     uuid NOT NULL CONSTRAINT hall_work_place_fkey REFERENCES jobs.place,
    title        text NOT NULL,
    state        text NOT NULL DEFAULT 'running' CONSTRAINT hall_work_state_check
                 CHECK (state IN ('running', 'done', 'dropped')),
    due_on       date NOT NULL,
    first_due_on date NOT NULL,
    ended_on     date,
    end_note     text,
    opened_by    uuid NOT NULL DEFAULT platform.actor(),
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT hall_work_ended_check CHECK ((state = 'running') = (ended_on IS NULL)
        AND (state <> 'dropped' OR end_note IS NOT NULL))
);
COMMENT ON COLUMN jobs.hall_work.state IS 'done: the place, or its upgrade, was accepted';
CREATE UNIQUE INDEX hall_work_running_key ON jobs.hall_work (place_id) WHERE state = 'running';
CREATE INDEX hall_work_county_idx ON jobs.hall_work (county_code, id);
CALL platform.protect('jobs.hall_work', 'platform.in_areas(county_code, area_code)');
REVOKE DELETE ON jobs.hall_work FROM jobs_app, jobs_system;

CREATE TABLE jobs.hall_work_due (
    ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    work_id     uuid NOT NULL CONSTRAINT hall_work_due_work_fkey REFERENCES jobs.hall_work,
    due_on      date NOT NULL,
    reason      text NOT NULL,
    set_by      uuid NOT NULL DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX hall_work_due_work_idx ON jobs.hall_work_due (work_id, ord);
CALL platform.protect('jobs.hall_work_due', 'platform.in_areas(county_code, area_code)');
REVOKE UPDATE, DELETE ON jobs.hall_work_due FROM jobs_app, jobs_system;

-- The newest day counts; the first is the promise. A running work only.
CREATE FUNCTION jobs.hall_work_due_set() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    w jobs.hall_work;
BEGIN
    SELECT x.* INTO w FROM jobs.hall_work x WHERE x.id = NEW.work_id FOR UPDATE;
    IF w.state <> 'running' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF EXISTS (SELECT FROM jobs.hall_work_due d WHERE d.work_id = w.id) AND w.opened_by = NEW.set_by THEN
        PERFORM platform.refuse('jobs.same_hand');
    END IF;
    UPDATE jobs.hall_work SET due_on = NEW.due_on WHERE id = w.id AND due_on <> NEW.due_on;
    RETURN NEW;
END $$;
CREATE TRIGGER hall_work_due_set BEFORE INSERT ON jobs.hall_work_due
    FOR EACH ROW EXECUTE FUNCTION jobs.hall_work_due_set();

CREATE FUNCTION jobs.hall_work_tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.hall_work.moved.v1', NEW.id::text, NEW.area_code, jsonb_build_object('work_id', NEW.id,
        'place_id', NEW.place_id, 'kind', p.kind, 'state', NEW.state, 'due_on', NEW.due_on,
        'first_due_on', NEW.first_due_on, 'ended_on', NEW.ended_on, 'county_code', NEW.county_code)
      FROM jobs.place p WHERE p.id = NEW.place_id;
    RETURN NULL;
END $$;
CREATE TRIGGER hall_work_tell AFTER INSERT OR UPDATE ON jobs.hall_work
    FOR EACH ROW EXECUTE FUNCTION jobs.hall_work_tell();

-- Accepted, the place itself or its upgrade, the works are done; with the place they end.
CREATE FUNCTION jobs.hall_work_end(place uuid, how text, why text, on_day date) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE jobs.hall_work w SET state = how, ended_on = on_day, end_note = why
     WHERE w.place_id = place AND w.state = 'running'
$$;
REVOKE EXECUTE ON FUNCTION jobs.hall_work_end(uuid, text, text, date) FROM PUBLIC;

CREATE FUNCTION jobs.hall_work_on_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.hall_work_end(NEW.id, CASE NEW.state WHEN 'closed' THEN 'dropped' ELSE 'done' END,
        CASE NEW.state WHEN 'closed' THEN '场所已关闭' END, platform.today());
    RETURN NULL;
END $$;
CREATE TRIGGER hall_work_ends AFTER UPDATE ON jobs.place FOR EACH ROW
    WHEN ((OLD.accepted_on IS NULL AND NEW.accepted_on IS NOT NULL) OR (OLD.state <> 'closed' AND NEW.state = 'closed'))
    EXECUTE FUNCTION jobs.hall_work_on_place();

CREATE FUNCTION jobs.hall_work_on_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.hall_work_end(NEW.place_id, 'done', NULL, NEW.decided_on);
    RETURN NULL;
END $$;
CREATE TRIGGER hall_work_ends AFTER UPDATE ON jobs.hall_project FOR EACH ROW
    WHEN (OLD.state <> 'accepted' AND NEW.state = 'accepted')
    EXECUTE FUNCTION jobs.hall_work_on_project();

CREATE FUNCTION jobs.hall_work_json(w jobs.hall_work) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', w.id, 'place_id', w.place_id, 'title', w.title, 'state', w.state, 'due_on', w.due_on,
        'first_due_on', w.first_due_on, 'days_late', greatest(0, coalesce(w.ended_on, platform.today()) - w.due_on),
        'ended_on', w.ended_on, 'end_note', w.end_note, 'county_code', w.county_code, 'area_code', w.area_code,
        'created_at', w.created_at, 'dues', (SELECT coalesce(jsonb_agg(jsonb_build_object('due_on', d.due_on,
            'reason', d.reason, 'set_by', d.set_by, 'at', d.at) ORDER BY d.ord), '[]')
          FROM jobs.hall_work_due d WHERE d.work_id = w.id))
$$;

CREATE FUNCTION jobs.hall_work_open(work uuid, place uuid, what text, due date, why text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    p jobs.place;
    w jobs.hall_work;
BEGIN
    SELECT x.* INTO p FROM jobs.place x
     WHERE x.id = place AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE;
    IF p.id IS NULL THEN RETURN NULL; END IF;
    IF p.kind NOT IN ('hall', 'gig_market') THEN PERFORM platform.refuse('jobs.hall_kind'); END IF;
    IF p.state = 'closed' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF due < platform.today() THEN PERFORM platform.refuse('field.date_past /due_on'); END IF;
    INSERT INTO jobs.hall_work (id, place_id, title, due_on, first_due_on, county_code, area_code)
    VALUES (work, p.id, what, due, due, p.county_code, p.area_code) RETURNING * INTO w;
    INSERT INTO jobs.hall_work_due (work_id, due_on, reason, county_code, area_code)
    VALUES (w.id, due, why, w.county_code, w.area_code);
    RETURN jobs.hall_work_json(w);
END $$;

CREATE FUNCTION jobs.hall_work_postpone(work uuid, due date, why text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    w jobs.hall_work;
BEGIN
    SELECT x.* INTO w FROM jobs.hall_work x WHERE x.id = work FOR UPDATE;
    IF w.id IS NULL THEN RETURN NULL; END IF;
    IF due < platform.today() THEN PERFORM platform.refuse('field.date_past /due_on'); END IF;
    INSERT INTO jobs.hall_work_due (work_id, due_on, reason, county_code, area_code)
    VALUES (w.id, due, why, w.county_code, w.area_code);
    SELECT x.* INTO w FROM jobs.hall_work x WHERE x.id = work;
    RETURN jobs.hall_work_json(w);
END $$;
