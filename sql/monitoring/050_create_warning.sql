-- Early warning as data: what is watched (rule), by which model, and from which
-- day on by which numbers (setting). No number ships with the platform: a rule
-- without a setting in force is 未设定 and raises nothing.

-- The first day of the lunar year, which the seasonal baseline counts from.
CREATE TABLE monitoring.spring_festival (
    year   integer PRIMARY KEY,
    on_day date NOT NULL CONSTRAINT spring_festival_year_check CHECK (extract(year FROM on_day) = year)
);
COMMENT ON TABLE monitoring.spring_festival IS 'public: a calendar';
REVOKE INSERT, UPDATE, DELETE ON monitoring.spring_festival FROM monitoring_app, monitoring_system;
INSERT INTO monitoring.spring_festival (year, on_day) VALUES
    (2016, '2016-02-08'), (2017, '2017-01-28'), (2018, '2018-02-16'), (2019, '2019-02-05'), (2020, '2020-01-25'),
    (2021, '2021-02-12'), (2022, '2022-02-01'), (2023, '2023-01-22'), (2024, '2024-02-10'), (2025, '2025-01-29'),
    (2026, '2026-02-17'), (2027, '2027-02-06'), (2028, '2028-01-26'), (2029, '2029-02-13'), (2030, '2030-02-03');

CREATE TABLE monitoring.warning_rule (
    code         text PRIMARY KEY CONSTRAINT warning_rule_code_check CHECK (code ~ '^[a-z][a-z0-9_]{2,39}$'),
    title        text NOT NULL,
    measures     text[] NOT NULL,
    is_stock     boolean NOT NULL DEFAULT false,
    per          text[],
    per_is_stock boolean NOT NULL DEFAULT false,
    tag          text NOT NULL DEFAULT '',
    step         text NOT NULL CONSTRAINT warning_rule_step_check CHECK (step IN ('day', 'week', 'month')),
    area_level   text NOT NULL CONSTRAINT warning_rule_area_check CHECK (area_level IN ('city', 'county')),
    model        text NOT NULL CONSTRAINT warning_rule_model_check CHECK (model IN
        ('threshold', 'previous', 'year', 'spring', 'cusum', 'zscore', 'report')),
    direction    text NOT NULL DEFAULT 'above' CONSTRAINT warning_rule_direction_check CHECK (direction IN ('above', 'below')),
    made_by      uuid DEFAULT platform.actor(),
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT warning_rule_measures_check CHECK ((cardinality(measures) = 0) = (model = 'report'))
);
COMMENT ON COLUMN monitoring.warning_rule.per IS 'the value is measures / per in ten-thousandths; NULL: the sum itself';
COMMENT ON COLUMN monitoring.warning_rule.direction IS 'below: the smaller, the worse';
CALL platform.protect('monitoring.warning_rule', 'true', 'platform.whole_city()');
COMMENT ON TABLE monitoring.warning_rule IS 'public: what is watched; definitions, nobody''s data';
REVOKE UPDATE, DELETE ON monitoring.warning_rule FROM monitoring_app, monitoring_system;

INSERT INTO monitoring.warning_rule (code, title, measures, is_stock, per, per_is_stock, step, area_level, model, direction)
VALUES
    ('job_loss_rate', '岗位流失率', '{job_losses}', false, '{employed}', true, 'month', 'county', 'threshold', 'above'),
    ('registered_rate', '登记失业率', '{unemployed}', true, '{unemployed,employed}', true, 'month', 'county', 'threshold',
     'above'),
    ('unemployed_new_year', '新登记失业同比', '{unemployed_new}', false, NULL, false, 'month', 'county', 'year', 'above'),
    ('vacancy_heads_previous', '招聘人数环比', '{vacancy_heads}', false, NULL, false, 'month', 'county', 'previous', 'below'),
    ('job_losses_spring', '岗位流失（春节基线）', '{job_losses}', false, NULL, false, 'week', 'city', 'spring', 'above'),
    ('unemployed_new_cusum', '新登记失业累积偏离', '{unemployed_new}', false, NULL, false, 'week', 'county', 'cusum', 'above'),
    ('job_losses_zscore', '岗位流失异常波动', '{job_losses}', false, NULL, false, 'day', 'city', 'zscore', 'above'),
    ('large_layoff', '规模裁员报告', '{}', false, NULL, false, 'day', 'county', 'report', 'above');

-- Levels are a list of {colour, enter, leave}, from the mildest to the gravest:
-- a colour is entered at one number and left at another, so that it does not flicker.
CREATE FUNCTION monitoring.warning_rank(colour text) RETURNS integer
LANGUAGE sql IMMUTABLE
RETURN coalesce(array_position(ARRAY['clear', 'ungraded', 'blue', 'yellow', 'orange', 'red'], colour), 0);

CREATE FUNCTION monitoring.warning_levels_ok(levels jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_typeof(levels) = 'array' AND jsonb_array_length(levels) BETWEEN 1 AND 4
       AND bool_and(l ? 'colour' AND jsonb_typeof(l->'enter') = 'number' AND jsonb_typeof(l->'leave') = 'number'
                    AND monitoring.warning_rank(l->>'colour') > 2)
       AND array_agg(monitoring.warning_rank(l->>'colour') ORDER BY n)
           = (SELECT array_agg(DISTINCT monitoring.warning_rank(m->>'colour') ORDER BY monitoring.warning_rank(m->>'colour'))
                FROM jsonb_array_elements(levels) AS m)
      FROM jsonb_array_elements(levels) WITH ORDINALITY AS x (l, n)
$$;

CREATE TABLE monitoring.warning_setting (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    rule_code   text NOT NULL CONSTRAINT warning_setting_rule_fkey REFERENCES monitoring.warning_rule,
    version     integer NOT NULL,
    levels      jsonb NOT NULL CONSTRAINT warning_setting_levels_check CHECK (monitoring.warning_levels_ok(levels)),
    k           bigint,
    reference   bigint,
    periods     integer CONSTRAINT warning_setting_periods_check CHECK (periods BETWEEN 2 AND 400),
    years       integer CONSTRAINT warning_setting_years_check CHECK (years BETWEEN 1 AND 5),
    window_days integer CONSTRAINT warning_setting_window_check CHECK (window_days BETWEEN 1 AND 120),
    wait_days   integer NOT NULL CONSTRAINT warning_setting_wait_check CHECK (wait_days BETWEEN 0 AND 60),
    basis       text NOT NULL,
    from_on     date NOT NULL,
    to_on       date,
    state       text NOT NULL DEFAULT 'proposed' CONSTRAINT warning_setting_state_check
        CHECK (state IN ('proposed', 'approved', 'refused')),
    made_by     uuid NOT NULL DEFAULT platform.actor(),
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    decided_by  uuid,
    decided_at  timestamptz,
    note        text,
    CONSTRAINT warning_setting_version_key UNIQUE (rule_code, version),
    CONSTRAINT warning_setting_order_check CHECK (to_on >= from_on),
    CONSTRAINT warning_setting_hands_check CHECK (decided_by <> made_by),
    CONSTRAINT warning_setting_decided_check CHECK ((state = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT warning_setting_once EXCLUDE USING gist
        (int8range(hashtext(rule_code), hashtext(rule_code), '[]') WITH &&, daterange(from_on, to_on, '[]') WITH &&)
        WHERE (state = 'approved')
);
COMMENT ON COLUMN monitoring.warning_setting.k IS 'CUSUM: what a period may lie off the reference without being summed';
COMMENT ON COLUMN monitoring.warning_setting.reference IS 'CUSUM: the usual value; NULL: the mean of the `periods` before from_on';
COMMENT ON COLUMN monitoring.warning_setting.wait_days IS 'days after a period before it is judged, for late data';
CALL platform.protect('monitoring.warning_setting', 'true', 'platform.whole_city()');
COMMENT ON TABLE monitoring.warning_setting IS 'public: by which numbers is warned, from when to when; nobody''s data';
REVOKE UPDATE, DELETE ON monitoring.warning_setting FROM monitoring_app, monitoring_system;
GRANT UPDATE (state, to_on, decided_by, decided_at, note) ON monitoring.warning_setting TO monitoring_app;

CREATE FUNCTION monitoring.warning_setting_on(rule text, day date) RETURNS monitoring.warning_setting
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT s.* FROM monitoring.warning_setting s
     WHERE s.rule_code = rule AND s.state = 'approved' AND day >= s.from_on AND (s.to_on IS NULL OR day <= s.to_on)
$$;

CREATE FUNCTION monitoring.warning_setting_json(s monitoring.warning_setting) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', s.id, 'rule_code', s.rule_code, 'version', s.version, 'levels', s.levels, 'k', s.k,
        'reference', s.reference, 'periods', s.periods, 'years', s.years, 'window_days', s.window_days,
        'wait_days', s.wait_days, 'basis', s.basis, 'from_on', s.from_on, 'to_on', s.to_on, 'state', s.state,
        'note', s.note, 'created_at', s.created_at, 'decided_at', s.decided_at)
$$;

CREATE FUNCTION monitoring.warning_rule_json(r monitoring.warning_rule) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('code', r.code, 'title', r.title, 'measures', to_jsonb(r.measures), 'is_stock', r.is_stock,
        'per', to_jsonb(r.per), 'per_is_stock', r.per_is_stock, 'tag', nullif(r.tag, ''), 'step', r.step,
        'area_level', r.area_level, 'model', r.model, 'direction', r.direction,
        'setting', (SELECT monitoring.warning_setting_json(s) FROM monitoring.warning_setting_on(r.code, platform.today()) s
                     WHERE s.id IS NOT NULL))
$$;

-- What the models are told, as one document; `begins` is where a CUSUM starts to sum.
CREATE FUNCTION monitoring.warning_document(s monitoring.warning_setting, begins date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('model', r.model, 'step', r.step, 'direction', r.direction, 'levels', s.levels,
        'k', s.k, 'reference', s.reference, 'periods', s.periods, 'years', s.years, 'window_days', s.window_days,
        'wait_days', s.wait_days, 'start', begins,
        'festivals', CASE r.model WHEN 'spring' THEN (SELECT jsonb_agg(f.on_day ORDER BY f.on_day)
                                                        FROM monitoring.spring_festival f) END))
      FROM monitoring.warning_rule r WHERE r.code = s.rule_code
$$;

-- The values of whole periods between two days, the first as old as asked for.
CREATE FUNCTION monitoring.warning_series(rule text, area text, first_on date, last_on date)
RETURNS TABLE (on_day date, value bigint)
LANGUAGE sql STABLE AS $$
    SELECT p.first_day, CASE WHEN r.per IS NULL THEN n.num ELSE round(n.num * 10000.0 / nullif(d.den, 0))::bigint END
      FROM monitoring.warning_rule r
     CROSS JOIN LATERAL generate_series(date_trunc(r.step, first_on::timestamp), last_on::timestamp,
                                        ('1 ' || r.step)::interval) AS g (at)
     CROSS JOIN LATERAL (SELECT g.at::date AS first_day, (g.at + ('1 ' || r.step)::interval)::date - 1 AS last_day) AS p
     CROSS JOIN LATERAL (SELECT monitoring.sum_of(r.measures, area, r.tag,
                                    CASE WHEN r.is_stock THEN NULL ELSE p.first_day END, p.last_day) AS num) AS n
     CROSS JOIN LATERAL (SELECT CASE WHEN r.per IS NOT NULL THEN monitoring.sum_of(r.per, area, r.tag,
                                    CASE WHEN r.per_is_stock THEN NULL ELSE p.first_day END, p.last_day) END AS den) AS d
     WHERE r.code = rule AND p.last_day <= last_on
$$;

CREATE FUNCTION monitoring.warning_series_json(rule text, area text, first_on date, last_on date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_array(s.on_day, s.value) ORDER BY s.on_day), '[]')
      FROM monitoring.warning_series(rule, area, first_on, last_on) AS s
$$;

CREATE FUNCTION monitoring.warning_areas(level text) RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN CASE level WHEN 'city' THEN ARRAY['431100']
    ELSE ARRAY['431102', '431103', '431122', '431123', '431124', '431125', '431126', '431127',
               '431128', '431129', '431171', '431172', '431173', '431181'] END;
