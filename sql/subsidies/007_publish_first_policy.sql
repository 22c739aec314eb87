-- Fund sources, the budget lines the city's plan names, and 一次性扩岗补助.
--
-- The plan (永政办发〔2024〕15号) names 6,360万 in eight lines. It names no sum
-- for the unemployment insurance fund: that line is allotted by 财政.

INSERT INTO subsidies.fund_source (code, title, legal_basis) VALUES
    ('employment_fund', '就业补助资金', '财社〔2026〕1号'),
    ('demonstration_project', '公共就业服务能力提升示范项目资金', '永政办发〔2024〕15号'),
    ('unemployment_insurance', '失业保险基金', '永政办发〔2024〕15号 二（三）7');

INSERT INTO subsidies.budget_line (code, fund_source, title, legal_basis, appropriated_cents) VALUES
    ('WGTG', 'employment_fund', '稳岗扩岗奖补', '永政办发〔2024〕15号 二（一）1', 2000000000),
    ('YQBG', 'demonstration_project', '服务园区帮工补贴', '永政办发〔2024〕15号 二（一）2', 2000000000),
    ('FXCY', 'employment_fund', '市级返乡创业园（4个）', '永政办发〔2024〕15号 二（二）5', 400000000),
    ('CYXM', 'employment_fund', '优质创业项目（30个）', '永政办发〔2024〕15号 二（二）6', 300000000),
    ('QNJY', 'employment_fund', '青年求职加油站（15个）', '永政办发〔2024〕15号 二（三）7', 300000000),
    ('GJNZ', 'employment_fund', '市级高技能人才培训载体（2家）', '永政办发〔2024〕15号 二（四）11', 200000000),
    ('DSGZ', 'employment_fund', '技能大师工作室和劳模工匠创新工作室（16家）', '永政办发〔2024〕15号 二（四）11', 160000000),
    ('XXCJ', 'employment_fund', '劳动力资源信息采集', '永政办发〔2024〕15号 二（五）13', 1000000000),
    ('KGBZ', 'unemployment_insurance', '一次性扩岗补助', '永政办发〔2024〕15号 二（三）7', NULL);

INSERT INTO subsidies.budget_line_policy (line_code, policy_code) VALUES ('KGBZ', 'KGBZ');

-- Groups B and C follow the desk rules known from other provinces: years are
-- calendar years, the age is a window of birth dates for each year of hire.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "KGBZ",
  "version": 1,
  "title": "一次性扩岗补助",
  "subject": "employment",
  "beneficiary": "employer",
  "legal_basis": ["永政办发〔2024〕15号 二（三）7", "人社部发〔2024〕44号"],
  "effective_from": "2024-01-01",
  "effective_to": "2025-12-31",
  "benefit_family": "hire_grant",
  "frequency": "once_per_person_ever",
  "fund_source": "unemployment_insurance",
  "amount": {"kind": "fixed", "amount_cents": 150000},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": ["first_review", "recheck", "approve"],
  "conditions": [
    {"code": "window", "title": "招用日期在政策执行期内", "refusal": "招用日期不在政策执行期内",
     "rule": {"between": [{"fact": "hired_on"}, {"day": "2024-01-01"}, {"day": "2025-12-31"}]}},
    {"code": "employer_kind", "title": "用人单位为企业", "refusal": "用人单位不是企业",
     "rule": {"in": [{"fact": "org_kind"}, ["enterprise"]]}},
    {"code": "contract", "title": "签订劳动合同", "refusal": "未签订劳动合同",
     "rule": {"any": [{"in": [{"fact": "contract_type"}, ["fixed", "open_ended", "task", "dispatch"]]},
                      {"ge": [{"fact": "contract_months"}, 1]}]}},
    {"code": "group", "title": "属于政策规定的招用对象", "refusal": "不属于毕业年度、离校2年内未就业高校毕业生或16—24岁登记失业青年",
     "groups": [
       {"code": "graduate_year", "title": "毕业年度高校毕业生", "rule": {"all": [
          {"is": "on_graduate_roster"}, {"is": "graduate_full_time"},
          {"in": [{"fact": "graduate_level"}, ["10", "11", "14", "17", "20", "21", "28", "30", "31"]]},
          {"eq": [{"year": {"fact": "graduated_on"}}, {"year": {"fact": "hired_on"}}]}]}},
       {"code": "graduate_two_years", "title": "离校2年内未就业高校毕业生", "rule": {"all": [
          {"is": "on_graduate_roster"}, {"is": "graduate_full_time"},
          {"in": [{"fact": "graduate_level"}, ["10", "11", "14", "17", "20", "21", "28", "30", "31"]]},
          {"between": [{"year": {"fact": "graduated_on"}},
                       {"add": [{"year": {"fact": "hired_on"}}, -2]},
                       {"add": [{"year": {"fact": "hired_on"}}, -1]}]},
          {"eq": [{"count": {"of": "earlier_hires", "from": {"fact": "graduated_on"},
                             "to": {"add_days": [{"fact": "hired_on"}, -1]}}}, 0]},
          {"eq": [{"count": {"of": "insured_elsewhere_months", "from": {"fact": "graduated_on"},
                             "to": {"add_days": [{"month_start": {"fact": "hired_on"}}, -1]}}}, 0]}]}},
       {"code": "unemployed_youth", "title": "16—24岁登记失业青年", "rule": {"all": [
          {"is": "unemployed_at_hire"},
          {"ge": [{"fact": "hired_on"}, {"add_months": [{"fact": "birth_on"}, 192]}]},
          {"any": [
            {"all": [{"eq": [{"year": {"fact": "hired_on"}}, 2024]},
                     {"between": [{"fact": "birth_on"}, {"day": "1999-01-01"}, {"day": "2008-12-31"}]}]},
            {"all": [{"eq": [{"year": {"fact": "hired_on"}}, 2025]},
                     {"between": [{"fact": "birth_on"}, {"day": "2000-01-01"}, {"day": "2009-12-31"}]}]}]}]}}]},
    {"code": "insured_months", "title": "为其缴纳失业、工伤、职工养老保险满3个月", "refusal": "在本单位三项社会保险缴费不满3个月",
     "rule": {"ge": [{"count": {"of": "insured_months", "from": {"month_start": {"fact": "hired_on"}},
                                "to": {"fact": "employment_ended_on"}}}, 3]}}
  ],
  "exclusions": [
    {"code": "benefit_taken", "title": "未享受过同类补助（每人仅限一次）", "refusal": "该人员已享受过同类补助",
     "rule": {"is": "benefit_taken"}},
    {"code": "insured_elsewhere", "title": "同期未在其他单位参保（换岗重叠一个月除外）", "refusal": "同期在其他单位参保",
     "rule": {"ge": [{"count": {"of": "insured_months", "also_in": "insured_elsewhere_months",
                                "from": {"month_start": {"fact": "hired_on"}},
                                "to": {"fact": "insured_through"}}}, 2]}}
  ]
}
$policy$::jsonb, NULL);
