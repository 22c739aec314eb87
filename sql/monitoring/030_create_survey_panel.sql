-- 失业动态监测: the panel of sampled enterprises and the form that they fill in as
-- versioned data.

-- A version of the form. `types` and `reasons`: why a headcount fell, with their
-- official names ([{code, name, needs_text}]); `more`: items beyond the two
-- headcounts ([{code, name, kind (count|text), needed (always|fewer|optional)}]).
CREATE TABLE monitoring.survey_form (
    version      integer PRIMARY KEY CONSTRAINT survey_form_version_check CHECK (version > 0),
    title        text NOT NULL,
    basis        text NOT NULL,
    types        jsonb NOT NULL,
    reasons      jsonb NOT NULL,
    reasons_most integer NOT NULL CONSTRAINT survey_form_most_check CHECK (reasons_most BETWEEN 1 AND 15),
    more         jsonb NOT NULL DEFAULT '[]',
    from_month   date NOT NULL CONSTRAINT survey_form_month_check CHECK (extract(day FROM from_month) = 1),
    state        text NOT NULL DEFAULT 'draft' CONSTRAINT survey_form_state_check CHECK (state IN ('draft', 'published')),
    drafted_by   uuid DEFAULT platform.actor(),
    published_by uuid,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT survey_form_hands_check CHECK (published_by <> drafted_by)
);
COMMENT ON TABLE monitoring.survey_form IS 'public: what enterprises are asked, nobody''s data';
CREATE UNIQUE INDEX survey_form_month_key ON monitoring.survey_form (from_month) WHERE state = 'published';
REVOKE DELETE ON monitoring.survey_form FROM monitoring_app, monitoring_system;
CALL platform.protect('monitoring.survey_form', $$state = 'published' OR platform.whole_city()$$, 'platform.whole_city()');

INSERT INTO monitoring.survey_form (version, title, basis, types, reasons, reasons_most, from_month, state, drafted_by) VALUES
(1, '失业动态监测企业岗位变动情况表', '人社部失业动态监测制度：10 种减员类型、15 种减员原因',
 '[{"code": "closed", "name": "关闭破产"}, {"code": "suspended", "name": "停业整顿"},
   {"code": "layoff", "name": "经济性裁员"}, {"code": "transferred", "name": "业务转移"},
   {"code": "natural", "name": "自然减员"}, {"code": "contract_ended", "name": "正常解除或终止合同"},
   {"code": "international", "name": "国际因素"}, {"code": "disaster", "name": "自然灾害"},
   {"code": "major_event", "name": "重大事件"}, {"code": "other", "name": "其他", "needs_text": true}]',
 '[{"code": "restructuring", "name": "产业结构调整"}, {"code": "technology", "name": "重大技术改革"},
   {"code": "energy", "name": "节能减排"}, {"code": "outdated", "name": "淘汰落后产能"},
   {"code": "orders", "name": "订单不足"}, {"code": "materials", "name": "原材料涨价"},
   {"code": "labour_cost", "name": "用工成本上升"}, {"code": "natural", "name": "自然减员"},
   {"code": "funds", "name": "经营资金困难"}, {"code": "tax", "name": "税收政策变化"},
   {"code": "seasonal", "name": "季节性用工"}, {"code": "resigned", "name": "自行离职"},
   {"code": "moved", "name": "工作调动/内部调剂"}, {"code": "dispatch", "name": "劳动关系转移/派遣"},
   {"code": "other", "name": "其他", "needs_text": true}]', 3, '2024-01-01', 'published', NULL);

CREATE FUNCTION monitoring.codes_differ(items jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN (SELECT count(DISTINCT x->>'code') = count(*) FROM jsonb_array_elements(coalesce(items, '[]')) AS x);

-- Who is asked, and for which months. Sample rules are data of the panel; with
-- none, nothing is checked: [{what (industry|ownership|size|insured), value,
-- least_milli, most_milli, least}]. Two people make a panel.
CREATE TABLE monitoring.survey_panel (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    basis       text NOT NULL,
    rules       jsonb NOT NULL DEFAULT '[]',
    from_month  date NOT NULL,
    until_month date,
    state       text NOT NULL DEFAULT 'draft' CONSTRAINT survey_panel_state_check CHECK (state IN ('draft', 'running', 'closed')),
    made_by     uuid NOT NULL DEFAULT platform.actor(),
    started_by  uuid,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT survey_panel_month_check CHECK (extract(day FROM from_month) = 1 AND extract(day FROM until_month) = 1
        AND from_month <= until_month),
    CONSTRAINT survey_panel_hands_check CHECK (started_by <> made_by),
    CONSTRAINT survey_panel_started_check CHECK ((state = 'draft') = (started_by IS NULL)),
    CONSTRAINT survey_panel_one_excl EXCLUDE USING gist (daterange(from_month, until_month, '[]') WITH &&)
        WHERE (state <> 'draft')
);
COMMENT ON TABLE monitoring.survey_panel IS 'public: samples of the whole city by name and months; who is in them is not';
REVOKE DELETE ON monitoring.survey_panel FROM monitoring_app, monitoring_system;
CALL platform.protect('monitoring.survey_panel', $$state <> 'draft' OR platform.areas() IS NOT NULL$$, 'platform.whole_city()');

CREATE FUNCTION monitoring.sample_rules_fit(rules jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN (SELECT coalesce(bool_and(CASE WHEN x->>'what' = 'insured' THEN x ? 'least' AND NOT x ?| '{least_milli,most_milli,value}'
                                      ELSE x ? 'value' AND x ?| '{least_milli,most_milli}' AND NOT x ? 'least' END), true)
          FROM jsonb_array_elements(coalesce(rules, '[]')) AS x);

CREATE TABLE monitoring.survey_firm (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    panel_id      uuid NOT NULL CONSTRAINT survey_firm_panel_fkey REFERENCES monitoring.survey_panel,
    org_id        uuid NOT NULL,
    org_name      text NOT NULL,
    industry_code text,
    ownership     text CONSTRAINT survey_firm_ownership_check CHECK (ownership IN
        ('state', 'collective', 'private', 'foreign', 'mixed')),
    size          text CONSTRAINT survey_firm_size_check CHECK (size IN ('large', 'medium', 'small', 'micro')),
    insured_heads integer CONSTRAINT survey_firm_insured_check CHECK (insured_heads >= 0),
    base_heads    integer CONSTRAINT survey_firm_base_check CHECK (base_heads > 0),
    from_month    date NOT NULL,
    until_month   date,
    note          text,
    chosen_by     uuid NOT NULL DEFAULT platform.actor(),
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT survey_firm_key UNIQUE (panel_id, org_id),
    CONSTRAINT survey_firm_month_check CHECK (extract(day FROM from_month) = 1 AND extract(day FROM until_month) = 1)
);
COMMENT ON COLUMN monitoring.survey_firm.base_heads IS '建档期就业人数; NULL: the first accepted report says';
COMMENT ON COLUMN monitoring.survey_firm.until_month IS 'the last month it is asked for';
COMMENT ON COLUMN monitoring.survey_firm.industry_code IS 'the section, A to T';
CREATE INDEX survey_firm_county_idx ON monitoring.survey_firm (panel_id, county_code, id);
CREATE INDEX survey_firm_org_idx ON monitoring.survey_firm (org_id);
REVOKE DELETE ON monitoring.survey_firm FROM monitoring_app, monitoring_system;
CALL platform.protect('monitoring.survey_firm', 'org_id = platform.org() OR platform.in_areas(county_code, area_code)',
    'platform.in_areas(county_code, area_code)');

-- Each rule with what the panel has: of how many firms how many are such, and
-- whether that is within. Read past row-level security: a mix names no firm.
CREATE FUNCTION monitoring.survey_mix(panel uuid, rules jsonb) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_agg(r.rule || jsonb_build_object('firms', n.firms, 'matching', n.matching,
               'share_milli', CASE WHEN n.firms > 0 AND r.rule->>'what' <> 'insured' THEN n.matching * 1000 / n.firms END,
               'is_met', CASE WHEN n.firms > 0 THEN
                   CASE r.rule->>'what' WHEN 'insured' THEN n.matching = n.firms
                   ELSE n.matching * 1000 >= n.firms * coalesce((r.rule->>'least_milli')::int, 0)
                    AND n.matching * 1000 <= n.firms * coalesce((r.rule->>'most_milli')::int, 1000) END END)
               ORDER BY r.ord), '[]')
      FROM jsonb_array_elements(rules) WITH ORDINALITY AS r (rule, ord)
     CROSS JOIN LATERAL (
        SELECT count(*) AS firms, count(*) FILTER (WHERE CASE r.rule->>'what'
                   WHEN 'industry' THEN f.industry_code = ANY (string_to_array(r.rule->>'value', ','))
                   WHEN 'ownership' THEN f.ownership = ANY (string_to_array(r.rule->>'value', ','))
                   WHEN 'size' THEN f.size = ANY (string_to_array(r.rule->>'value', ','))
                   ELSE f.insured_heads >= (r.rule->>'least')::int END) AS matching
          FROM monitoring.survey_firm f WHERE f.panel_id = panel
           AND coalesce(f.until_month, 'infinity') >= date_trunc('month', platform.today())) AS n
$$;

CREATE FUNCTION monitoring.survey_panel_json(p monitoring.survey_panel) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', p.id, 'name', p.name, 'basis', p.basis, 'state', p.state, 'from_month', p.from_month,
    'until_month', p.until_month, 'has_rules', p.rules <> '[]', 'rules', monitoring.survey_mix(p.id, p.rules),
    'made_by', p.made_by, 'started_by', p.started_by, 'created_at', p.created_at);

CREATE FUNCTION monitoring.survey_firm_json(f monitoring.survey_firm) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', f.id, 'panel_id', f.panel_id, 'org_id', f.org_id, 'org_name', f.org_name,
    'industry_code', f.industry_code, 'ownership', f.ownership, 'size', f.size, 'insured_heads', f.insured_heads,
    'base_heads', f.base_heads, 'from_month', f.from_month, 'until_month', f.until_month, 'note', f.note,
    'chosen_by', f.chosen_by, 'county_code', f.county_code, 'created_at', f.created_at);
