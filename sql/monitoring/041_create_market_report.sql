-- 人力资源市场季度分析: figures frozen at a revision, made by the clock or an officer;
-- draft → 提交 submitted → published by another officer, or returned. A newer
-- version that is published supersedes the older one.
CREATE TABLE monitoring.market_report (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    quarter_on   date NOT NULL CONSTRAINT market_report_quarter_check
        CHECK (extract(day FROM quarter_on) = 1 AND extract(month FROM quarter_on) IN (1, 4, 7, 10)),
    version      integer NOT NULL,
    state        text NOT NULL DEFAULT 'draft' CONSTRAINT market_report_state_check
        CHECK (state IN ('draft', 'submitted', 'returned', 'published', 'superseded')),
    figures      jsonb NOT NULL,
    shown        jsonb NOT NULL,
    revision     bigint NOT NULL,
    made_by      uuid DEFAULT platform.actor(),
    made_at      timestamptz NOT NULL DEFAULT platform.now(),
    remark       text,
    submitted_by uuid,
    submitted_at timestamptz,
    reviewed_by  uuid,
    reviewed_at  timestamptz,
    review_note  text,
    county_code  text NOT NULL,
    CONSTRAINT market_report_version_key UNIQUE (county_code, quarter_on, version),
    CONSTRAINT market_report_hand CHECK (reviewed_by NOT IN (submitted_by, coalesce(made_by, submitted_by))),
    CONSTRAINT market_report_submitted_check CHECK ((state = 'draft') = (submitted_by IS NULL)),
    CONSTRAINT market_report_reviewed_check
        CHECK ((state IN ('returned', 'published', 'superseded')) = (reviewed_by IS NOT NULL))
);
COMMENT ON COLUMN monitoring.market_report.shown IS 'the figures with small numbers of people hidden: for everybody';
COMMENT ON COLUMN monitoring.market_report.county_code IS '431100: of the city';
COMMENT ON COLUMN monitoring.market_report.made_by IS 'null: by the clock';
CREATE UNIQUE INDEX market_report_published_key ON monitoring.market_report (county_code, quarter_on)
    WHERE state = 'published';
CALL platform.protect('monitoring.market_report',
    $$state IN ('published', 'superseded') OR platform.acts_in(county_code)$$, $$platform.acts_in(county_code)$$);
REVOKE UPDATE, DELETE ON monitoring.market_report FROM monitoring_app, monitoring_system;
GRANT UPDATE (state, remark, submitted_by, submitted_at, reviewed_by, reviewed_at, review_note)
    ON monitoring.market_report TO monitoring_app;

CREATE FUNCTION monitoring.market_report_tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.market_report.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'report_id', NEW.id, 'quarter', to_char(NEW.quarter_on, 'YYYY"Q"Q'), 'version', NEW.version,
        'state', NEW.state, 'revision', NEW.revision, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER market_report_tell AFTER INSERT OR UPDATE OF state ON monitoring.market_report
    FOR EACH ROW EXECUTE FUNCTION monitoring.market_report_tell();

CREATE FUNCTION monitoring.market_report_head(r monitoring.market_report) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'quarter', to_char(r.quarter_on, 'YYYY"Q"Q'), 'area_code', r.county_code,
        'version', r.version, 'state', r.state, 'revision', r.revision, 'is_empty', r.shown -> 'is_empty',
        'made_at', r.made_at, 'made_by_clock', r.made_by IS NULL, 'remark', r.remark,
        'submitted_at', r.submitted_at, 'reviewed_at', r.reviewed_at,
        'review_note', CASE WHEN platform.acts_in(r.county_code) THEN r.review_note END)
$$;

-- Freezes a quarter that is over; nothing when none is, or `once` and there is one.
CREATE FUNCTION monitoring.market_report_make(area text, first date, once boolean)
RETURNS SETOF monitoring.market_report LANGUAGE sql VOLATILE AS $$
    INSERT INTO monitoring.market_report AS r (quarter_on, version, figures, shown, revision, county_code)
    SELECT first, coalesce((SELECT max(x.version) FROM monitoring.market_report x
                             WHERE x.county_code = area AND x.quarter_on = first), 0) + 1,
           monitoring.market_figures(area, first, false), monitoring.market_figures(area, first, true),
           coalesce((SELECT max(v.id) FROM monitoring.revision v), 0), area
     WHERE first + interval '3 months' <= platform.today()
       AND NOT (once AND EXISTS (SELECT FROM monitoring.market_report x
                                  WHERE x.county_code = area AND x.quarter_on = first))
    RETURNING r.*
$$;
