-- The national and provincial programmes, one document each. The day by which a
-- version is chosen is its subject's: a certificate's, a month's, a year's.
--
-- What no source gives for this place is null and the policy says 未设定.

-- Judged by the year that was paid for; refunded in the year after. Hunan ranks social
-- bodies and sole traders insured as a unit with large firms. 减员: 年初 − 年末 − 自然减员.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "SYWG",
  "version": 1,
  "title": "失业保险稳岗返还（按2023年度缴费）",
  "subject": "insured_year",
  "beneficiary": "employer",
  "mode": "auto",
  "release": "auto",
  "period": "year",
  "legal_basis": ["人社部发〔2024〕44号", "湖南省2024年稳岗返还：大型企业30%、中小微企业60%"],
  "effective_from": "2023-01-01",
  "effective_to": "2023-12-31",
  "benefit_family": "ui_refund",
  "holds": [{"family": "ui_refund", "holder": "org", "over": "year", "times": 1}],
  "frequency": {"times": 1, "over": "year"},
  "fund_source": "unemployment_insurance",
  "amount": {"kind": "rule",
             "rule": {"if": [{"any": [{"in": [{"fact": "org_size"}, ["large", "association"]]},
                                      {"in": [{"fact": "org_kind"}, ["association", "sole_trader"]]}]},
                             {"share": [{"fact": "year_paid_cents"}, 30, 100]},
                             {"share": [{"fact": "year_paid_cents"}, 60, 100]}]},
             "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [],
  "conditions": [
    {"code": "employer_kind", "title": "不是机关、事业单位", "refusal": "机关、事业单位不在返还范围",
     "rule": {"not": {"in": [{"fact": "org_kind"}, ["public_body", "institution"]]}}},
    {"code": "not_dispatch", "title": "不是劳务派遣单位", "refusal": "劳务派遣单位不适用免申即享，须申请办理",
     "rule": {"not": {"in": [{"fact": "org_kind"}, ["agency"]]}}},
    {"code": "months", "title": "足额缴纳失业保险费满12个月", "refusal": "足额缴纳失业保险费不满12个月",
     "rule": {"ge": [{"fact": "months_paid"}, 12]}},
    {"code": "owes_nothing", "title": "没有欠缴社会保险费", "refusal": "欠缴社会保险费",
     "rule": {"eq": [{"fact": "owed_cents"}, 0]}},
    {"code": "layoffs", "title": "裁员率不高于5.5%（30人以下的不高于20%）", "refusal": "裁员率超过规定",
     "rule": {"le": [{"mul": [{"sub": [{"sub": [{"fact": "staff_start"}, {"fact": "staff_end"}]},
                                       {"fact": "natural_leavers"}]},
                              1000]},
                     {"mul": [{"fact": "staff_start"},
                              {"if": [{"le": [{"fact": "staff_average"}, 30]}, 200, 55]}]}]}}
  ],
  "exclusions": [
    {"code": "org_dishonest", "title": "单位未列入严重失信名单", "refusal": "单位列入严重失信名单", "rule": {"is": "org_dishonest"}}
  ]
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "SYWG",
  "version": 2,
  "title": "失业保险稳岗返还（按2024年度缴费）",
  "subject": "insured_year",
  "beneficiary": "employer",
  "mode": "auto",
  "release": "auto",
  "period": "year",
  "legal_basis": ["2025年失业保险稳岗返还政策（湖南省比例未设定）"],
  "effective_from": "2024-01-01",
  "effective_to": "2024-12-31",
  "benefit_family": "ui_refund",
  "holds": [{"family": "ui_refund", "holder": "org", "over": "year", "times": 1}],
  "frequency": {"times": 1, "over": "year"},
  "fund_source": "unemployment_insurance",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [],
  "conditions": [
    {"code": "employer_kind", "title": "不是机关、事业单位", "refusal": "机关、事业单位不在返还范围",
     "rule": {"not": {"in": [{"fact": "org_kind"}, ["public_body", "institution"]]}}},
    {"code": "not_dispatch", "title": "不是劳务派遣单位", "refusal": "劳务派遣单位不适用免申即享，须申请办理",
     "rule": {"not": {"in": [{"fact": "org_kind"}, ["agency"]]}}},
    {"code": "months", "title": "足额缴纳失业保险费满12个月", "refusal": "足额缴纳失业保险费不满12个月",
     "rule": {"ge": [{"fact": "months_paid"}, 12]}},
    {"code": "owes_nothing", "title": "没有欠缴社会保险费", "refusal": "欠缴社会保险费",
     "rule": {"eq": [{"fact": "owed_cents"}, 0]}},
    {"code": "layoffs", "title": "裁员率不高于5.5%（30人以下的不高于20%）", "refusal": "裁员率超过规定",
     "rule": {"le": [{"mul": [{"sub": [{"sub": [{"fact": "staff_start"}, {"fact": "staff_end"}]},
                                       {"fact": "natural_leavers"}]},
                              1000]},
                     {"mul": [{"fact": "staff_start"},
                              {"if": [{"le": [{"fact": "staff_average"}, 30]}, 200, 55]}]}]}}
  ],
  "exclusions": [
    {"code": "org_dishonest", "title": "单位未列入严重失信名单", "refusal": "单位列入严重失信名单", "rule": {"is": "org_dishonest"}}
  ]
}
$policy$::jsonb, NULL);

-- Ceilings of the national rule: 1,000, 1,500, 2,000元. Three a year in 2024.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "JNTS",
  "version": 1,
  "title": "技能提升补贴",
  "subject": "certificate",
  "beneficiary": "person",
  "mode": "direct",
  "release": "auto",
  "period": "once",
  "legal_basis": ["人社部发〔2024〕44号"],
  "effective_from": "2024-01-01",
  "effective_to": "2024-12-31",
  "benefit_family": "skill_upgrade",
  "holds": [{"family": "skill_upgrade", "holder": "person", "over": "year", "times": 3},
            {"family": "certificate_subsidy", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 3, "over": "year"},
  "fund_source": "unemployment_insurance",
  "amount": {"kind": "rule",
             "rule": {"tiers": [{"fact": "certificate_level"}, [[3, 200000], [4, 150000], [5, 100000]]]},
             "cap_cents": 200000},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [],
  "conditions": [
    {"code": "level", "title": "取得五级、四级或三级职业技能等级证书", "refusal": "证书等级不在补贴范围", "silent": true,
     "rule": {"in": [{"fact": "certificate_level"}, [5, 4, 3]]}},
    {"code": "insured", "title": "取证时失业保险缴费满12个月，或在领取失业保险金", "refusal": "取证时失业保险缴费不满12个月",
     "rule": {"any": [{"ge": [{"count":
                                  {"of": "ui_months", "from": {"day": "1980-01-01"},
                                   "to": {"fact": "certificate_on"}}},
                              12]},
                      {"is": "draws_ui_benefit"}]}},
    {"code": "in_time", "title": "自证书核发之日起12个月内申请", "refusal": "超过证书核发之日起12个月",
     "rule": {"le": [{"fact": "applied_on"}, {"add_months": [{"fact": "certificate_on"}, 12]}]}}
  ],
  "exclusions": [
    {"code": "again", "title": "未取得过同职业同等级或更高等级证书", "refusal": "已取得过同职业同等级或更高等级证书",
     "rule": {"is": "certificate_again"}},
    {"code": "trained", "title": "未用同一证书享受职业培训补贴", "refusal": "同一证书已享受职业培训补贴",
     "rule": {"is": "certificate_trained"}},
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}}
  ]
}
$policy$::jsonb, NULL);

-- One a year from 2025; two more for 急需紧缺 occupations need the catalogue, which is not known.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "JNTS",
  "version": 2,
  "title": "技能提升补贴",
  "subject": "certificate",
  "beneficiary": "person",
  "mode": "direct",
  "release": "auto",
  "period": "once",
  "legal_basis": ["2025年失业保险支持技能提升政策"],
  "effective_from": "2025-01-01",
  "effective_to": "2025-12-31",
  "benefit_family": "skill_upgrade",
  "holds": [{"family": "skill_upgrade", "holder": "person", "over": "year", "times": 1},
            {"family": "certificate_subsidy", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "year"},
  "fund_source": "unemployment_insurance",
  "amount": {"kind": "rule",
             "rule": {"tiers": [{"fact": "certificate_level"}, [[3, 200000], [4, 150000], [5, 100000]]]},
             "cap_cents": 200000},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [],
  "conditions": [
    {"code": "level", "title": "取得五级、四级或三级职业技能等级证书", "refusal": "证书等级不在补贴范围", "silent": true,
     "rule": {"in": [{"fact": "certificate_level"}, [5, 4, 3]]}},
    {"code": "insured", "title": "取证时失业保险缴费满12个月，或在领取失业保险金", "refusal": "取证时失业保险缴费不满12个月",
     "rule": {"any": [{"ge": [{"count":
                                  {"of": "ui_months", "from": {"day": "1980-01-01"},
                                   "to": {"fact": "certificate_on"}}},
                              12]},
                      {"is": "draws_ui_benefit"}]}},
    {"code": "in_time", "title": "自证书核发之日起12个月内申请", "refusal": "超过证书核发之日起12个月",
     "rule": {"le": [{"fact": "applied_on"}, {"add_months": [{"fact": "certificate_on"}, 12]}]}}
  ],
  "exclusions": [
    {"code": "again", "title": "未取得过同职业同等级或更高等级证书", "refusal": "已取得过同职业同等级或更高等级证书",
     "rule": {"is": "certificate_again"}},
    {"code": "trained", "title": "未用同一证书享受职业培训补贴", "refusal": "同一证书已享受职业培训补贴",
     "rule": {"is": "certificate_trained"}},
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}}
  ]
}
$policy$::jsonb, NULL);

-- By the local catalogue, which is not published: 未设定. Three in all. Whoever was insured by an
-- employer in the month before the class and in each of its months was at work, not in class.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "ZYPX",
  "version": 1,
  "title": "职业培训补贴",
  "subject": "certificate",
  "beneficiary": "person",
  "mode": "apply",
  "release": "auto",
  "period": "once",
  "legal_basis": ["财社〔2023〕181号", "财社〔2026〕1号（2026年1月9日起）"],
  "effective_from": "2024-01-01",
  "effective_to": null,
  "benefit_family": "training_subsidy",
  "holds": [{"family": "training_subsidy", "holder": "person", "over": "ever", "times": 3},
            {"family": "certificate_subsidy", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 3, "over": "ever"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "group", "title": "人员身份证明", "when": "unknown", "conditions": ["group"]},
    {"code": "roll", "title": "培训花名册和签到、成绩记录", "when": "always"}
  ],
  "conditions": [
    {"code": "trained", "title": "经培训取得证书", "refusal": "不是经培训取得的证书", "silent": true,
     "rule": {"is": "certificate_trained"}},
    {"code": "group", "title": "属于六类补贴对象", "refusal": "不属于六类补贴对象",
     "groups": [{"code": "poverty_watch", "title": "防止返贫监测对象", "rule": {"is": "poverty_watch"}},
                {"code": "graduate_year", "title": "毕业年度高校毕业生",
                 "rule": {"all": [{"is": "on_graduate_roster"},
                                  {"eq":
                                      [{"year": {"fact": "graduated_on"}}, {"year": {"fact": "certificate_on"}}]}]}},
                {"code": "unemployed", "title": "城镇登记失业人员", "rule": {"is": "unemployed"}},
                {"code": "difficult", "title": "就业困难人员", "rule": {"is": "difficult"}},
                {"code": "school_leaver", "title": "城乡未继续升学的应届初高中毕业生", "rule": {"is": "school_leaver"}},
                {"code": "rural_transfer", "title": "农村转移就业劳动者", "rule": {"is": "rural_transfer"}}]}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "in_custody", "title": "未在服刑", "refusal": "该人员在服刑", "rule": {"is": "in_custody"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "enrolled", "title": "不是在校学生", "refusal": "该人员为在校学生", "rule": {"is": "enrolled"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}},
    {"code": "at_work", "title": "培训期间未全程在用人单位参保", "refusal": "培训期间在用人单位全日制参保",
     "rule": {"ge": [{"count":
                         {"of": "insured_any_months",
                          "from": {"add_months": [{"month_start": {"or_else": [{"fact": "class_from"},
                                                                               {"fact": "certificate_on"}]}}, -1]},
                          "to": {"or_else": [{"fact": "class_to"}, {"fact": "certificate_on"}]}}},
                     {"add": [{"months_between":
                                  [{"month_start": {"or_else": [{"fact": "class_from"}, {"fact": "certificate_on"}]}},
                                   {"month_start": {"or_else": [{"fact": "class_to"}, {"fact": "certificate_on"}]}}]},
                              2]}]}},
    {"code": "three", "title": "享受职业培训补贴未满三次", "refusal": "已享受三次职业培训补贴",
     "rule": {"ge": [{"count": {"of": "benefit_days", "from": {"day": "1980-01-01"}, "to": {"fact": "certificate_on"}}}, 3]}}
  ]
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "ZYPJ",
  "version": 1,
  "title": "职业技能评价补贴",
  "subject": "certificate",
  "beneficiary": "person",
  "mode": "apply",
  "release": "auto",
  "period": "once",
  "legal_basis": ["财社〔2023〕181号", "财社〔2026〕1号（2026年1月9日起）"],
  "effective_from": "2024-01-01",
  "effective_to": null,
  "benefit_family": "assessment_subsidy",
  "holds": [{"family": "assessment_subsidy", "holder": "person", "over": "ever", "times": 3},
            {"family": "certificate_assessed", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 3, "over": "ever"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "group", "title": "人员身份证明", "when": "unknown", "conditions": ["group"]}
  ],
  "conditions": [
    {"code": "group", "title": "属于六类补贴对象", "refusal": "不属于六类补贴对象",
     "groups": [{"code": "poverty_watch", "title": "防止返贫监测对象", "rule": {"is": "poverty_watch"}},
                {"code": "graduate_year", "title": "毕业年度高校毕业生",
                 "rule": {"all": [{"is": "on_graduate_roster"},
                                  {"eq":
                                      [{"year": {"fact": "graduated_on"}}, {"year": {"fact": "certificate_on"}}]}]}},
                {"code": "unemployed", "title": "城镇登记失业人员", "rule": {"is": "unemployed"}},
                {"code": "difficult", "title": "就业困难人员", "rule": {"is": "difficult"}},
                {"code": "school_leaver", "title": "城乡未继续升学的应届初高中毕业生", "rule": {"is": "school_leaver"}},
                {"code": "rural_transfer", "title": "农村转移就业劳动者", "rule": {"is": "rural_transfer"}}]}
  ],
  "exclusions": [
    {"code": "again", "title": "该职业为初次评价", "refusal": "该职业已取得过证书", "rule": {"is": "certificate_again"}},
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "in_custody", "title": "未在服刑", "refusal": "该人员在服刑", "rule": {"is": "in_custody"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "enrolled", "title": "不是在校学生", "refusal": "该人员为在校学生", "rule": {"is": "enrolled"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}}
  ]
}
$policy$::jsonb, NULL);

-- 先缴后补: two thirds of what was paid. Who is within five years of retirement at the first
-- month goes on until then; the age is that of the first month.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "LHSB",
  "version": 1,
  "title": "灵活就业社会保险补贴",
  "subject": "self_insurance",
  "beneficiary": "person",
  "mode": "direct",
  "release": "auto",
  "period": "month",
  "legal_basis": ["财社〔2023〕181号", "财社〔2026〕1号（2026年1月9日起）"],
  "effective_from": "2024-01-01",
  "effective_to": null,
  "benefit_family": "social_insurance",
  "holds": [{"family": "social_insurance", "holder": "person", "over": "period", "times": 1},
            {"family": "month_programme", "holder": "person", "over": "period", "times": 1}],
  "frequency": {"times": 1, "over": "month"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule", "rule": {"share": [{"fact": "self_paid_cents"}, 2, 3]}, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [],
  "conditions": [
    {"code": "group", "title": "属于补贴对象", "refusal": "不是就业困难人员或离校2年内高校毕业生",
     "groups": [{"code": "difficult", "title": "就业困难人员", "rule": {"is": "difficult"}},
                {"code": "graduate", "title": "离校2年内未就业高校毕业生",
                 "rule": {"all": [{"is": "on_graduate_roster"},
                                  {"ge": [{"fact": "month_on"}, {"fact": "graduated_on"}]},
                                  {"le": [{"fact": "month_on"}, {"add_months": [{"fact": "graduated_on"}, 24]}]}]}}]},
    {"code": "flexible", "title": "已办理灵活就业登记", "refusal": "未办理灵活就业登记", "rule": {"is": "flexible_registered"}},
    {"code": "not_retired", "title": "未达到法定退休年龄", "refusal": "已达到法定退休年龄",
     "rule": {"lt": [{"fact": "month_on"}, {"fact": "retires_on"}]}},
    {"code": "term", "title": "享受期限未满（困难人员3年，距退休不足5年的至退休；毕业生2年）", "refusal": "享受期限已满",
     "rule": {"any": [{"all": [{"is": "difficult"},
                               {"any": [{"lt":
                                            [{"count":
                                                 {"of": "benefit_days", "from": {"day": "1980-01-01"},
                                                  "to": {"add_days": [{"fact": "month_on"}, -1]}}},
                                             36]},
                                        {"lt":
                                            [{"months_between":
                                                 [{"first":
                                                      {"of": "benefit_days", "from": {"day": "1980-01-01"},
                                                       "to": {"add_days": [{"fact": "month_on"}, -1]},
                                                       "else": {"fact": "month_on"}}},
                                                  {"fact": "retires_on"}]},
                                             60]}]}]},
                      {"lt": [{"count":
                                  {"of": "benefit_days", "from": {"day": "1980-01-01"},
                                   "to": {"add_days": [{"fact": "month_on"}, -1]}}},
                              24]}]}}
  ],
  "exclusions": [
    {"code": "insured_elsewhere", "title": "当月未由单位缴纳社会保险", "refusal": "当月由单位缴纳社会保险",
     "rule": {"ge": [{"count": {"of": "insured_any_months", "from": {"fact": "month_on"},
                                "to": {"fact": "month_on"}}},
                     1]}},
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "in_custody", "title": "未在服刑", "refusal": "该人员在服刑", "rule": {"is": "in_custody"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "enrolled", "title": "不是在校学生", "refusal": "该人员为在校学生", "rule": {"is": "enrolled"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}},
    {"code": "holds_licence", "title": "名下没有市场主体", "refusal": "该人员名下有市场主体", "rule": {"is": "holds_licence"}}
  ]
}
$policy$::jsonb, NULL);

-- What the employer paid itself.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "DWSB",
  "version": 1,
  "title": "单位社会保险补贴",
  "subject": "insurance_cost",
  "beneficiary": "employer",
  "mode": "direct",
  "release": "auto",
  "period": "month",
  "legal_basis": ["财社〔2023〕181号", "财社〔2026〕1号（2026年1月9日起）"],
  "effective_from": "2024-01-01",
  "effective_to": null,
  "benefit_family": "social_insurance",
  "holds": [{"family": "social_insurance", "holder": "person", "over": "period", "times": 1}],
  "frequency": {"times": 1, "over": "month"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule", "rule": {"fact": "employer_paid_cents"}, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [],
  "conditions": [
    {"code": "group", "title": "属于补贴对象", "refusal": "不是招用就业困难人员，或小微企业招用离校2年内高校毕业生", "silent": true,
     "groups": [{"code": "difficult", "title": "招用就业困难人员", "rule": {"is": "difficult_at_hire"}},
                {"code": "graduate", "title": "小微企业招用离校2年内高校毕业生",
                 "rule": {"all": [{"in": [{"fact": "org_size"}, ["small", "micro"]]},
                                  {"all":
                                      [{"is": "on_graduate_roster"},
                                       {"ge": [{"fact": "hired_on"}, {"fact": "graduated_on"}]},
                                       {"le":
                                           [{"fact": "hired_on"},
                                            {"add_months": [{"fact": "graduated_on"}, 24]}]}]}]}}]},
    {"code": "contract", "title": "签订1年以上劳动合同", "refusal": "未签订1年以上劳动合同",
     "rule": {"any": [{"in": [{"fact": "contract_type"}, ["open_ended"]]},
                      {"ge": [{"fact": "contract_months"}, 12]}]}},
    {"code": "not_retired", "title": "未达到法定退休年龄", "refusal": "已达到法定退休年龄",
     "rule": {"lt": [{"fact": "month_on"}, {"fact": "retires_on"}]}},
    {"code": "term", "title": "享受期限未满（困难人员3年，距退休不足5年的至退休；毕业生1年）", "refusal": "享受期限已满",
     "rule": {"any": [{"all": [{"is": "difficult_at_hire"},
                               {"any": [{"lt":
                                            [{"count":
                                                 {"of": "benefit_days", "from": {"day": "1980-01-01"},
                                                  "to": {"add_days": [{"fact": "month_on"}, -1]}}},
                                             36]},
                                        {"lt":
                                            [{"months_between":
                                                 [{"first":
                                                      {"of": "benefit_days", "from": {"day": "1980-01-01"},
                                                       "to": {"add_days": [{"fact": "month_on"}, -1]},
                                                       "else": {"fact": "month_on"}}},
                                                  {"fact": "retires_on"}]},
                                             60]}]}]},
                      {"lt": [{"count":
                                  {"of": "benefit_days", "from": {"day": "1980-01-01"},
                                   "to": {"add_days": [{"fact": "month_on"}, -1]}}},
                              12]}]}}
  ],
  "exclusions": [
    {"code": "insured_elsewhere", "title": "当月未在其他单位参保", "refusal": "当月在其他单位参保",
     "rule": {"ge": [{"count": {"of": "insured_elsewhere_months", "from": {"fact": "month_on"},
                                "to": {"fact": "month_on"}}},
                     1]}},
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "in_custody", "title": "未在服刑", "refusal": "该人员在服刑", "rule": {"is": "in_custody"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}},
    {"code": "holds_licence", "title": "名下没有市场主体", "refusal": "该人员名下有市场主体", "rule": {"is": "holds_licence"}}
  ]
}
$policy$::jsonb, NULL);

-- To the person's own card. The local value is not known: 未设定.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "GYGW",
  "version": 1,
  "title": "公益性岗位补贴",
  "subject": "welfare_month",
  "beneficiary": "person",
  "mode": "auto",
  "release": "officer",
  "period": "month",
  "legal_basis": ["财社〔2023〕181号", "财社〔2026〕1号（2026年1月9日起）"],
  "effective_from": "2024-01-01",
  "effective_to": null,
  "benefit_family": "welfare_post",
  "holds": [{"family": "welfare_post", "holder": "person", "over": "period", "times": 1},
            {"family": "month_programme", "holder": "person", "over": "period", "times": 1}],
  "frequency": {"times": 1, "over": "month"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [],
  "conditions": [
    {"code": "difficult", "title": "经认定的就业困难人员", "refusal": "不是经认定的就业困难人员", "rule": {"is": "difficult"}},
    {"code": "served", "title": "当月在岗", "refusal": "当月不在岗", "rule": {"ge": [{"fact": "welfare_days"}, 1]}},
    {"code": "term", "title": "在岗期限内（3年，距退休不足5年的可延长）", "refusal": "在岗期限已满",
     "rule": {"le": [{"fact": "month_on"}, {"fact": "welfare_cap_on"}]}}
  ],
  "exclusions": [
    {"code": "insured_elsewhere", "title": "当月未在其他单位参保", "refusal": "当月在其他单位参保",
     "rule": {"ge": [{"count": {"of": "insured_elsewhere_months", "from": {"fact": "month_on"},
                                "to": {"fact": "month_on"}}},
                     1]}},
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "in_custody", "title": "未在服刑", "refusal": "该人员在服刑", "rule": {"is": "in_custody"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "enrolled", "title": "不是在校学生", "refusal": "该人员为在校学生", "rule": {"is": "enrolled"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}},
    {"code": "holds_licence", "title": "名下没有市场主体", "refusal": "该人员名下有市场主体", "rule": {"is": "holds_licence"}}
  ]
}
$policy$::jsonb, NULL);

-- 冷水滩 paid 2,000元 a worker for 2023; that is one county's value, not the city's: 未设定.
-- Judged by the year worked.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "BFCJ",
  "version": 1,
  "title": "就业帮扶车间稳岗补贴",
  "subject": "workshop_worker",
  "beneficiary": "employer",
  "mode": "direct",
  "release": "auto",
  "period": "year",
  "legal_basis": ["湘人社规〔2022〕33号", "永政办发〔2024〕15号 二（一）3"],
  "effective_from": "2023-01-01",
  "effective_to": null,
  "benefit_family": "workshop",
  "holds": [{"family": "workshop", "holder": "person", "over": "year", "times": 1}],
  "frequency": {"times": 1, "over": "year"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "joint", "title": "人力资源社会保障、乡村振兴部门联审意见", "when": "always"}
  ],
  "conditions": [
    {"code": "group", "title": "为脱贫人口或防止返贫监测对象", "refusal": "不是脱贫人口或防止返贫监测对象", "silent": true,
     "rule": {"any": [{"is": "poverty_lifted"}, {"is": "poverty_watch"}]}},
    {"code": "months", "title": "上年度在车间务工满6个月", "refusal": "上年度在车间务工不满6个月",
     "rule": {"ge": [{"fact": "workshop_months"}, 6]}},
    {"code": "wage", "title": "工资收入达到6000元", "refusal": "工资收入不足6000元",
     "rule": {"ge": [{"fact": "workshop_wage_cents"}, 600000]}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "in_custody", "title": "未在服刑", "refusal": "该人员在服刑", "rule": {"is": "in_custody"}}
  ]
}
$policy$::jsonb, NULL);

-- Once for a founder and once for an entity. Hunan's sum is not known: 未设定.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "YCCY",
  "version": 1,
  "title": "一次性创业补贴",
  "subject": "licence",
  "beneficiary": "person",
  "mode": "apply",
  "release": "auto",
  "period": "once",
  "legal_basis": ["财社〔2023〕181号", "财社〔2026〕1号（2026年1月9日起）"],
  "effective_from": "2024-01-01",
  "effective_to": null,
  "benefit_family": "startup",
  "holds": [{"family": "startup", "holder": "person", "over": "ever", "times": 1},
            {"family": "startup_entity", "holder": "org", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "ever"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "first", "title": "首次创业承诺", "when": "always"},
    {"code": "real", "title": "社会保险缴费或纳税凭证", "when": "unknown", "conditions": ["real"]}
  ],
  "conditions": [
    {"code": "kind", "title": "首次创办的小微企业或个体工商户", "refusal": "不是创办的小微企业或个体工商户", "silent": true,
     "rule": {"in": [{"fact": "licence_kind"}, ["sole_trader", "enterprise"]]}},
    {"code": "group", "title": "属于补贴对象", "refusal": "不是离校2年内高校毕业生、就业困难人员或返乡人员",
     "groups": [{"code": "graduate", "title": "离校2年内高校毕业生",
                 "rule": {"all": [{"is": "on_graduate_roster"},
                                  {"ge": [{"fact": "licence_on"}, {"fact": "graduated_on"}]},
                                  {"le":
                                      [{"fact": "licence_on"}, {"add_months": [{"fact": "graduated_on"}, 24]}]}]}},
                {"code": "difficult", "title": "就业困难人员", "rule": {"is": "difficult"}},
                {"code": "returning", "title": "返乡人员", "rule": {"is": "returning"}}]},
    {"code": "running", "title": "正常经营1年以上", "refusal": "正常经营不满1年",
     "rule": {"ge": [{"or_else": [{"fact": "licence_to"}, {"fact": "applied_on"}]},
                     {"add_months": [{"fact": "licence_on"}, 12]}]}},
    {"code": "real", "title": "有参保人员或纳税记录", "refusal": "没有参保人员和纳税记录",
     "rule": {"any": [{"ge": [{"fact": "licence_staff"}, 1]}, {"is": "licence_taxed"}]}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "in_custody", "title": "未在服刑", "refusal": "该人员在服刑", "rule": {"is": "in_custody"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}}
  ]
}
$policy$::jsonb, NULL);

-- Not of the employment fund. The share that is borne is not known: 未设定.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "DKTX",
  "version": 1,
  "title": "创业担保贷款贴息（个人）",
  "subject": "loan",
  "beneficiary": "person",
  "mode": "apply",
  "release": "auto",
  "period": "quarter",
  "legal_basis": ["普惠金融发展专项资金管理办法（2023年10月1日起）"],
  "effective_from": "2023-10-01",
  "effective_to": null,
  "benefit_family": "startup_loan",
  "holds": [{"family": "startup_loan", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 3, "over": "ever"},
  "fund_source": "inclusive_finance",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "group", "title": "人员身份证明", "when": "unknown", "conditions": ["group"]},
    {"code": "contract", "title": "借款合同和付息凭证", "when": "always"}
  ],
  "conditions": [
    {"code": "kind", "title": "个人创业担保贷款", "refusal": "不是个人创业担保贷款", "silent": true,
     "rule": {"eq": [{"fact": "loan_kind"}, "personal"]}},
    {"code": "group", "title": "属于支持对象", "refusal": "不属于支持对象",
     "groups": [{"code": "unemployed", "title": "登记失业人员", "rule": {"is": "unemployed"}},
                {"code": "difficult", "title": "就业困难人员", "rule": {"is": "difficult"}},
                {"code": "graduate", "title": "高校毕业生", "rule": {"is": "on_graduate_roster"}},
                {"code": "returning", "title": "返乡创业人员", "rule": {"is": "returning"}},
                {"code": "veteran", "title": "退役军人", "rule": {"is": "veteran"}},
                {"code": "poverty_lifted", "title": "脱贫人口", "rule": {"is": "poverty_lifted"}},
                {"code": "rural_transfer", "title": "农村自主创业人员", "rule": {"is": "rural_transfer"}}]},
    {"code": "principal", "title": "贷款不超过30万元", "refusal": "贷款超过30万元",
     "rule": {"le": [{"fact": "loan_principal_cents"}, 30000000]}},
    {"code": "paid", "title": "本期利息已支付", "refusal": "本期利息未支付",
     "rule": {"ge": [{"fact": "loan_interest_cents"}, 1]}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "in_custody", "title": "未在服刑", "refusal": "该人员在服刑", "rule": {"is": "in_custody"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}}
  ]
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "DKTXQ",
  "version": 1,
  "title": "创业担保贷款贴息（小微企业）",
  "subject": "loan",
  "beneficiary": "employer",
  "mode": "apply",
  "release": "auto",
  "period": "quarter",
  "legal_basis": ["普惠金融发展专项资金管理办法（2023年10月1日起）"],
  "effective_from": "2023-10-01",
  "effective_to": null,
  "benefit_family": "startup_loan",
  "holds": [{"family": "startup_loan", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 3, "over": "ever"},
  "fund_source": "inclusive_finance",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "contract", "title": "借款合同和付息凭证", "when": "always"},
    {"code": "hires", "title": "当年新招用符合条件人员的证明", "when": "always"}
  ],
  "conditions": [
    {"code": "kind", "title": "小微企业创业担保贷款", "refusal": "不是小微企业创业担保贷款", "silent": true,
     "rule": {"eq": [{"fact": "loan_kind"}, "small_firm"]}},
    {"code": "size", "title": "为小型、微型企业", "refusal": "不是小型、微型企业",
     "rule": {"in": [{"fact": "org_size"}, ["small", "micro"]]}},
    {"code": "principal", "title": "贷款不超过400万元", "refusal": "贷款超过400万元",
     "rule": {"le": [{"fact": "loan_principal_cents"}, 400000000]}},
    {"code": "paid", "title": "本期利息已支付", "refusal": "本期利息未支付",
     "rule": {"ge": [{"fact": "loan_interest_cents"}, 1]}}
  ],
  "exclusions": [
    {"code": "org_dishonest", "title": "单位未列入严重失信名单", "refusal": "单位列入严重失信名单", "rule": {"is": "org_dishonest"}},
    {"code": "org_owes_wages", "title": "单位没有拖欠工资", "refusal": "单位有拖欠工资", "rule": {"is": "org_owes_wages"}}
  ]
}
$policy$::jsonb, NULL);

-- Paid by the month. The share of the minimum wage is not known for Hunan: 未设定.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "JYJX",
  "version": 1,
  "title": "就业见习补贴",
  "subject": "internship",
  "beneficiary": "employer",
  "mode": "apply",
  "release": "auto",
  "period": "month",
  "legal_basis": ["财社〔2023〕181号", "财社〔2026〕1号（2026年1月9日起）"],
  "effective_from": "2024-01-01",
  "effective_to": null,
  "benefit_family": "internship",
  "holds": [{"family": "internship", "holder": "person", "over": "period", "times": 1},
            {"family": "month_programme", "holder": "person", "over": "period", "times": 1}],
  "frequency": {"times": 1, "over": "month"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "agreement", "title": "见习协议（期限3至12个月）", "when": "always"}
  ],
  "conditions": [
    {"code": "group", "title": "属于见习对象", "refusal": "不是离校2年内未就业高校毕业生或16—24岁失业青年",
     "groups": [{"code": "graduate", "title": "离校2年内未就业高校毕业生",
                 "rule": {"all": [{"all":
                                      [{"is": "on_graduate_roster"},
                                       {"ge": [{"fact": "internship_started_on"}, {"fact": "graduated_on"}]},
                                       {"le":
                                           [{"fact": "internship_started_on"},
                                            {"add_months": [{"fact": "graduated_on"}, 24]}]}]},
                                  {"eq":
                                      [{"count":
                                           {"of": "earlier_hires", "from": {"fact": "graduated_on"},
                                            "to": {"add_days": [{"fact": "internship_started_on"}, -1]}}},
                                       0]}]}},
                {"code": "youth", "title": "16—24岁失业青年",
                 "rule": {"all": [{"is": "unemployed"},
                                  {"ge":
                                      [{"fact": "internship_started_on"},
                                       {"add_months": [{"fact": "birth_on"}, 192]}]},
                                  {"lt":
                                      [{"fact": "internship_started_on"},
                                       {"add_months": [{"fact": "birth_on"}, 300]}]}]}}]},
    {"code": "served", "title": "当月在见习", "refusal": "当月未见习", "rule": {"ge": [{"fact": "internship_days"}, 1]}},
    {"code": "base", "title": "见习单位已支付基本生活费", "refusal": "见习单位未支付基本生活费",
     "rule": {"ge": [{"fact": "internship_base_cents"}, 1]}},
    {"code": "term", "title": "见习不超过12个月", "refusal": "见习超过12个月",
     "rule": {"all": [{"lt": [{"months_between":
                                  [{"month_start": {"fact": "internship_started_on"}}, {"fact": "month_on"}]},
                              12]},
                      {"lt": [{"count":
                                  {"of": "benefit_days", "from": {"day": "1980-01-01"},
                                   "to": {"add_days": [{"fact": "month_on"}, -1]}}},
                              12]}]}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "in_custody", "title": "未在服刑", "refusal": "该人员在服刑", "rule": {"is": "in_custody"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "enrolled", "title": "不是在校学生", "refusal": "该人员为在校学生", "rule": {"is": "enrolled"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}},
    {"code": "holds_licence", "title": "名下没有市场主体", "refusal": "该人员名下有市场主体", "rule": {"is": "holds_licence"}}
  ]
}
$policy$::jsonb, NULL);
