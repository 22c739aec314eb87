-- A shortage that a key firm reports is a task of the firm's officer: people are
-- offered, and it is closed with what came of it. How many seekers fit is what
-- the jobs service answers; who they are stays there.
CREATE TABLE monitoring.shortage (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    key_firm_id     uuid NOT NULL CONSTRAINT shortage_firm_fkey REFERENCES monitoring.key_firm,
    report_id       uuid NOT NULL CONSTRAINT shortage_report_fkey REFERENCES monitoring.key_report,
    org_id          uuid NOT NULL,
    org_name        text NOT NULL,
    occupation_code text NOT NULL,
    headcount       integer NOT NULL CONSTRAINT shortage_headcount_check CHECK (headcount > 0),
    wage_low_cents  bigint,
    wage_high_cents bigint,
    officer_id      uuid,
    state           text NOT NULL DEFAULT 'open' CONSTRAINT shortage_state_check CHECK (state IN ('open', 'offered', 'closed')),
    due_on          date,
    seekers         integer,
    seekers_county  integer,
    has_more        boolean,
    matched_at      timestamptz,
    offered         integer CONSTRAINT shortage_offered_check CHECK (offered > 0),
    offer_note      text,
    offered_on      date,
    result          text CONSTRAINT shortage_result_check CHECK (result IN
        ('filled', 'partly_filled', 'no_seekers', 'firm_withdrew', 'terms_differ')),
    filled          integer CONSTRAINT shortage_filled_check CHECK (filled BETWEEN 0 AND headcount),
    note            text,
    closed_on       date,
    closed_by       uuid,
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT shortage_closed_check CHECK ((state = 'closed') = (num_nonnulls(result, filled, closed_on, closed_by) = 4)),
    CONSTRAINT shortage_offer_check CHECK (state <> 'offered' OR num_nonnulls(offered, offered_on) = 2)
);
COMMENT ON COLUMN monitoring.shortage.seekers IS 'as jobs answered at matched_at, seekers_county of them in the county; has_more: it counted no further';
CREATE UNIQUE INDEX shortage_open_key ON monitoring.shortage (key_firm_id, occupation_code) WHERE state <> 'closed';
CREATE INDEX shortage_county_idx ON monitoring.shortage (county_code, id);
CREATE INDEX shortage_match_idx ON monitoring.shortage (id) WHERE matched_at IS NULL AND state <> 'closed';
REVOKE INSERT, DELETE ON monitoring.shortage FROM monitoring_app, monitoring_system;
CALL platform.protect('monitoring.shortage', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)',
    'platform.in_areas(county_code, area_code)');

CREATE FUNCTION monitoring.shortage_json(s monitoring.shortage) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', s.id, 'key_firm_id', s.key_firm_id, 'report_id', s.report_id, 'org_id', s.org_id,
    'org_name', s.org_name, 'occupation_code', s.occupation_code, 'headcount', s.headcount,
    'wage_low_cents', s.wage_low_cents, 'wage_high_cents', s.wage_high_cents, 'currency', 'CNY', 'officer_id', s.officer_id,
    'state', s.state, 'due_on', s.due_on,
    'is_overdue', coalesce(s.due_on < platform.today() AND s.state <> 'closed', false),
    'seekers', s.seekers, 'seekers_county', s.seekers_county, 'has_more', s.has_more, 'matched_at', s.matched_at,
    'offered', s.offered, 'offer_note', s.offer_note, 'offered_on', s.offered_on, 'result', s.result, 'filled', s.filled,
    'note', s.note, 'closed_on', s.closed_on, 'county_code', s.county_code, 'created_at', s.created_at);

-- Each shortage of a report opens a task, or is the one still open as it is now.
CREATE FUNCTION monitoring.key_reported() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO monitoring.shortage AS s (key_firm_id, report_id, org_id, org_name, occupation_code, headcount,
                                          wage_low_cents, wage_high_cents, officer_id, due_on, county_code, area_code)
    SELECT NEW.key_firm_id, NEW.id, NEW.org_id, NEW.org_name, x.occupation_code, x.headcount, x.wage_low_cents,
           x.wage_high_cents,
           (SELECT o.officer_id FROM monitoring.key_firm_officer o WHERE o.key_firm_id = NEW.key_firm_id AND o.until_on IS NULL
             ORDER BY o.from_on DESC LIMIT 1),
           monitoring.setting_due('shortage_days', platform.today()), NEW.county_code, NEW.area_code
      FROM jsonb_to_recordset(NEW.shortages)
           AS x (occupation_code text, headcount integer, wage_low_cents bigint, wage_high_cents bigint)
     ORDER BY x.occupation_code
    ON CONFLICT (key_firm_id, occupation_code) WHERE state <> 'closed'
    DO UPDATE SET headcount = excluded.headcount, wage_low_cents = excluded.wage_low_cents, report_id = excluded.report_id,
        wage_high_cents = excluded.wage_high_cents, matched_at = NULL;
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    SELECT 'monitoring.key_report.replaced.v1', r.id::text, coalesce(r.area_code, r.county_code),
           jsonb_build_object('report_id', r.id, 'replaced_by', NEW.id, 'key_firm_id', r.key_firm_id, 'org_id', r.org_id,
               'month', r.month, 'version', r.version, 'county_code', r.county_code)
      FROM monitoring.key_report r
     WHERE r.key_firm_id = NEW.key_firm_id AND r.month = NEW.month AND r.version = NEW.version - 1;
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.key_report.submitted.v1', NEW.id::text, coalesce(NEW.area_code, NEW.county_code),
            jsonb_build_object('report_id', NEW.id, 'key_firm_id', NEW.key_firm_id, 'org_id', NEW.org_id, 'month', NEW.month,
                'month_end', (NEW.month + interval '1 month - 1 day')::date, 'version', NEW.version, 'heads', NEW.heads,
                'hires', NEW.hires, 'leavers', NEW.leavers, 'orders', NEW.orders, 'open_posts', NEW.open_posts,
                'short_heads', (SELECT sum((x->>'headcount')::bigint) FROM jsonb_array_elements(NEW.shortages) AS x),
                'plan_hires', NEW.plan_hires, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER key_reported AFTER INSERT ON monitoring.key_report FOR EACH ROW EXECUTE FUNCTION monitoring.key_reported();

CREATE FUNCTION monitoring.shortage_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES (CASE WHEN TG_OP = 'INSERT' THEN 'monitoring.shortage.opened.v1' ELSE 'monitoring.shortage.moved.v1' END,
            NEW.id::text, NEW.county_code,
            jsonb_build_object('shortage_id', NEW.id, 'key_firm_id', NEW.key_firm_id, 'org_id', NEW.org_id,
                'occupation_code', NEW.occupation_code, 'headcount', NEW.headcount, 'state', NEW.state, 'due_on', NEW.due_on,
                'result', NEW.result, 'filled', NEW.filled, 'county_code', NEW.county_code));
    IF NEW.state = 'offered' THEN
        PERFORM monitoring.tell(NULL, NEW.org_id, 'shortage_offered', '已为您推荐 ' || NEW.offered || ' 名求职者', NEW.offer_note,
            'shortage', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER shortage_opened AFTER INSERT ON monitoring.shortage FOR EACH ROW EXECUTE FUNCTION monitoring.shortage_moved();
CREATE TRIGGER shortage_moved AFTER UPDATE ON monitoring.shortage
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.shortage_moved();

-- The open tasks of a firm follow its officer.
CREATE FUNCTION monitoring.key_firm_officer_set() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE monitoring.shortage s SET officer_id = NEW.officer_id
     WHERE s.key_firm_id = NEW.key_firm_id AND s.state <> 'closed';
    RETURN NULL;
END $$;
CREATE TRIGGER key_firm_officer_set AFTER INSERT ON monitoring.key_firm_officer
    FOR EACH ROW EXECUTE FUNCTION monitoring.key_firm_officer_set();

-- The clock: from the city's day of the month on, key firms that have not
-- reported are told once a month.
CREATE FUNCTION monitoring.key_turn() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    WITH late AS (
        UPDATE monitoring.key_firm k SET told_on = platform.today()
         WHERE k.until_on IS NULL AND coalesce(k.told_on, '-infinity') < date_trunc('month', platform.today())
           AND extract(day FROM platform.today()) >= monitoring.setting_on('key_report_day', platform.today())
           AND NOT EXISTS (SELECT FROM monitoring.key_report r
                            WHERE r.key_firm_id = k.id AND r.month = date_trunc('month', platform.today()))
        RETURNING k.id, k.org_id
    )
    SELECT count(monitoring.tell(NULL, l.org_id, 'key_report_reminder', '重点企业用工月报待填报', NULL, 'key_firm', l.id)) FROM late l
$$;
