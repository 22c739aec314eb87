-- What the models said of each period, and the alerts that follow: one open a
-- rule and area, whose colour rises and falls; acknowledged, handled, closed by
-- named people, and passed on to the city when nobody does in time.

-- Once a rule, area and period, as it was known when it was judged.
CREATE TABLE monitoring.warning_reading (
    rule_code   text NOT NULL CONSTRAINT warning_reading_rule_fkey REFERENCES monitoring.warning_rule,
    area_code   text NOT NULL,
    period_on   date NOT NULL,
    setting_id  uuid NOT NULL CONSTRAINT warning_reading_setting_fkey REFERENCES monitoring.warning_setting,
    value       bigint,
    score       bigint,
    colour      text NOT NULL CONSTRAINT warning_reading_colour_check
        CHECK (colour IN ('clear', 'blue', 'yellow', 'orange', 'red')),
    county_code text NOT NULL,
    judged_at   timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (rule_code, area_code, period_on)
);
COMMENT ON COLUMN monitoring.warning_reading.score IS
    'what the levels are held against; NULL: too little is known, and the colour stays';
CALL platform.protect('monitoring.warning_reading', 'platform.acts_in(county_code)', 'false');
REVOKE UPDATE, DELETE ON monitoring.warning_reading FROM monitoring_app, monitoring_system;

CREATE TABLE monitoring.alert (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    rule_code       text NOT NULL CONSTRAINT alert_rule_fkey REFERENCES monitoring.warning_rule,
    area_code       text NOT NULL,
    subject_id      uuid,
    org_id          uuid,
    colour          text NOT NULL CONSTRAINT alert_colour_check
        CHECK (colour IN ('clear', 'ungraded', 'blue', 'yellow', 'orange', 'red')),
    peak            text NOT NULL,
    value           bigint,
    score           bigint,
    period_on       date,
    state           text NOT NULL DEFAULT 'open' CONSTRAINT alert_state_check
        CHECK (state IN ('open', 'acknowledged', 'handled', 'closed')),
    level           text NOT NULL CONSTRAINT alert_level_check CHECK (level IN ('county', 'city')),
    due_on          date,
    is_overdue      boolean NOT NULL DEFAULT false,
    raised_on       date NOT NULL DEFAULT platform.today(),
    acknowledged_by uuid,
    acknowledged_at timestamptz,
    handled_by      uuid,
    handled_at      timestamptz,
    handling        text,
    closed_by       uuid,
    closed_at       timestamptz,
    reason          text,
    is_false        boolean,
    follows_id      uuid CONSTRAINT alert_follows_fkey REFERENCES monitoring.alert,
    county_code     text NOT NULL,
    moved_at        timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT alert_acknowledged_check CHECK ((state IN ('acknowledged', 'handled')) <= (acknowledged_by IS NOT NULL)),
    CONSTRAINT alert_handled_check CHECK ((state = 'handled') <= (handled_by IS NOT NULL AND handling IS NOT NULL)),
    CONSTRAINT alert_closed_check CHECK ((state = 'closed')
        = (num_nulls(closed_by, closed_at, reason, is_false) = 0)),
    CONSTRAINT alert_hands_check CHECK (subject_id IS NOT NULL OR closed_by <> coalesce(handled_by, acknowledged_by))
);
COMMENT ON COLUMN monitoring.alert.subject_id IS
    'the report of an alert that was reported, which is dealt with on the report; NULL: it came of a rule';
COMMENT ON COLUMN monitoring.alert.is_false IS 'closed as a false alarm';
COMMENT ON COLUMN monitoring.alert.follows_id IS 'the alert of the same signal that was closed while it stayed high';
CREATE UNIQUE INDEX alert_once ON monitoring.alert (rule_code, area_code) WHERE state <> 'closed' AND subject_id IS NULL;
CREATE UNIQUE INDEX alert_subject_once ON monitoring.alert (subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX alert_closed_idx ON monitoring.alert (rule_code, area_code, id) WHERE state = 'closed' AND subject_id IS NULL;
CREATE INDEX alert_county_idx ON monitoring.alert (county_code, id);
CREATE INDEX alert_due_idx ON monitoring.alert (due_on) WHERE state IN ('open', 'acknowledged') AND NOT is_overdue;
CALL platform.protect('monitoring.alert', 'platform.acts_in(county_code)');
REVOKE INSERT, UPDATE, DELETE ON monitoring.alert FROM monitoring_app;
REVOKE DELETE ON monitoring.alert FROM monitoring_system;
GRANT UPDATE (state, due_on, is_overdue, acknowledged_by, acknowledged_at, handled_by, handled_at, handling, closed_by,
              closed_at, reason, is_false, moved_at) ON monitoring.alert TO monitoring_app;

CREATE TABLE monitoring.alert_step (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    alert_id    uuid NOT NULL CONSTRAINT alert_step_alert_fkey REFERENCES monitoring.alert,
    step        text NOT NULL CONSTRAINT alert_step_step_check CHECK (step IN
        ('raised', 'rose', 'fell', 'acknowledged', 'handled', 'closed', 'escalated', 'overdue')),
    colour      text NOT NULL,
    value       bigint,
    period_on   date,
    note        text,
    actor       uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX alert_step_alert_idx ON monitoring.alert_step (alert_id, id);
CALL platform.protect('monitoring.alert_step', 'platform.acts_in(county_code)', 'false');
REVOKE INSERT, UPDATE, DELETE ON monitoring.alert_step FROM monitoring_app, monitoring_system;

-- From when on a signal that stays high after its alert was closed raises another;
-- NULL: the city has set no days, it was not high, or it never is (a report).
CREATE FUNCTION monitoring.alert_again_on(a monitoring.alert) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN a.state = 'closed' AND a.subject_id IS NULL AND a.colour <> 'clear'
                THEN (a.closed_at AT TIME ZONE 'Asia/Shanghai')::date
                     + monitoring.setting_on('alert_again_days', platform.today()) END
$$;

CREATE FUNCTION monitoring.alert_fault(a monitoring.alert) RETURNS text
LANGUAGE sql STABLE
RETURN CASE WHEN a.subject_id IS NOT NULL THEN 'monitoring.warning_reported'
            WHEN a.level = 'city' AND NOT platform.whole_city() THEN 'monitoring.warning_city' END;
COMMENT ON FUNCTION monitoring.alert_fault(monitoring.alert) IS 'why the caller cannot move it; NULL: may, as its state allows';

CREATE FUNCTION monitoring.alert_json(a monitoring.alert) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'rule_code', a.rule_code,
        'title', (SELECT r.title FROM monitoring.warning_rule r WHERE r.code = a.rule_code),
        'area_code', a.area_code, 'county_code', a.county_code, 'subject_id', a.subject_id, 'org_id', a.org_id,
        'org_name', monitoring.org_name(a.org_id),
        'colour', a.colour, 'peak', a.peak, 'value', a.value, 'score', a.score, 'period_on', a.period_on,
        'state', a.state, 'level', a.level, 'due_on', a.due_on, 'is_overdue', a.is_overdue, 'raised_on', a.raised_on,
        'acknowledged_by', a.acknowledged_by, 'acknowledged_at', a.acknowledged_at, 'handled_by', a.handled_by,
        'handled_at', a.handled_at, 'handling', a.handling, 'closed_by', a.closed_by, 'closed_at', a.closed_at, 'reason', a.reason, 'is_false', a.is_false,
        'follows_id', a.follows_id, 'again_on', monitoring.alert_again_on(a),
        'again_is_set', monitoring.setting_on('alert_again_days', platform.today()) IS NOT NULL)
$$;

CREATE FUNCTION monitoring.alert_full_json(a monitoring.alert) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT monitoring.alert_json(a) || jsonb_build_object('steps', coalesce((
        SELECT jsonb_agg(jsonb_build_object('step', s.step, 'colour', s.colour, 'value', s.value, 'period_on', s.period_on,
                                            'note', s.note, 'actor', s.actor, 'at', s.at) ORDER BY s.id)
          FROM monitoring.alert_step s WHERE s.alert_id = a.id), '[]'))
$$;

-- Which state may follow which, whatever statement moves it: a false alarm needs no
-- handling, a colour that rises opens it anew, a report has states of its own.
CREATE FUNCTION monitoring.alert_before() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' OR (OLD.subject_id IS NULL AND OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
        (('open', 'acknowledged'), ('acknowledged', 'handled'), ('handled', 'closed'))
        AND NOT (OLD.state = 'acknowledged' AND NEW.state = 'closed' AND NEW.is_false)
        AND NOT (NEW.state = 'open' AND monitoring.warning_rank(NEW.colour) > monitoring.warning_rank(OLD.colour))) THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER alert_before BEFORE UPDATE ON monitoring.alert
    FOR EACH ROW EXECUTE FUNCTION monitoring.alert_before();

-- Each move is a step that stays, and an event.
CREATE FUNCTION monitoring.alert_after() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    step_ text;
BEGIN
    step_ := CASE WHEN TG_OP = 'INSERT' THEN 'raised'
        WHEN monitoring.warning_rank(NEW.colour) > monitoring.warning_rank(OLD.colour) THEN 'rose'
        WHEN NEW.colour <> OLD.colour THEN 'fell'
        WHEN NEW.state <> OLD.state THEN NEW.state
        WHEN NEW.level <> OLD.level THEN 'escalated'
        WHEN NEW.is_overdue AND NOT OLD.is_overdue THEN 'overdue' END;
    IF step_ IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO monitoring.alert_step (alert_id, step, colour, value, period_on, note, county_code)
    VALUES (NEW.id, step_, NEW.colour, NEW.value, NEW.period_on,
            CASE step_ WHEN 'handled' THEN NEW.handling WHEN 'closed' THEN NEW.reason END, NEW.county_code);
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES (CASE step_ WHEN 'raised' THEN 'monitoring.alert.raised.v1' ELSE 'monitoring.alert.moved.v1' END, NEW.id::text,
            NEW.area_code, jsonb_build_object('alert_id', NEW.id, 'rule', NEW.rule_code, 'colour', NEW.colour,
                'area_code', NEW.area_code, 'county_code', NEW.county_code, 'value', NEW.value, 'state', NEW.state,
                'level', NEW.level, 'step', step_));
    RETURN NULL;
END $$;
CREATE TRIGGER alert_after AFTER INSERT OR UPDATE ON monitoring.alert
    FOR EACH ROW EXECUTE FUNCTION monitoring.alert_after();

-- One period of one rule and area, judged by the models: `was` is the colour of
-- the period before. False: it had been judged already.
CREATE FUNCTION monitoring.warning_record(setting monitoring.warning_setting, area text, period date, was text,
    value_ bigint, score_ bigint, colour_ text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    a       monitoring.alert;
    earlier monitoring.alert;
BEGIN
    INSERT INTO monitoring.warning_reading (rule_code, area_code, period_on, setting_id, value, score, colour, county_code)
    VALUES (setting.rule_code, area, period, setting.id, value_, score_, colour_, area)
    ON CONFLICT (rule_code, area_code, period_on) DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT x.* INTO a FROM monitoring.alert x
     WHERE x.rule_code = setting.rule_code AND x.area_code = area AND x.state <> 'closed' AND x.subject_id IS NULL
       FOR UPDATE;
    IF a.id IS NOT NULL THEN
        UPDATE monitoring.alert x
           SET colour = colour_, value = value_, score = score_, period_on = period, moved_at = platform.now(),
               peak = CASE WHEN monitoring.warning_rank(colour_) > monitoring.warning_rank(x.peak) THEN colour_ ELSE x.peak END,
               state = CASE WHEN monitoring.warning_rank(colour_) > monitoring.warning_rank(x.colour) THEN 'open' ELSE x.state END,
               due_on = CASE WHEN monitoring.warning_rank(colour_) > monitoring.warning_rank(x.colour)
                             THEN monitoring.setting_due('alert_acknowledge_days', platform.today(), colour_) ELSE x.due_on END,
               is_overdue = x.is_overdue AND monitoring.warning_rank(colour_) <= monitoring.warning_rank(x.colour)
         WHERE x.id = a.id;
        IF monitoring.warning_rank(colour_) > monitoring.warning_rank(a.colour) THEN
            UPDATE monitoring.alert x SET acknowledged_by = NULL, acknowledged_at = NULL, handled_by = NULL, handled_at = NULL,
                   handling = NULL WHERE x.id = a.id;
        END IF;
        RETURN true;
    END IF;
    -- A colour that lasts was told already, unless its alert was closed some time ago.
    IF was <> 'clear' THEN
        SELECT x.* INTO earlier FROM monitoring.alert x
         WHERE x.rule_code = setting.rule_code AND x.area_code = area AND x.state = 'closed' AND x.subject_id IS NULL
         ORDER BY x.id DESC LIMIT 1;
    END IF;
    IF monitoring.warning_rank(colour_) > monitoring.warning_rank(was)
       OR (colour_ <> 'clear' AND platform.today() >= monitoring.alert_again_on(earlier)) THEN
        INSERT INTO monitoring.alert (rule_code, area_code, colour, peak, value, score, period_on, level, due_on, follows_id,
                                      county_code)
        VALUES (setting.rule_code, area, colour_, colour_, value_, score_, period,
                CASE area WHEN '431100' THEN 'city' ELSE 'county' END,
                monitoring.setting_due('alert_acknowledge_days', platform.today(), colour_), earlier.id, area);
    END IF;
    RETURN true;
END $$;

-- A report of a large layoff (企业裁减人员规定: 20 people or 10 % of the staff) is an
-- alert at once; its colour follows the levels on heads that the city has set.
CREATE FUNCTION monitoring.alert_for_layoff(report_id uuid, org_id uuid, headcount integer, staff integer, county_code text,
    area_code text) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH graded AS (
        SELECT coalesce((SELECT l->>'colour'
                           FROM jsonb_array_elements((monitoring.warning_setting_on('large_layoff', platform.today())).levels) AS l
                          WHERE headcount >= (l->>'enter')::bigint
                          ORDER BY monitoring.warning_rank(l->>'colour') DESC LIMIT 1), 'ungraded') AS colour
    )
    INSERT INTO monitoring.alert AS x (rule_code, area_code, subject_id, org_id, colour, peak, value, score, level, due_on,
                                       county_code)
    SELECT 'large_layoff', county_code, report_id, org_id, g.colour, g.colour, headcount,
           CASE WHEN staff > 0 THEN headcount::bigint * 10000 / staff END, 'county',
           monitoring.setting_due('alert_acknowledge_days', platform.today(), g.colour), county_code
      FROM graded g
    ON CONFLICT (subject_id) WHERE subject_id IS NOT NULL DO NOTHING
    RETURNING x.id
$$;
COMMENT ON FUNCTION monitoring.alert_for_layoff(uuid, uuid, integer, integer, text, text) IS
    'the alert of a layoff report; value: heads, score: ten-thousandths of the staff. NULL: there was one already';

-- What nobody acknowledged or handled in time goes to the city; what the city
-- leaves lying is called overdue. Both once.
CREATE FUNCTION monitoring.alert_escalate() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    WITH late AS (
        SELECT x.id, x.level FROM monitoring.alert x
         WHERE x.state IN ('open', 'acknowledged') AND NOT x.is_overdue AND x.due_on < platform.today()
         ORDER BY x.id FOR UPDATE SKIP LOCKED LIMIT 500
    ), moved AS (
        UPDATE monitoring.alert x
           SET level = 'city', is_overdue = l.level = 'city', moved_at = platform.now(),
               due_on = CASE l.level WHEN 'city' THEN x.due_on ELSE monitoring.setting_due(
                   CASE x.state WHEN 'open' THEN 'alert_acknowledge_days' ELSE 'alert_handle_days' END,
                   platform.today(), CASE x.colour WHEN 'clear' THEN x.peak ELSE x.colour END) END
          FROM late l WHERE x.id = l.id
        RETURNING 1
    )
    SELECT count(*) FROM moved
$$;
