-- 重点企业用工: the register, each firm with its officer, and monthly reports.
-- How many firms a tier has is the city's number (monitoring.setting).
CREATE TABLE monitoring.key_firm (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id        uuid NOT NULL,
    org_name      text NOT NULL,
    industry_code text,
    tier          text NOT NULL CONSTRAINT key_firm_tier_check CHECK (tier IN ('province', 'city', 'county')),
    basis         text NOT NULL,
    from_on       date NOT NULL DEFAULT platform.today(),
    until_on      date,
    note          text,
    told_on       date,
    named_by      uuid NOT NULL DEFAULT platform.actor(),
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT key_firm_days_check CHECK (from_on <= until_on)
);
CREATE UNIQUE INDEX key_firm_org_key ON monitoring.key_firm (org_id) WHERE until_on IS NULL;
CREATE INDEX key_firm_county_idx ON monitoring.key_firm (county_code, id);
REVOKE DELETE ON monitoring.key_firm FROM monitoring_app, monitoring_system;
CALL platform.protect('monitoring.key_firm', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)',
    'platform.in_areas(county_code, area_code)');

CREATE TYPE monitoring.uuid_range AS RANGE (subtype = uuid);

-- Who is in charge, from day to day: never two at once, never changed afterwards.
CREATE TABLE monitoring.key_firm_officer (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    key_firm_id  uuid NOT NULL CONSTRAINT key_firm_officer_firm_fkey REFERENCES monitoring.key_firm,
    officer_id   uuid NOT NULL,
    officer_name text NOT NULL,
    org_id       uuid NOT NULL,
    from_on      date NOT NULL,
    until_on     date,
    set_by       uuid NOT NULL DEFAULT platform.actor(),
    county_code  text NOT NULL,
    area_code    text,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT key_firm_officer_days_check CHECK (from_on <= until_on),
    CONSTRAINT key_firm_officer_one_excl EXCLUDE USING gist
        ((monitoring.uuid_range(key_firm_id, key_firm_id, '[]')) WITH &&, (daterange(from_on, until_on, '[)')) WITH &&)
);
COMMENT ON COLUMN monitoring.key_firm_officer.until_on IS 'the first day of whoever followed';
CREATE INDEX key_firm_officer_idx ON monitoring.key_firm_officer (officer_id) WHERE until_on IS NULL;
REVOKE DELETE ON monitoring.key_firm_officer FROM monitoring_app, monitoring_system;
REVOKE UPDATE ON monitoring.key_firm_officer FROM monitoring_app, monitoring_system;
GRANT UPDATE (until_on) ON monitoring.key_firm_officer TO monitoring_app;
CALL platform.protect('monitoring.key_firm_officer', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)',
    'platform.in_areas(county_code, area_code)');

-- What a firm says of a month; a later version replaces, the earlier is kept.
CREATE TABLE monitoring.key_report (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    key_firm_id    uuid NOT NULL CONSTRAINT key_report_firm_fkey REFERENCES monitoring.key_firm,
    org_id         uuid NOT NULL,
    org_name       text NOT NULL,
    month          date NOT NULL CONSTRAINT key_report_month_check CHECK (extract(day FROM month) = 1),
    version        integer NOT NULL CONSTRAINT key_report_version_check CHECK (version > 0),
    heads          integer NOT NULL CONSTRAINT key_report_heads_check CHECK (heads >= 0),
    hires          integer NOT NULL CONSTRAINT key_report_hires_check CHECK (hires >= 0),
    leavers        integer NOT NULL CONSTRAINT key_report_leavers_check CHECK (leavers >= 0),
    output_note    text,
    orders         text NOT NULL CONSTRAINT key_report_orders_check CHECK (orders IN ('rising', 'level', 'falling')),
    orders_note    text,
    open_posts     integer NOT NULL CONSTRAINT key_report_posts_check CHECK (open_posts >= 0),
    shortages      jsonb NOT NULL DEFAULT '[]',
    wage_low_cents bigint,
    wage_high_cents bigint,
    plan_hires     integer NOT NULL CONSTRAINT key_report_plan_check CHECK (plan_hires >= 0),
    plan_note      text,
    via            text NOT NULL CONSTRAINT key_report_via_check CHECK (via IN ('org', 'clerk')),
    reported_by    uuid NOT NULL DEFAULT platform.actor(),
    county_code    text NOT NULL,
    area_code      text,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT key_report_key UNIQUE (key_firm_id, month, version),
    CONSTRAINT key_report_wage_check CHECK (wage_low_cents <= wage_high_cents)
);
COMMENT ON COLUMN monitoring.key_report.shortages IS '[{occupation_code, headcount, wage_low_cents, wage_high_cents}]';
CREATE INDEX key_report_county_idx ON monitoring.key_report (county_code, month);
REVOKE UPDATE, DELETE ON monitoring.key_report FROM monitoring_app, monitoring_system;
CALL platform.protect('monitoring.key_report', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)');

CREATE FUNCTION monitoring.key_firm_json(k monitoring.key_firm) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', k.id, 'org_id', k.org_id, 'org_name', k.org_name, 'industry_code', k.industry_code,
    'tier', k.tier, 'basis', k.basis, 'from_on', k.from_on, 'until_on', k.until_on, 'note', k.note,
    'officer_id', (SELECT o.officer_id FROM monitoring.key_firm_officer o
                    WHERE o.key_firm_id = k.id AND o.until_on IS NULL ORDER BY o.from_on DESC LIMIT 1),
    'officer_name', (SELECT o.officer_name FROM monitoring.key_firm_officer o
                      WHERE o.key_firm_id = k.id AND o.until_on IS NULL ORDER BY o.from_on DESC LIMIT 1),
    'last_month', (SELECT max(r.month) FROM monitoring.key_report r WHERE r.key_firm_id = k.id),
    'county_code', k.county_code, 'created_at', k.created_at);

CREATE FUNCTION monitoring.key_report_json(r monitoring.key_report) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', r.id, 'key_firm_id', r.key_firm_id, 'org_id', r.org_id, 'org_name', r.org_name,
    'month', r.month, 'version', r.version, 'heads', r.heads, 'hires', r.hires, 'leavers', r.leavers,
    'output_note', r.output_note, 'orders', r.orders, 'orders_note', r.orders_note, 'open_posts', r.open_posts,
    'shortages', r.shortages, 'wage_low_cents', r.wage_low_cents, 'wage_high_cents', r.wage_high_cents, 'currency', 'CNY',
    'plan_hires', r.plan_hires, 'plan_note', r.plan_note, 'via', r.via, 'county_code', r.county_code,
    'created_at', r.created_at);

CREATE FUNCTION monitoring.key_firm_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.key_firm.moved.v1', NEW.id::text, coalesce(NEW.area_code, NEW.county_code),
            jsonb_build_object('key_firm_id', NEW.id, 'org_id', NEW.org_id, 'tier', NEW.tier, 'from_on', NEW.from_on,
                'until_on', NEW.until_on, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER key_firm_named AFTER INSERT ON monitoring.key_firm FOR EACH ROW EXECUTE FUNCTION monitoring.key_firm_moved();
CREATE TRIGGER key_firm_ended AFTER UPDATE ON monitoring.key_firm
    FOR EACH ROW WHEN (OLD.until_on IS DISTINCT FROM NEW.until_on) EXECUTE FUNCTION monitoring.key_firm_moved();
