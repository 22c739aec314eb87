-- Large layoffs (劳动合同法 第四十一条): 20 people or more, or a tenth of the staff;
-- the staff or the union told 30 days ahead, the plan reported to the labour
-- office. The office acknowledges, takes measures, and closes.
CREATE TABLE monitoring.layoff (
    id          uuid PRIMARY KEY,
    org_id      uuid NOT NULL,
    org_name    text NOT NULL,
    industry_code text,
    headcount   integer NOT NULL,
    staff       integer NOT NULL,
    reason      text NOT NULL CONSTRAINT layoff_reason_check CHECK (reason IN
        ('reorganisation', 'difficulty', 'change', 'circumstances')),
    noticed_on  date NOT NULL,
    planned_on  date NOT NULL,
    plan        text NOT NULL,
    union_view  text NOT NULL,
    state       text NOT NULL DEFAULT 'reported' CONSTRAINT layoff_state_check CHECK (state IN
        ('reported', 'acknowledged', 'handled', 'closed', 'withdrawn')),
    due_on      date,
    via         text NOT NULL CONSTRAINT layoff_via_check CHECK (via IN ('org', 'clerk')),
    reported_by uuid NOT NULL DEFAULT platform.actor(),
    acknowledged_by uuid,
    acknowledged_on date,
    handled_by  uuid,
    handled_on  date,
    measures    text,
    outcome     text CONSTRAINT layoff_outcome_check CHECK (outcome IN ('carried_out', 'reduced', 'cancelled')),
    laid_off    integer CONSTRAINT layoff_laid_off_check CHECK (laid_off BETWEEN 0 AND headcount),
    closed_by   uuid,
    closed_on   date,
    note        text,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT layoff_large_check CHECK (headcount > 0 AND headcount <= staff AND (headcount >= 20 OR headcount * 10 >= staff)),
    CONSTRAINT layoff_notice_check CHECK (planned_on >= noticed_on + 30),
    CONSTRAINT layoff_hands_check CHECK (acknowledged_by <> reported_by AND closed_by <> reported_by),
    CONSTRAINT layoff_steps_check CHECK ((state NOT IN ('acknowledged', 'handled', 'closed')
            OR num_nonnulls(acknowledged_by, acknowledged_on) = 2)
        AND (state NOT IN ('handled', 'closed') OR num_nonnulls(handled_by, handled_on, measures) = 3)
        AND (state <> 'closed' OR num_nonnulls(closed_by, closed_on, outcome, laid_off) = 4))
);
COMMENT ON COLUMN monitoring.layoff.noticed_on IS 'when the union or the whole staff was told';
COMMENT ON COLUMN monitoring.layoff.due_on IS 'by when the office has taken measures; NULL: the city has set no time';
CREATE UNIQUE INDEX layoff_open_key ON monitoring.layoff (org_id) WHERE state IN ('reported', 'acknowledged', 'handled');
CREATE INDEX layoff_county_idx ON monitoring.layoff (county_code, id);
REVOKE DELETE ON monitoring.layoff FROM monitoring_app, monitoring_system;
CALL platform.protect('monitoring.layoff', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)');

CREATE FUNCTION monitoring.layoff_json(l monitoring.layoff) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', l.id, 'org_id', l.org_id, 'org_name', l.org_name, 'industry_code', l.industry_code,
    'headcount', l.headcount, 'staff', l.staff, 'reason', l.reason, 'noticed_on', l.noticed_on,
    'earliest_on', l.noticed_on + 30, 'planned_on', l.planned_on, 'plan', l.plan, 'union_view', l.union_view,
    'state', l.state, 'due_on', l.due_on,
    'is_overdue', coalesce(l.due_on < platform.today() AND l.state IN ('reported', 'acknowledged'), false),
    'via', l.via, 'acknowledged_by', l.acknowledged_by, 'acknowledged_on', l.acknowledged_on, 'handled_by', l.handled_by,
    'handled_on', l.handled_on, 'measures', l.measures, 'outcome', l.outcome, 'laid_off', l.laid_off, 'closed_on', l.closed_on,
    'note', l.note, 'county_code', l.county_code, 'created_at', l.created_at);

CREATE FUNCTION monitoring.layoff_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO monitoring.outbox (type, key, area_code, payload)
        VALUES ('monitoring.layoff.reported.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('report_id', NEW.id, 'org_id', NEW.org_id, 'headcount', NEW.headcount, 'staff', NEW.staff,
                    'reason', NEW.reason, 'noticed_on', NEW.noticed_on, 'planned_on', NEW.planned_on, 'due_on', NEW.due_on,
                    'county_code', NEW.county_code));
        RETURN NULL;
    END IF;
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.layoff.moved.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('report_id', NEW.id, 'org_id', NEW.org_id, 'headcount', NEW.headcount, 'staff', NEW.staff,
                'state', NEW.state, 'outcome', NEW.outcome, 'laid_off', NEW.laid_off, 'planned_on', NEW.planned_on,
                'county_code', NEW.county_code));
    PERFORM monitoring.case_move('MO-02', NEW.id, NEW.state, CASE NEW.state WHEN 'closed' THEN 'done'
        WHEN 'withdrawn' THEN 'withdrawn' ELSE 'in_progress' END, coalesce(NEW.note, NEW.measures));
    IF NEW.state IN ('acknowledged', 'closed') THEN
        PERFORM monitoring.tell(NULL, NEW.org_id, 'layoff_' || NEW.state, '裁减人员报告' ||
            CASE NEW.state WHEN 'acknowledged' THEN '已受理' ELSE '已办结' END, NEW.note, 'layoff', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER layoff_reported AFTER INSERT ON monitoring.layoff FOR EACH ROW EXECUTE FUNCTION monitoring.layoff_moved();
CREATE TRIGGER layoff_moved AFTER UPDATE ON monitoring.layoff
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.layoff_moved();
