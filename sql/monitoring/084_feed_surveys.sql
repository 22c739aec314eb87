-- 失业动态监测 and 重点企业用工 as figures: what a firm reports holds for the days of
-- its month, so that a figure is of the period's last month, counts each firm once,
-- and a correction, which is a report of its own, moves it at a revision.
INSERT INTO monitoring.feed (type, kind, op, id_member, on_member, until_member, until_plus, amount_member, attrs, needs) VALUES
('monitoring.survey_report.moved.v1', 'survey_report', 'put', 'report_id', 'month', 'month_end', 1, NULL,
 '{state,version,decrease_type,reasons}', NULL),
('monitoring.survey_report.moved.v1', 'survey_base', 'put', 'report_id', 'month', 'month_end', 1, 'base_heads',
 '{state}', 'base_heads'),
('monitoring.survey_report.moved.v1', 'survey_now', 'put', 'report_id', 'month', 'month_end', 1, 'current_heads',
 '{state}', 'current_heads'),
('monitoring.survey_report.moved.v1', 'survey_lost', 'put', 'report_id', 'month', 'month_end', 1, 'lost_heads',
 '{state,decrease_type,reasons}', 'lost_heads'),
('monitoring.key_firm.moved.v1', 'key_firm', 'put', 'key_firm_id', 'from_on', 'until_on', 0, NULL, '{tier}', NULL);

INSERT INTO monitoring.feed (type, kind, op, id_member, on_member, until_member, until_plus, amount_member, attrs, needs)
SELECT 'monitoring.key_report.submitted.v1', v.kind, 'put', 'report_id', 'month', 'month_end', 1, v.member, '{orders}'::text[], v.member
  FROM (VALUES ('key_report', NULL), ('key_heads', 'heads'), ('key_hires', 'hires'), ('key_leavers', 'leavers'),
               ('key_posts', 'open_posts'), ('key_plan', 'plan_hires'), ('key_short', 'short_heads')) AS v (kind, member)
UNION ALL
SELECT 'monitoring.key_report.replaced.v1', k, 'drop', 'report_id', NULL, NULL, 0, NULL, '{}'::text[], NULL
  FROM unnest(ARRAY['key_report', 'key_heads', 'key_hires', 'key_leavers', 'key_posts', 'key_plan', 'key_short']) AS k;

-- A correction is of a month that was reported: whether a firm did is what its first version says.
INSERT INTO monitoring.measure (id, code, name, kind, filters, moment, counts, dims, is_monthly) VALUES
(50, 'survey_asked', '监测应报企业', 'survey_report', '{"{\"version\": 1}"}', 'span', 'facts', '{industry,org_kind}', true),
(51, 'survey_reported', '监测已报企业', 'survey_report',
 '{"{\"version\": 1, \"state\": \"submitted\"}","{\"version\": 1, \"state\": \"reviewed\"}","{\"version\": 1, \"state\": \"accepted\"}","{\"version\": 1, \"state\": \"replaced\"}"}',
 'span', 'facts', '{industry,org_kind}', true),
(52, 'survey_accepted', '监测月报已通过审核的企业', 'survey_report', '{"{\"state\": \"accepted\"}"}', 'span', 'facts',
 '{industry,org_kind,decrease_type}', true),
(53, 'survey_base', '建档期就业人数', 'survey_base', '{"{\"state\": \"accepted\"}"}', 'span', 'amount', '{industry,org_kind}', true),
(54, 'survey_now', '调查期就业人数', 'survey_now', '{"{\"state\": \"accepted\"}"}', 'span', 'amount', '{industry,org_kind}', true),
(55, 'survey_lost', '监测企业减员人数', 'survey_lost', '{"{\"state\": \"accepted\"}"}', 'span', 'amount',
 '{industry,org_kind,decrease_type}', true),
(56, 'survey_shrunk', '人数减少的监测企业', 'survey_lost', '{"{\"state\": \"accepted\"}"}', 'span', 'facts',
 '{industry,org_kind,decrease_type}', true),
(110, 'key_firms', '重点企业', 'key_firm', '{"{}"}', 'span', 'facts', '{industry,org_kind,tier}', false),
(111, 'key_reported', '已报月报的重点企业', 'key_report', '{"{}"}', 'span', 'facts', '{industry,org_kind,orders}', true),
(112, 'key_heads', '重点企业月末在岗人数', 'key_heads', '{"{}"}', 'span', 'amount', '{industry,org_kind,orders}', true),
(113, 'key_hires', '重点企业当月新招人数', 'key_hires', '{"{}"}', 'span', 'amount', '{industry,org_kind,orders}', true),
(114, 'key_leavers', '重点企业当月离职人数', 'key_leavers', '{"{}"}', 'span', 'amount', '{industry,org_kind,orders}', true),
(115, 'key_posts', '重点企业在招岗位', 'key_posts', '{"{}"}', 'span', 'amount', '{industry,org_kind,orders}', true),
(116, 'key_plan', '重点企业下月计划招工人数', 'key_plan', '{"{}"}', 'span', 'amount', '{industry,org_kind,orders}', true),
(117, 'key_short_heads', '重点企业缺工人数', 'key_short', '{"{}"}', 'span', 'amount', '{industry,org_kind,orders}', true),
(118, 'key_short', '缺工的重点企业', 'key_short', '{"{}"}', 'span', 'facts', '{industry,org_kind,orders}', true);

INSERT INTO monitoring.indicator (code, ord) VALUES
('survey_job_loss_rate', 60),
('survey_reporting_rate', 61),
('survey_jobs_lost', 62),
('key_firms', 63),
('key_hires', 64),
('key_leavers', 65),
('key_shortage', 66);

INSERT INTO monitoring.indicator_version (indicator, version, state, judged_at, from_on, name, name_en, unit, kind,
    numerator, denominator, cases, aim, area_level, definition, source, basis)
SELECT v.code, 1, 'confirmed', DATE '2024-11-05', DATE '2024-11-05', v.name, v.name_en, v.unit, v.kind, v.numerator::text[],
       v.denominator::text[], v.cases::text[], v.aim, 'county', v.definition, v.source, '就业监测指标'
  FROM (VALUES
('survey_job_loss_rate', '监测企业岗位流失率', 'Job-loss rate of surveyed firms', 'basis_points', 'share', '{survey_base,-survey_now}', '{survey_base}', '{survey_accepted}', 'less',
 '期末所在月份审核通过的月报：（建档期就业人数－调查期就业人数）÷建档期就业人数，人数增加时为负', '失业动态监测'),
('survey_reporting_rate', '监测企业报送率', 'Reporting rate of surveyed firms', 'basis_points', 'share', '{survey_reported}', '{survey_asked}', '{}', 'more',
 '期末所在月份已报送（含审核中和已通过）的样本企业÷应报送的样本企业', '失业动态监测'),
('survey_jobs_lost', '监测企业减员', 'Jobs lost in surveyed firms', 'job', 'stock', '{survey_lost}', '{}', '{survey_shrunk}', 'less',
 '期末所在月份审核通过的月报中人数减少的企业比建档期减少的人数，不与人数增加的企业相抵', '失业动态监测'),
('key_firms', '重点企业', 'Key firms', 'place', 'stock', '{key_firms}', '{}', '{}', 'more',
 '期末列入重点企业名单的单位', '重点企业用工监测'),
('key_hires', '重点企业当月新招', 'Hires of key firms in the month', 'person', 'stock', '{key_hires}', '{}', '{key_reported}', 'more',
 '期末所在月份重点企业月报（最新版本）的新招人数', '重点企业用工监测'),
('key_leavers', '重点企业当月离职', 'Leavers of key firms in the month', 'person', 'stock', '{key_leavers}', '{}', '{key_reported}', 'less',
 '期末所在月份重点企业月报（最新版本）的离职人数', '重点企业用工监测'),
('key_shortage', '重点企业缺工', 'Shortage of key firms', 'person', 'stock', '{key_short_heads}', '{}', '{key_short}', 'less',
 '期末所在月份重点企业月报（最新版本）各职业缺工人数之和', '重点企业用工监测')
) AS v (code, name, name_en, unit, kind, numerator, denominator, cases, aim, definition, source);

-- What may be watched; by which numbers is the city's to set.
INSERT INTO monitoring.warning_rule (code, title, measures, is_stock, per, per_is_stock, step, area_level, model, direction)
VALUES
    ('survey_job_loss_rate', '监测企业岗位流失率', '{survey_base,-survey_now}', true, '{survey_base}', true, 'month', 'county',
     'threshold', 'above'),
    ('key_shortage_previous', '重点企业缺工环比', '{key_short_heads}', true, NULL, false, 'month', 'county', 'previous', 'above');
