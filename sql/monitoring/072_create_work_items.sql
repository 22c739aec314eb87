-- 组织保障 (永政办发〔2024〕15号 三（一）): the measures of the policy as work items, what
-- each county is to do of them, what it reports by quarter beside what is counted
-- here, and what the office of the 专班 asks about.
--
-- Who reports does not check, who sets a quota does not confirm it. Days and
-- thresholds are the city's: none is shipped, and nothing is called late without.

CREATE TABLE monitoring.work_item (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    no           integer NOT NULL CONSTRAINT work_item_no_check CHECK (no BETWEEN 1 AND 99),
    version      integer NOT NULL,
    name         text NOT NULL,
    action       text NOT NULL,
    units        text[] NOT NULL CONSTRAINT work_item_units_check CHECK (cardinality(units) > 0),
    indicators   text[] NOT NULL DEFAULT '{}',
    amounts      jsonb NOT NULL DEFAULT '[]',
    basis        text NOT NULL,
    from_on      date NOT NULL,
    state        text NOT NULL DEFAULT 'proposed' CONSTRAINT work_item_state_check CHECK (state IN
        ('proposed', 'active', 'dropped', 'replaced')),
    proposed_by  uuid DEFAULT platform.actor(),
    confirmed_by uuid,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT work_item_version_key UNIQUE (no, version),
    CONSTRAINT work_item_hands_check CHECK (confirmed_by <> proposed_by)
);
CREATE UNIQUE INDEX work_item_active_key ON monitoring.work_item (no) WHERE state = 'active';
CREATE UNIQUE INDEX work_item_proposed_key ON monitoring.work_item (no) WHERE state = 'proposed';
COMMENT ON TABLE monitoring.work_item IS 'public: the measures of a published policy and who is to carry them out';
COMMENT ON COLUMN monitoring.work_item.amounts IS 'what the policy names: [{what, tier, count, unit_cents, total_cents}]';
COMMENT ON COLUMN monitoring.work_item.units IS '责任单位, as the policy names them';
REVOKE DELETE ON monitoring.work_item FROM monitoring_app, monitoring_system;

-- Which indicators count for an item is ours to say, not the policy's: another
-- version changes it. Names and sums are the policy's.
INSERT INTO monitoring.work_item (no, version, name, action, units, indicators, amounts, basis, from_on, state) VALUES
(1, 1, '实施稳岗拓岗优选计划', '“产业培塑”稳岗扩岗行动',
 '{市人社局,市财政局,市工信局,市发改委,各县市区人民政府}', '{}',
 '[{"what": "就业资金", "tier": "city", "total_cents": 2000000000}]', '永政办发〔2024〕15号 二（一）1', '2024-11-05', 'active'),
(2, 1, '实施服务园区帮工计划', '“产业培塑”稳岗扩岗行动',
 '{市人社局,市财政局,市工信局,市发改委,各县市区人民政府}', '{}',
 '[{"what": "示范项目资金", "tier": "city", "total_cents": 2000000000}]', '永政办发〔2024〕15号 二（一）2', '2024-11-05', 'active'),
(3, 1, '扩充困难群体就近就业岗位', '“产业培塑”稳岗扩岗行动',
 '{市人社局,市农业农村局,市财政局,各县市区人民政府}', '{workshops_upgraded}', '[]',
 '永政办发〔2024〕15号 二（一）3', '2024-11-05', 'active'),
(4, 1, '强化创业培训提质', '“领航腾飞”创业圆梦行动', '{市人社局,市财政局,各县市区人民政府}', '{studios,startup_trained}', '[]',
 '永政办发〔2024〕15号 二（二）4', '2024-11-05', 'active'),
(5, 1, '依托创业载体强基', '“领航腾飞”创业圆梦行动',
 '{市人社局,市财政局,市市场监管局,市农业农村局,各县市区人民政府}', '{return_home_parks,incubators,startup_jobs}',
 '[{"what": "市级返乡创业园", "tier": "city", "count": 4, "unit_cents": 100000000}, {"what": "市级返乡创业园", "tier": "county", "unit_cents": 50000000}]',
 '永政办发〔2024〕15号 二（二）5', '2024-11-05', 'active'),
(6, 1, '加速创业项目培育', '“领航腾飞”创业圆梦行动', '{市人社局,市财政局,各县市区人民政府}', '{startup_projects}',
 '[{"what": "优质创业项目", "tier": "city", "count": 30, "unit_cents": 10000000}]', '永政办发〔2024〕15号 二（二）6', '2024-11-05', 'active'),
(7, 1, '促进高校毕业生等青年就业', '“暖心护航”精准援助行动',
 '{市人社局,市教育局,市财政局,市农业农村局,市卫健委,团市委,各相关高校,各县市区人民政府}', '{youth_stations,graduate_follow_rate,graduate_service_rate,graduate_employment_rate}',
 '[{"what": "青年求职加油站", "tier": "city", "count": 15, "unit_cents": 20000000}, {"what": "一次性扩岗补助（失业保险基金，每招用1人）", "tier": "fund", "unit_cents": 150000}]',
 '永政办发〔2024〕15号 二（三）7', '2024-11-05', 'active'),
(8, 1, '稳定农民工务工规模', '“暖心护航”精准援助行动',
 '{市农业农村局,市人社局,市交通运输局,市水利局,市发改委,市文旅广体局,市教育局,市卫健委,市住建局,市市场监管局,各县市区人民政府}',
 '{poverty_workers}', '[]', '永政办发〔2024〕15号 二（三）8', '2024-11-05', 'active'),
(9, 1, '兜牢困难人员就业民生底线', '“暖心护航”精准援助行动',
 '{市人社局,市退役军人事务局,市农业农村局,市民政局,市工信局,市妇联,市残联,各县市区人民政府}',
 '{reemployed_difficult,zero_families,zero_family_help_rate,difficult_help_rate}', '[]', '永政办发〔2024〕15号 二（三）9', '2024-11-05', 'active'),
(10, 1, '精准开展职业技能培训', '“技兴潇湘”提质增效行动',
 '{市人社局,市发改委,市工信局,市商务局,市农业农村局,市民政局,市总工会,市妇联,各县市区人民政府}', '{certified,certificate_rate}', '[]',
 '永政办发〔2024〕15号 二（四）10', '2024-11-05', 'active'),
(11, 1, '强化产业技能人才培育', '“技兴潇湘”提质增效行动',
 '{市人社局,市教育局,市工信局,市发改委,市财政局,市总工会,各县市区人民政府}', '{skill_carriers,master_studios,county_master_studios,skilled_workers}',
 '[{"what": "市级高技能人才培训载体", "tier": "city", "count": 2, "unit_cents": 100000000}, {"what": "市级技能大师工作室和劳模工匠创新工作室", "tier": "city", "count": 16, "unit_cents": 10000000}]',
 '永政办发〔2024〕15号 二（四）11', '2024-11-05', 'active'),
(12, 1, '培塑特色劳务品牌', '“技兴潇湘”提质增效行动',
 '{市人社局,市财政局,市发改委,市工信局,市民政局,市总工会,市妇联,各县市区人民政府}', '{brands}', '[]',
 '永政办发〔2024〕15号 二（四）12', '2024-11-05', 'active'),
(13, 1, '夯实基层基础工作', '“就在身边”快速就业行动', '{市人社局,市财政局,市统计局,各县市区人民政府}', '{full_communities}',
 '[{"what": "劳动力资源信息采集", "tier": "city", "total_cents": 1000000000}]', '永政办发〔2024〕15号 二（五）13', '2024-11-05', 'active'),
(14, 1, '优化服务促进机制', '“就在身边”快速就业行动',
 '{市人社局,市财政局,市数据局,市总工会,市商务局,市交通运输局,各县市区人民政府}', '{stations}', '[]',
 '永政办发〔2024〕15号 二（五）14', '2024-11-05', 'active'),
(15, 1, '推进人力资源服务', '“就在身边”快速就业行动', '{市人社局,市财政局,各县市区人民政府}', '{gig_markets}', '[]',
 '永政办发〔2024〕15号 二（五）15', '2024-11-05', 'active'),
(16, 1, '做实智能求职招聘', '“云上快办”数字赋能行动', '{市人社局,市财政局,市数据局,各县市区人民政府}', '{}', '[]',
 '永政办发〔2024〕15号 二（六）16', '2024-11-05', 'active'),
(17, 1, '推进智能政策经办', '“云上快办”数字赋能行动', '{市人社局,市财政局,市数据局,各县市区人民政府}', '{subsidies_paid}', '[]',
 '永政办发〔2024〕15号 二（六）17', '2024-11-05', 'active'),
(18, 1, '强化智能信息监测', '“云上快办”数字赋能行动', '{市人社局,市财政局,市数据局,各县市区人民政府}', '{}', '[]',
 '永政办发〔2024〕15号 二（六）18', '2024-11-05', 'active');

CREATE TABLE monitoring.work_quota (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    item_no      integer NOT NULL,
    indicator    text,
    what         text NOT NULL,
    year         integer NOT NULL CONSTRAINT work_quota_year_check CHECK (year BETWEEN 2024 AND 2100),
    amount       bigint NOT NULL CONSTRAINT work_quota_amount_check CHECK (amount > 0),
    legal_basis  text NOT NULL,
    state        text NOT NULL DEFAULT 'set' CONSTRAINT work_quota_state_check CHECK (state IN
        ('set', 'confirmed', 'dropped', 'replaced')),
    note         text,
    set_by       uuid NOT NULL DEFAULT platform.actor(),
    confirmed_by uuid,
    confirmed_at timestamptz,
    county_code  text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT work_quota_hands_check CHECK (confirmed_by <> set_by),
    CONSTRAINT work_quota_confirmed_check CHECK (state NOT IN ('confirmed', 'replaced') OR confirmed_by IS NOT NULL)
);
CREATE UNIQUE INDEX work_quota_set_key ON monitoring.work_quota (item_no, what, year, county_code) WHERE state = 'set';
CREATE UNIQUE INDEX work_quota_key ON monitoring.work_quota (item_no, what, year, county_code) WHERE state = 'confirmed';
CREATE INDEX work_quota_county_idx ON monitoring.work_quota (county_code, id);
COMMENT ON COLUMN monitoring.work_quota.what IS 'the indicator, or in words what is counted by hand';
CALL platform.protect('monitoring.work_quota', 'platform.acts_in(county_code)', 'platform.whole_city()');
REVOKE DELETE ON monitoring.work_quota FROM monitoring_app, monitoring_system;

CREATE TABLE monitoring.work_progress (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    item_no      integer NOT NULL,
    unit         text NOT NULL,
    year         integer NOT NULL CONSTRAINT work_progress_year_check CHECK (year BETWEEN 2024 AND 2100),
    quarter      integer NOT NULL CONSTRAINT work_progress_quarter_check CHECK (quarter BETWEEN 1 AND 4),
    summary      text NOT NULL,
    state        text NOT NULL DEFAULT 'draft' CONSTRAINT work_progress_state_check CHECK (state IN
        ('draft', 'submitted', 'accepted', 'returned')),
    note         text,
    written_by   uuid NOT NULL DEFAULT platform.actor(),
    submitted_by uuid,
    submitted_on date,
    checked_by   uuid,
    checked_on   date,
    county_code  text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT work_progress_key UNIQUE (item_no, county_code, unit, year, quarter),
    CONSTRAINT work_progress_hands_check CHECK (checked_by <> submitted_by AND checked_by <> written_by),
    CONSTRAINT work_progress_checked_check CHECK (state NOT IN ('accepted', 'returned') OR checked_by IS NOT NULL),
    CONSTRAINT work_progress_submitted_check CHECK (state = 'draft' OR submitted_by IS NOT NULL)
);
CREATE INDEX work_progress_county_idx ON monitoring.work_progress (county_code, id);
COMMENT ON COLUMN monitoring.work_progress.unit IS 'a 责任单位 of the city, or of a county its government';
CALL platform.protect('monitoring.work_progress', 'platform.acts_in(county_code)');
REVOKE DELETE ON monitoring.work_progress FROM monitoring_app, monitoring_system;

-- What is reported, and what was counted here when it was submitted.
CREATE TABLE monitoring.progress_figure (
    progress_id uuid NOT NULL CONSTRAINT progress_figure_progress_fkey REFERENCES monitoring.work_progress,
    what        text NOT NULL,
    indicator   text,
    reported    bigint NOT NULL CONSTRAINT progress_figure_reported_check CHECK (reported >= 0),
    reason      text,
    counted     bigint,
    counted_at  timestamptz,
    county_code text NOT NULL,
    PRIMARY KEY (progress_id, what)
);
COMMENT ON COLUMN monitoring.progress_figure.reason IS 'why it is less than an earlier quarter''s of the year';
COMMENT ON COLUMN monitoring.progress_figure.counted IS 'from the year''s first day to the quarter''s last; NULL: nothing here counts it';
CALL platform.protect('monitoring.progress_figure', 'platform.acts_in(county_code)');

CREATE TABLE monitoring.progress_step (
    ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    progress_id uuid NOT NULL CONSTRAINT progress_step_progress_fkey REFERENCES monitoring.work_progress,
    state       text NOT NULL,
    note        text,
    actor       uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX progress_step_idx ON monitoring.progress_step (progress_id, ord);
CALL platform.protect('monitoring.progress_step', 'platform.acts_in(county_code)', 'false');
REVOKE UPDATE, DELETE ON monitoring.progress_step FROM monitoring_app, monitoring_system;
REVOKE INSERT ON monitoring.progress_step FROM monitoring_app;

-- 督办: the office asks, the county answers by a day, another hand of the city closes it.
CREATE TABLE monitoring.supervision (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    item_no     integer NOT NULL,
    unit        text NOT NULL,
    content     text NOT NULL,
    due_on      date NOT NULL,
    state       text NOT NULL DEFAULT 'open' CONSTRAINT supervision_state_check CHECK (state IN ('open', 'answered', 'closed')),
    answer      text,
    answered_by uuid,
    answered_on date,
    closed_by   uuid,
    closed_note text,
    times_returned integer NOT NULL DEFAULT 0,
    opened_by   uuid NOT NULL DEFAULT platform.actor(),
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT supervision_hands_check CHECK (closed_by <> answered_by AND answered_by <> opened_by),
    CONSTRAINT supervision_answered_check CHECK (state = 'open' OR answered_by IS NOT NULL),
    CONSTRAINT supervision_closed_check CHECK ((state = 'closed') = (closed_by IS NOT NULL))
);
CREATE INDEX supervision_county_idx ON monitoring.supervision (county_code, id);
CALL platform.protect('monitoring.supervision', 'platform.acts_in(county_code)');
REVOKE DELETE ON monitoring.supervision FROM monitoring_app, monitoring_system;
