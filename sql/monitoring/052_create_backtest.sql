-- What really happened (episodes, entered by officers), and what a setting would
-- have said of it (back-tests).

CREATE TABLE monitoring.warning_episode (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    area_code    text NOT NULL,
    rule_code    text CONSTRAINT warning_episode_rule_fkey REFERENCES monitoring.warning_rule,
    title        text NOT NULL,
    from_on      date NOT NULL,
    to_on        date NOT NULL,
    source       text NOT NULL,
    county_code  text NOT NULL,
    entered_by   uuid NOT NULL DEFAULT platform.actor(),
    entered_at   timestamptz NOT NULL DEFAULT platform.now(),
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawn_note text,
    CONSTRAINT warning_episode_order_check CHECK (from_on <= to_on),
    CONSTRAINT warning_episode_withdrawn_check CHECK (num_nulls(withdrawn_by, withdrawn_at, withdrawn_note) IN (0, 3))
);
COMMENT ON COLUMN monitoring.warning_episode.rule_code IS 'the rule that should have warned; NULL: any of the area';
CREATE UNIQUE INDEX warning_episode_once ON monitoring.warning_episode (area_code, title, from_on) WHERE withdrawn_at IS NULL;
CREATE INDEX warning_episode_county_idx ON monitoring.warning_episode (county_code, id);
CALL platform.protect('monitoring.warning_episode', 'platform.acts_in(county_code)');
REVOKE UPDATE, DELETE ON monitoring.warning_episode FROM monitoring_app, monitoring_system;
GRANT UPDATE (withdrawn_by, withdrawn_at, withdrawn_note) ON monitoring.warning_episode TO monitoring_app;

CREATE FUNCTION monitoring.warning_episode_json(e monitoring.warning_episode) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', e.id, 'area_code', e.area_code, 'county_code', e.county_code, 'rule_code', e.rule_code,
        'title', e.title, 'from_on', e.from_on, 'to_on', e.to_on, 'source', e.source, 'entered_at', e.entered_at,
        'is_withdrawn', e.withdrawn_at IS NOT NULL, 'withdrawn_note', e.withdrawn_note)
$$;

-- What back-tests are held against, of one area.
CREATE FUNCTION monitoring.warning_episodes_json(rule text, area text, first_on date, last_on date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_array(e.from_on, e.to_on, e.title) ORDER BY e.from_on, e.id), '[]')
      FROM monitoring.warning_episode e
     WHERE e.area_code = area AND coalesce(e.rule_code, rule) = rule AND e.withdrawn_at IS NULL
       AND e.from_on <= last_on AND e.to_on >= first_on
$$;

CREATE TABLE monitoring.warning_backtest (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    setting_id   uuid NOT NULL CONSTRAINT warning_backtest_setting_fkey REFERENCES monitoring.warning_setting,
    from_on      date NOT NULL,
    to_on        date NOT NULL,
    lead_days    integer NOT NULL,
    hits         integer NOT NULL,
    misses       integer NOT NULL,
    false_alarms integer NOT NULL,
    mean_lead_days integer,
    areas        jsonb NOT NULL,
    run_by       uuid NOT NULL DEFAULT platform.actor(),
    run_at       timestamptz NOT NULL DEFAULT platform.now()
);
COMMENT ON COLUMN monitoring.warning_backtest.mean_lead_days IS 'NULL: nothing was hit';
CALL platform.protect('monitoring.warning_backtest', 'platform.whole_city()');
REVOKE UPDATE, DELETE ON monitoring.warning_backtest FROM monitoring_app, monitoring_system;

CREATE FUNCTION monitoring.warning_backtest_json(b monitoring.warning_backtest) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', b.id, 'setting_id', b.setting_id, 'from_on', b.from_on, 'to_on', b.to_on,
        'lead_days', b.lead_days, 'hits', b.hits, 'misses', b.misses, 'false_alarms', b.false_alarms,
        'mean_lead_days', b.mean_lead_days, 'areas', b.areas, 'run_at', b.run_at)
$$;
