-- The monthly report of a sampled enterprise: opened by the clock, filled in by
-- the enterprise or by a clerk of its county, reviewed by county and city. One
-- that was accepted is never changed: a correction is a version of its own, and
-- replaces it on the day it is accepted itself.
CREATE TABLE monitoring.survey_report (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    firm_id       uuid NOT NULL CONSTRAINT survey_report_firm_fkey REFERENCES monitoring.survey_firm,
    panel_id      uuid NOT NULL,
    org_id        uuid NOT NULL,
    org_name      text NOT NULL,
    industry_code text,
    month         date NOT NULL CONSTRAINT survey_report_month_check CHECK (extract(day FROM month) = 1),
    version       integer NOT NULL DEFAULT 1 CONSTRAINT survey_report_version_check CHECK (version > 0),
    form_version  integer NOT NULL CONSTRAINT survey_report_form_fkey REFERENCES monitoring.survey_form,
    state         text NOT NULL DEFAULT 'open' CONSTRAINT survey_report_state_check CHECK (state IN
        ('open', 'draft', 'submitted', 'reviewed', 'accepted', 'returned', 'replaced')),
    base_heads    integer CONSTRAINT survey_report_base_check CHECK (base_heads > 0),
    current_heads integer CONSTRAINT survey_report_current_check CHECK (current_heads >= 0),
    decrease_type text,
    decrease_text text,
    reasons       jsonb NOT NULL DEFAULT '[]',
    more          jsonb NOT NULL DEFAULT '{}',
    due_on        date,
    via           text CONSTRAINT survey_report_via_check CHECK (via IN ('org', 'clerk')),
    submitted_by  uuid,
    submitted_at  timestamptz,
    reviewed_by   uuid,
    accepted_by   uuid,
    note          text,
    why           text,
    reminded_on   date,
    overdue_told_on date,
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT survey_report_key UNIQUE (firm_id, month, version),
    CONSTRAINT survey_report_hands_check CHECK (reviewed_by <> submitted_by AND accepted_by <> submitted_by
        AND accepted_by <> reviewed_by),
    CONSTRAINT survey_report_whole_check CHECK (state IN ('open', 'draft', 'returned') OR (
        num_nonnulls(base_heads, current_heads, via, submitted_by, submitted_at) = 5
        AND (current_heads < base_heads) = (decrease_type IS NOT NULL)
        AND (current_heads < base_heads) = (reasons <> '[]'))),
    CONSTRAINT survey_report_reviews_check CHECK ((state NOT IN ('reviewed', 'accepted', 'replaced') OR reviewed_by IS NOT NULL)
        AND (state NOT IN ('accepted', 'replaced') OR accepted_by IS NOT NULL)),
    CONSTRAINT survey_report_why_check CHECK (version = 1 OR why IS NOT NULL)
);
COMMENT ON COLUMN monitoring.survey_report.base_heads IS '建档期就业人数; current_heads: 调查期就业人数';
COMMENT ON COLUMN monitoring.survey_report.why IS 'of a correction: what was wrong';
CREATE UNIQUE INDEX survey_report_accepted_key ON monitoring.survey_report (firm_id, month) WHERE state = 'accepted';
CREATE UNIQUE INDEX survey_report_open_key ON monitoring.survey_report (firm_id, month)
    WHERE state NOT IN ('accepted', 'replaced');
CREATE INDEX survey_report_month_idx ON monitoring.survey_report (month, county_code, id);
CREATE INDEX survey_report_org_idx ON monitoring.survey_report (org_id, id);
CREATE INDEX survey_report_due_idx ON monitoring.survey_report (due_on) WHERE state IN ('open', 'draft', 'returned');
REVOKE DELETE ON monitoring.survey_report FROM monitoring_app, monitoring_system;
CALL platform.protect('monitoring.survey_report', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)');

-- What became of it, step by step.
CREATE TABLE monitoring.survey_step (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    report_id   uuid NOT NULL CONSTRAINT survey_step_report_fkey REFERENCES monitoring.survey_report,
    org_id      uuid NOT NULL,
    state       text NOT NULL CONSTRAINT survey_step_state_check CHECK (state IN
        ('open', 'draft', 'submitted', 'reviewed', 'accepted', 'returned', 'replaced')),
    via         text CONSTRAINT survey_step_via_check CHECK (via IN ('org', 'clerk')),
    note        text,
    actor       uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX survey_step_report_idx ON monitoring.survey_step (report_id, id);
REVOKE INSERT, UPDATE, DELETE ON monitoring.survey_step FROM monitoring_app, monitoring_system;
CALL platform.protect('monitoring.survey_step', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)', 'false');

CREATE FUNCTION monitoring.survey_report_json(r monitoring.survey_report) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', r.id, 'firm_id', r.firm_id, 'panel_id', r.panel_id, 'org_id', r.org_id,
    'org_name', r.org_name, 'industry_code', r.industry_code, 'month', r.month, 'version', r.version,
    'form_version', r.form_version, 'state', r.state, 'base_heads', r.base_heads, 'current_heads', r.current_heads,
    'decrease_type', r.decrease_type, 'decrease_text', r.decrease_text, 'reasons', r.reasons, 'more', r.more,
    'due_on', r.due_on, 'is_overdue', coalesce(r.due_on < platform.today() AND r.state IN ('open', 'draft', 'returned'), false),
    'via', r.via, 'submitted_by', r.submitted_by, 'submitted_at', r.submitted_at, 'reviewed_by', r.reviewed_by,
    'accepted_by', r.accepted_by, 'note', r.note, 'why', r.why, 'reminded_on', r.reminded_on,
    'county_code', r.county_code, 'created_at', r.created_at);

-- Before a version is accepted the one that held is replaced, and the first one
-- to be accepted says what the 建档期 headcount is.
CREATE FUNCTION monitoring.survey_report_accept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE monitoring.survey_report r SET state = 'replaced'
     WHERE r.firm_id = NEW.firm_id AND r.month = NEW.month AND r.state = 'accepted' AND r.id <> NEW.id;
    UPDATE monitoring.survey_firm f SET base_heads = NEW.base_heads WHERE f.id = NEW.firm_id AND f.base_heads IS NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER survey_report_accept BEFORE UPDATE ON monitoring.survey_report
    FOR EACH ROW WHEN (NEW.state = 'accepted' AND OLD.state <> 'accepted')
    EXECUTE FUNCTION monitoring.survey_report_accept();

CREATE FUNCTION monitoring.survey_report_kept() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM platform.refuse('state.wrong');
    RETURN NULL;
END $$;
CREATE TRIGGER survey_report_kept BEFORE UPDATE ON monitoring.survey_report
    FOR EACH ROW WHEN (OLD.state IN ('accepted', 'replaced')
        AND (NEW.base_heads, NEW.current_heads, NEW.decrease_type, NEW.decrease_text, NEW.reasons, NEW.more, NEW.submitted_by)
            IS DISTINCT FROM (OLD.base_heads, OLD.current_heads, OLD.decrease_type, OLD.decrease_text, OLD.reasons, OLD.more,
                              OLD.submitted_by))
    EXECUTE FUNCTION monitoring.survey_report_kept();

CREATE FUNCTION monitoring.survey_report_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO monitoring.survey_step (report_id, org_id, state, via, note, county_code, area_code)
    VALUES (NEW.id, NEW.org_id, NEW.state, CASE WHEN NEW.state = 'submitted' THEN NEW.via END, NEW.note, NEW.county_code,
            NEW.area_code);
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.survey_report.moved.v1', NEW.id::text, coalesce(NEW.area_code, NEW.county_code),
            jsonb_build_object('report_id', NEW.id, 'org_id', NEW.org_id, 'month', NEW.month,
                'month_end', (NEW.month + interval '1 month - 1 day')::date, 'version', NEW.version,
                'state', NEW.state, 'industry_code', NEW.industry_code, 'base_heads', NEW.base_heads,
                'current_heads', NEW.current_heads,
                'lost_heads', CASE WHEN NEW.current_heads < NEW.base_heads THEN NEW.base_heads - NEW.current_heads END,
                'decrease_type', NEW.decrease_type,
                'reasons', (SELECT coalesce(jsonb_agg(r->'code'), '[]') FROM jsonb_array_elements(NEW.reasons) AS r),
                'county_code', NEW.county_code));
    IF TG_OP = 'INSERT' THEN
        IF NEW.version = 1 THEN
            PERFORM monitoring.tell(NULL, NEW.org_id, 'survey_opened', to_char(NEW.month, 'YYYY"年"MM"月"') || '失业动态监测月报待填报',
                coalesce('请于' || to_char(NEW.due_on, 'YYYY-MM-DD') || '前填报', ''), 'survey', NEW.id);
        END IF;
    ELSE
        IF NEW.state IN ('returned', 'accepted') THEN
            PERFORM monitoring.tell(NULL, NEW.org_id, 'survey_' || NEW.state, '失业动态监测月报' ||
                CASE NEW.state WHEN 'returned' THEN '已退回，请修改后重报' ELSE '已通过' END, NEW.note, 'survey', NEW.id);
        END IF;
        PERFORM monitoring.case_move('MO-01', NEW.id, NEW.state, CASE NEW.state WHEN 'returned' THEN 'waiting'
            WHEN 'submitted' THEN 'in_progress' WHEN 'reviewed' THEN 'in_progress' WHEN 'accepted' THEN 'done' END, NEW.note);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER survey_report_opened AFTER INSERT ON monitoring.survey_report
    FOR EACH ROW EXECUTE FUNCTION monitoring.survey_report_moved();
CREATE TRIGGER survey_report_moved AFTER UPDATE ON monitoring.survey_report
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.survey_report_moved();

-- The clock: the month's report of each firm of the panel, from its opening day
-- on; with a window it is due on a day. Firms are told before that day, and once after.
CREATE FUNCTION monitoring.survey_turn() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    today  date := platform.today();
    month_ date := date_trunc('month', platform.today());
    days   integer := monitoring.setting_on('survey_days', platform.today());
    ahead  integer := monitoring.setting_on('survey_remind_days', platform.today());
    n      bigint;
    m      bigint;
BEGIN
    INSERT INTO monitoring.survey_report (firm_id, panel_id, org_id, org_name, industry_code, month, form_version, due_on,
                                          county_code, area_code)
    SELECT f.id, f.panel_id, f.org_id, f.org_name, f.industry_code, month_, v.version,
           greatest(month_ + coalesce(monitoring.setting_on('survey_open_day', today), 1) - 1,
                    (f.created_at AT TIME ZONE 'Asia/Shanghai')::date) + days,
           f.county_code, f.area_code
      FROM monitoring.survey_panel p JOIN monitoring.survey_firm f ON f.panel_id = p.id
     CROSS JOIN LATERAL (SELECT x.version FROM monitoring.survey_form x
                          WHERE x.state = 'published' AND x.from_month <= month_ ORDER BY x.from_month DESC LIMIT 1) AS v
     WHERE p.state = 'running' AND month_ BETWEEN greatest(p.from_month, f.from_month)
                                          AND least(p.until_month, f.until_month, 'infinity')
       AND extract(day FROM today) >= coalesce(monitoring.setting_on('survey_open_day', today), 1)
       AND NOT EXISTS (SELECT FROM monitoring.survey_report r WHERE r.firm_id = f.id AND r.month = month_)
     LIMIT 1000
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    WITH due AS (
        UPDATE monitoring.survey_report r
           SET reminded_on = today, overdue_told_on = CASE WHEN r.due_on < today THEN today END
         WHERE r.state IN ('open', 'draft', 'returned')
           AND ((r.reminded_on IS NULL AND today BETWEEN r.due_on - ahead AND r.due_on)
             OR (r.overdue_told_on IS NULL AND r.due_on < today))
        RETURNING r.id, r.org_id, r.month, r.due_on
    )
    SELECT count(monitoring.tell(NULL, d.org_id, 'survey_reminder', to_char(d.month, 'YYYY"年"MM"月"') || '失业动态监测月报'
               || CASE WHEN d.due_on < today THEN '已逾期，请尽快填报' ELSE '即将到期' END,
               '填报截止日期：' || to_char(d.due_on, 'YYYY-MM-DD'), 'survey', d.id)) INTO m FROM due d;
    RETURN n + m;
END $$;

-- Of a month: by county and industry, who was asked, who reported, and the sums
-- of accepted reports, of which the job-loss rate is made.
CREATE FUNCTION monitoring.survey_sums(from_month date, until_month date)
RETURNS TABLE (month date, county_code text, industry_code text, due bigint, reported bigint, accepted bigint, overdue bigint,
               base_heads bigint, current_heads bigint)
LANGUAGE sql STABLE AS $$
    SELECT r.month, r.county_code, coalesce(r.industry_code, '-'), count(DISTINCT r.firm_id),
           count(DISTINCT r.firm_id) FILTER (WHERE r.state IN ('submitted', 'reviewed', 'accepted')),
           count(*) FILTER (WHERE r.state = 'accepted'),
           count(*) FILTER (WHERE r.state IN ('open', 'draft', 'returned') AND r.due_on < platform.today()
               AND r.version = 1),
           sum(r.base_heads) FILTER (WHERE r.state = 'accepted'), sum(r.current_heads) FILTER (WHERE r.state = 'accepted')
      FROM monitoring.survey_report r
     WHERE r.month BETWEEN survey_sums.from_month AND survey_sums.until_month
     GROUP BY 1, 2, 3
$$;
COMMENT ON FUNCTION monitoring.survey_sums(date, date) IS
    '失业动态监测: (base_heads - current_heads) / base_heads is the job-loss rate (岗位流失率); sums NULL: nobody reported';
