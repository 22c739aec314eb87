-- The numbers that the city sets for its own work (CFG), in one place, and the
-- calendar of working days that some of them count by. What there is to set is a
-- definition; a value holds from its day on, proposed by one officer of the city
-- and confirmed by another. None ships: what needs one that is not set says so.

CREATE TABLE monitoring.working_day (
    day date PRIMARY KEY,
    nth integer NOT NULL CONSTRAINT working_day_nth_key UNIQUE
);
COMMENT ON TABLE monitoring.working_day IS 'public: the working days of the official calendar, counted';
REVOKE INSERT, UPDATE, DELETE ON monitoring.working_day FROM monitoring_app;

CREATE FUNCTION monitoring.working_nth(on_day date) RETURNS integer
LANGUAGE sql STABLE
RETURN (SELECT w.nth FROM monitoring.working_day w WHERE w.day <= on_day ORDER BY w.day DESC LIMIT 1);

-- Working days after the first day, up to and with the second.
CREATE FUNCTION monitoring.working_between(since date, until date) RETURNS integer
LANGUAGE sql STABLE
RETURN monitoring.working_nth(until) - monitoring.working_nth(since);

-- The n-th working day after a day; NULL: no such day in the calendar, or no n.
CREATE FUNCTION monitoring.working_add(since date, n integer) RETURNS date
LANGUAGE sql STABLE
RETURN (SELECT w.day FROM monitoring.working_day w WHERE w.nth = monitoring.working_nth(since) + n);

CREATE TABLE monitoring.setting_kind (
    name     text PRIMARY KEY CONSTRAINT setting_kind_name_check CHECK (name ~ '^[a-z][a-z_]{2,39}$'),
    topic    text NOT NULL CONSTRAINT setting_kind_topic_check CHECK (topic IN
        ('survey', 'key_firm', 'layoff', 'warning', 'assessment', 'fund', 'rating', 'work')),
    parts    text[] NOT NULL DEFAULT '{}',
    unit     text NOT NULL CONSTRAINT setting_kind_unit_check CHECK (unit IN
        ('day', 'working_day', 'day_of_month', 'firm', 'per_mille')),
    smallest integer NOT NULL,
    largest  integer NOT NULL,
    title    text NOT NULL,
    title_en text NOT NULL,
    purpose  text NOT NULL,
    source   text NOT NULL,
    CONSTRAINT setting_kind_order_check CHECK (smallest <= largest)
);
COMMENT ON TABLE monitoring.setting_kind IS 'public: what the city may set a number for, nobody''s data';
COMMENT ON COLUMN monitoring.setting_kind.parts IS 'each has a number of its own; empty: there is one';
REVOKE INSERT, UPDATE, DELETE ON monitoring.setting_kind FROM monitoring_app, monitoring_system;

INSERT INTO monitoring.setting_kind (name, topic, parts, unit, smallest, largest, title, title_en, purpose, source) VALUES
('survey_open_day', 'survey', '{}', 'day_of_month', 1, 28, '失业动态监测每月开报日', 'Day of the month a survey opens',
 '未设定则每月一日开报', '人社部失业动态监测制度'),
('survey_days', 'survey', '{}', 'day', 0, 1000, '监测月报填报天数', 'Days to fill in a survey',
 '未设定则月报没有截止日，也不催报', '人社部失业动态监测制度'),
('survey_remind_days', 'survey', '{}', 'day', 0, 1000, '监测月报到期前几日提醒', 'Days a survey is reminded of ahead',
 '未设定则到期前不提醒', '人社部失业动态监测制度'),
('key_firms', 'key_firm', '{province,city,county}', 'firm', 0, 1000, '各级重点企业数', 'Key firms of each tier',
 '名录汇总时与实有数对照', '湖南省重点企业“765”服务'),
('key_report_day', 'key_firm', '{}', 'day_of_month', 1, 28, '重点企业月报提醒日', 'Day of the month key firms are reminded',
 '未设定则不提醒', '湖南省重点企业“765”服务'),
('shortage_days', 'key_firm', '{}', 'day', 0, 1000, '缺工任务办理天数', 'Days to deal with a shortage',
 '未设定则任务没有期限', '湖南省重点企业“765”服务'),
('layoff_days', 'layoff', '{}', 'day', 0, 1000, '裁员报告办理天数', 'Days to deal with a layoff',
 '未设定则没有期限', '劳动合同法 第四十一条'),
('alert_acknowledge_days', 'warning', '{ungraded,blue,yellow,orange,red}', 'day', 0, 1000, '各色预警接收天数',
 'Days to acknowledge an alert, by colour', '逾期升级至市级；未设定则不逾期', '永政办发〔2024〕15号 二（六）18'),
('alert_handle_days', 'warning', '{ungraded,blue,yellow,orange,red}', 'day', 0, 1000, '各色预警处置天数',
 'Days to handle an alert, by colour', '逾期升级至市级；未设定则不逾期', '永政办发〔2024〕15号 二（六）18'),
('alert_again_days', 'warning', '{}', 'day', 0, 1000, '预警办结后信号持续、再次发出', 'Days after closing until an alert that lasts is raised again',
 '未设定则办结后不再次发出', '永政办发〔2024〕15号 二（六）18'),
('assessment_opinion_days', 'assessment', '{}', 'day', 0, 1000, '评估提出意见天数', 'Days to give an opinion',
 '未设定则没有期限', '永政办发〔2024〕15号 三（二）'),
('assessment_result_days', 'assessment', '{}', 'day', 0, 1000, '评估作出结论天数', 'Days to conclude an assessment',
 '未设定则没有期限', '永政办发〔2024〕15号 三（二）'),
('assessment_follow_days', 'assessment', '{}', 'day', 0, 1000, '评估跟踪问效天数', 'Days to tell what became of it',
 '未设定则没有期限', '永政办发〔2024〕15号 三（二）'),
('claim_payment_days', 'fund', '{}', 'working_day', 1, 250, '补贴从确认或申请到发放', 'From confirming or applying to the money',
 '超过的申领列为逾期；未设定则不能查询逾期', '永政办发〔2024〕15号 三（三）'),
('rating_window_days', 'rating', '{}', 'working_day', 1, 250, '办结后可以评价的期限', 'Time to rate a finished matter',
 '未设定则一直可以评价', '国办发〔2019〕51号'),
('rating_answer_days', 'rating', '{}', 'working_day', 1, 250, '差评答复期限', 'Time to answer a bad rating',
 '未设定则没有期限', '国办发〔2019〕51号'),
('report_due_days', 'work', '{}', 'day', 0, 1000, '季度进展季后报送天数', 'Days to report behind a quarter',
 '取季末日的设定；未设定则不算迟报', '永政办发〔2024〕15号 三（一）'),
('check_due_days', 'work', '{}', 'day', 0, 1000, '季度进展审核天数', 'Days to check a report',
 '未设定则不算迟审', '永政办发〔2024〕15号 三（一）'),
('praise_quota_per_mille', 'work', '{}', 'per_mille', 0, 10000, '完成任务表扬标准', 'Share of a quota that is praised',
 '取季末日的设定；未设定则无人因完成任务受表扬', '永政办发〔2024〕15号 三（一）'),
('praise_reports_per_mille', 'work', '{}', 'per_mille', 0, 1000, '按时报送表扬标准', 'Share of reports in time that is praised',
 '取季末日的设定；未设定则无人因按时报送受表扬', '永政办发〔2024〕15号 三（一）');

CREATE TABLE monitoring.setting (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    name         text NOT NULL CONSTRAINT setting_name_fkey REFERENCES monitoring.setting_kind,
    part         text NOT NULL DEFAULT '',
    value        integer,
    basis        text NOT NULL,
    from_on      date NOT NULL,
    state        text NOT NULL DEFAULT 'proposed' CONSTRAINT setting_state_check CHECK (state IN
        ('proposed', 'confirmed', 'withdrawn', 'replaced')),
    note         text,
    proposed_by  uuid NOT NULL DEFAULT platform.actor(),
    confirmed_by uuid,
    confirmed_at timestamptz,
    withdrawn_by uuid,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT setting_hands_check CHECK (confirmed_by <> proposed_by),
    CONSTRAINT setting_confirmed_check CHECK ((state IN ('confirmed', 'replaced')) = (confirmed_by IS NOT NULL)
        AND (confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CONSTRAINT setting_withdrawn_check CHECK ((state = 'withdrawn') = (withdrawn_by IS NOT NULL))
);
COMMENT ON TABLE monitoring.setting IS 'public: numbers that the city goes by, and from when to when; nobody''s data';
COMMENT ON COLUMN monitoring.setting.value IS 'in the unit of its kind; NULL: from this day on there is none again';
COMMENT ON COLUMN monitoring.setting.state IS 'replaced: by another number from the very same day on';
CREATE UNIQUE INDEX setting_day_key ON monitoring.setting (name, part, from_on) WHERE state = 'confirmed';
CREATE UNIQUE INDEX setting_open_key ON monitoring.setting (name, part) WHERE state = 'proposed';
CALL platform.protect('monitoring.setting', $$state IN ('confirmed', 'replaced') OR platform.areas() IS NOT NULL$$,
    'platform.whole_city()');
REVOKE UPDATE, DELETE ON monitoring.setting FROM monitoring_app, monitoring_system;
GRANT UPDATE (state, note, confirmed_by, confirmed_at, withdrawn_by) ON monitoring.setting TO monitoring_app;

-- The number in force on a day; NULL: none is.
CREATE FUNCTION monitoring.setting_on(name_ text, day date, part_ text DEFAULT '') RETURNS integer
LANGUAGE sql STABLE
RETURN (SELECT s.value FROM monitoring.setting s
         WHERE s.name = name_ AND s.part = part_ AND s.state = 'confirmed' AND s.from_on <= day
         ORDER BY s.from_on DESC LIMIT 1);

-- By today's number, in days or working days as its kind says.
CREATE FUNCTION monitoring.setting_due(name_ text, since date, part_ text DEFAULT '') RETURNS date
LANGUAGE sql STABLE
RETURN (SELECT CASE k.unit WHEN 'working_day' THEN monitoring.working_add(since, n.days) ELSE since + n.days END
          FROM monitoring.setting_kind k
         CROSS JOIN LATERAL (SELECT monitoring.setting_on(name_, platform.today(), part_) AS days) AS n
         WHERE k.name = name_);
COMMENT ON FUNCTION monitoring.setting_due(text, date, text) IS 'the last day for it; NULL: no number of days is set';

-- What does not go with its kind.
CREATE FUNCTION monitoring.setting_faults(name_ text, part_ text, value_ bigint)
RETURNS TABLE (pointer text, fault text, near text)
LANGUAGE sql STABLE AS $$
    SELECT f.pointer, f.fault, f.near
      FROM monitoring.setting_kind k
     CROSS JOIN LATERAL (VALUES
           ('/part', CASE WHEN part_ = ANY (k.parts || CASE WHEN k.parts = '{}' THEN '{""}'::text[] ELSE '{}' END) THEN NULL
                          WHEN part_ = '' THEN 'missing' WHEN k.parts = '{}' THEN 'unfit' ELSE 'choice' END,
            array_to_string(k.parts, ',')),
           ('/value', CASE WHEN value_ < k.smallest THEN 'small' WHEN value_ > k.largest THEN 'large' END, NULL))
           AS f (pointer, fault, near)
     WHERE k.name = name_ AND f.fault IS NOT NULL
$$;

CREATE FUNCTION monitoring.setting_fits() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM monitoring.setting_faults(NEW.name, NEW.part, NEW.value)) THEN
        RAISE EXCEPTION 'no such number: %', NEW.name USING ERRCODE = 'check_violation', CONSTRAINT = 'setting_fits';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER setting_fits BEFORE INSERT ON monitoring.setting
    FOR EACH ROW EXECUTE FUNCTION monitoring.setting_fits();

CREATE FUNCTION monitoring.setting_moved() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO monitoring.outbox (type, key, area_code, payload)
    VALUES ('monitoring.setting.moved.v1', NEW.name, '431100',
            jsonb_build_object('setting_id', NEW.id, 'name', NEW.name, 'part', nullif(NEW.part, ''), 'value', NEW.value,
                'from_on', NEW.from_on, 'state', NEW.state));
    RETURN NULL;
END $$;
CREATE TRIGGER setting_made AFTER INSERT ON monitoring.setting
    FOR EACH ROW EXECUTE FUNCTION monitoring.setting_moved();
CREATE TRIGGER setting_moved AFTER UPDATE ON monitoring.setting
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION monitoring.setting_moved();

-- A number ends the day before the next begins.
CREATE FUNCTION monitoring.setting_json(s monitoring.setting) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', s.id, 'name', s.name,
    'title', (SELECT k.title FROM monitoring.setting_kind k WHERE k.name = s.name), 'part', nullif(s.part, ''), 'value', s.value, 'basis', s.basis,
    'from_on', s.from_on, 'to_on', CASE s.state WHEN 'confirmed' THEN
        (SELECT min(x.from_on) - 1 FROM monitoring.setting x
          WHERE x.name = s.name AND x.part = s.part AND x.state = 'confirmed' AND x.from_on > s.from_on) END,
    'state', s.state, 'created_at', s.created_at, 'confirmed_at', s.confirmed_at);
