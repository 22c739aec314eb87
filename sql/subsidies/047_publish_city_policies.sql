-- The policies of 永政办发〔2024〕15号, one document each (2024-11-05 to 2025-12-31).
--
-- What the policy does not say is not here: a sum that is not published is null
-- and the policy says 未设定. Every document can be read by itself. Hands: the
-- county's; what the city names and pays for is approved by the city.
-- 承诺时限 20 and 公示 5 working days where nothing else is published.

-- M1. The rules of the selection are the round's; the sums and thresholds are not published: 未设定.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "WGTG",
  "version": 1,
  "title": "稳岗扩岗奖补",
  "subject": "award",
  "beneficiary": "employer",
  "mode": "round",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（一）1"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "expand_award",
  "holds": [{"family": "expand_award", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "city"}]}],
  "evidence": [
    {"code": "private", "title": "民营企业证明", "when": "always"},
    {"code": "retention", "title": "稳定吸纳就业情况", "when": "always"}
  ],
  "conditions": [
    {"code": "named", "title": "由评选确定", "refusal": "不是本项目的评定结果", "silent": true,
     "rule": {"eq": [{"fact": "award_policy"}, "WGTG"]}},
    {"code": "window", "title": "评定日期在政策执行期内", "refusal": "评定日期不在政策执行期内",
     "rule": {"between": [{"fact": "award_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "employer_kind", "title": "用人单位为企业", "refusal": "用人单位不是企业",
     "rule": {"in": [{"fact": "org_kind"}, ["enterprise"]]}}
  ],
  "exclusions": [
    {"code": "org_dishonest", "title": "单位未列入严重失信名单", "refusal": "单位列入严重失信名单", "rule": {"is": "org_dishonest"}},
    {"code": "org_owes_wages", "title": "单位没有拖欠工资", "refusal": "单位有拖欠工资", "rule": {"is": "org_owes_wages"}}
  ]
}
$policy$::jsonb, NULL);

-- M2. Eight kinds of 帮工补贴. The 附件 with sums and months is not published: 未设定.
-- One worker is helped to one job once, whoever claims it.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "BGJG",
  "version": 1,
  "title": "帮工补贴（经营性人力资源服务机构）",
  "subject": "referral",
  "beneficiary": "referrer",
  "mode": "direct",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（一）2"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "referral_help",
  "holds": [{"family": "referral_help", "holder": "person", "over": "ever", "times": 1},
            {"family": "referral", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "demonstration_project",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "licence", "title": "人力资源服务许可证", "when": "always"}
  ],
  "conditions": [
    {"code": "referrer", "title": "由经营性人力资源服务机构介绍", "refusal": "不是本类介绍方", "silent": true,
     "rule": {"eq": [{"fact": "referrer_kind"}, "agency"]}},
    {"code": "window", "title": "招用日期在政策执行期内", "refusal": "招用日期不在政策执行期内",
     "rule": {"between": [{"fact": "hired_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "employer_kind", "title": "用人单位为企业", "refusal": "用人单位不是企业",
     "rule": {"in": [{"fact": "org_kind"}, ["enterprise"]]}},
    {"code": "contract", "title": "签订劳动合同", "refusal": "未签订劳动合同",
     "rule": {"any": [{"in": [{"fact": "contract_type"}, ["fixed", "open_ended", "task", "dispatch"]]},
                      {"ge": [{"fact": "contract_months"}, 1]}]}},
    {"code": "insured", "title": "已在该单位参加社会保险", "refusal": "尚未在该单位参加社会保险",
     "rule": {"ge": [{"count": {"of": "insured_months", "from": {"month_start": {"fact": "hired_on"}},
                                "to": {"fact": "employment_ended_on"}}},
                     1]}},
    {"code": "no_link", "title": "此前与该单位没有劳动关系", "refusal": "此前与该单位有劳动关系",
     "rule": {"eq": [{"count": {"of": "earlier_hires_here", "from": {"day": "1980-01-01"},
                                "to": {"add_days": [{"fact": "hired_on"}, -1]}}},
                     0]}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}}
  ]
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "BGCZ",
  "version": 1,
  "title": "帮工补贴（村组、社区）",
  "subject": "referral",
  "beneficiary": "referrer",
  "mode": "direct",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（一）2"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "referral_help",
  "holds": [{"family": "referral_help", "holder": "person", "over": "ever", "times": 1},
            {"family": "referral", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "demonstration_project",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "residence", "title": "务工人员户籍或居住地在本村（社区）的证明", "when": "always"}
  ],
  "conditions": [
    {"code": "referrer", "title": "由村组、社区介绍", "refusal": "不是本类介绍方", "silent": true,
     "rule": {"eq": [{"fact": "referrer_kind"}, "village"]}},
    {"code": "window", "title": "招用日期在政策执行期内", "refusal": "招用日期不在政策执行期内",
     "rule": {"between": [{"fact": "hired_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "employer_kind", "title": "用人单位为企业", "refusal": "用人单位不是企业",
     "rule": {"in": [{"fact": "org_kind"}, ["enterprise"]]}},
    {"code": "contract", "title": "签订劳动合同", "refusal": "未签订劳动合同",
     "rule": {"any": [{"in": [{"fact": "contract_type"}, ["fixed", "open_ended", "task", "dispatch"]]},
                      {"ge": [{"fact": "contract_months"}, 1]}]}},
    {"code": "insured", "title": "已在该单位参加社会保险", "refusal": "尚未在该单位参加社会保险",
     "rule": {"ge": [{"count": {"of": "insured_months", "from": {"month_start": {"fact": "hired_on"}},
                                "to": {"fact": "employment_ended_on"}}},
                     1]}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}}
  ]
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "BGJJR",
  "version": 1,
  "title": "帮工补贴（劳务经纪人）",
  "subject": "referral",
  "beneficiary": "referrer",
  "mode": "direct",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（一）2"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "referral_help",
  "holds": [{"family": "referral_help", "holder": "person", "over": "ever", "times": 1},
            {"family": "referral", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "demonstration_project",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "broker", "title": "劳务经纪人实名登记证明", "when": "always"}
  ],
  "conditions": [
    {"code": "referrer", "title": "由劳务经纪人介绍", "refusal": "不是本类介绍方", "silent": true,
     "rule": {"eq": [{"fact": "referrer_kind"}, "broker"]}},
    {"code": "window", "title": "招用日期在政策执行期内", "refusal": "招用日期不在政策执行期内",
     "rule": {"between": [{"fact": "hired_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "employer_kind", "title": "用人单位为企业", "refusal": "用人单位不是企业",
     "rule": {"in": [{"fact": "org_kind"}, ["enterprise"]]}},
    {"code": "contract", "title": "签订劳动合同", "refusal": "未签订劳动合同",
     "rule": {"any": [{"in": [{"fact": "contract_type"}, ["fixed", "open_ended", "task", "dispatch"]]},
                      {"ge": [{"fact": "contract_months"}, 1]}]}},
    {"code": "insured", "title": "已在该单位参加社会保险", "refusal": "尚未在该单位参加社会保险",
     "rule": {"ge": [{"count": {"of": "insured_months", "from": {"month_start": {"fact": "hired_on"}},
                                "to": {"fact": "employment_ended_on"}}},
                     1]}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}}
  ]
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "BGYG",
  "version": 1,
  "title": "帮工补贴（以工引工）",
  "subject": "referral",
  "beneficiary": "referrer",
  "mode": "direct",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（一）2"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "referral_help",
  "holds": [{"family": "referral_help", "holder": "person", "over": "ever", "times": 1},
            {"family": "referral", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "demonstration_project",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [],
  "conditions": [
    {"code": "referrer", "title": "由本单位员工介绍", "refusal": "不是本类介绍方", "silent": true,
     "rule": {"eq": [{"fact": "referrer_kind"}, "employee"]}},
    {"code": "window", "title": "招用日期在政策执行期内", "refusal": "招用日期不在政策执行期内",
     "rule": {"between": [{"fact": "hired_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "employer_kind", "title": "用人单位为企业", "refusal": "用人单位不是企业",
     "rule": {"in": [{"fact": "org_kind"}, ["enterprise"]]}},
    {"code": "contract", "title": "签订劳动合同", "refusal": "未签订劳动合同",
     "rule": {"any": [{"in": [{"fact": "contract_type"}, ["fixed", "open_ended", "task", "dispatch"]]},
                      {"ge": [{"fact": "contract_months"}, 1]}]}},
    {"code": "insured", "title": "已在该单位参加社会保险", "refusal": "尚未在该单位参加社会保险",
     "rule": {"ge": [{"count": {"of": "insured_months", "from": {"month_start": {"fact": "hired_on"}},
                                "to": {"fact": "employment_ended_on"}}},
                     1]}},
    {"code": "referrer_insured", "title": "介绍人在招用日期已在该单位参保", "refusal": "介绍人在招用日期未在该单位参保",
     "rule": {"is": "referrer_insured"}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}}
  ]
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "BGYX",
  "version": 1,
  "title": "帮工补贴（院校输送）",
  "subject": "referral",
  "beneficiary": "referrer",
  "mode": "direct",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（一）2"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "referral_help",
  "holds": [{"family": "referral_help", "holder": "person", "over": "ever", "times": 1},
            {"family": "referral", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "demonstration_project",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "school", "title": "院校输送名册", "when": "always"}
  ],
  "conditions": [
    {"code": "referrer", "title": "由院校输送", "refusal": "不是本类介绍方", "silent": true,
     "rule": {"eq": [{"fact": "referrer_kind"}, "school"]}},
    {"code": "window", "title": "招用日期在政策执行期内", "refusal": "招用日期不在政策执行期内",
     "rule": {"between": [{"fact": "hired_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "employer_kind", "title": "用人单位为企业", "refusal": "用人单位不是企业",
     "rule": {"in": [{"fact": "org_kind"}, ["enterprise"]]}},
    {"code": "contract", "title": "签订劳动合同", "refusal": "未签订劳动合同",
     "rule": {"any": [{"in": [{"fact": "contract_type"}, ["fixed", "open_ended", "task", "dispatch"]]},
                      {"ge": [{"fact": "contract_months"}, 1]}]}},
    {"code": "insured", "title": "已在该单位参加社会保险", "refusal": "尚未在该单位参加社会保险",
     "rule": {"ge": [{"count": {"of": "insured_months", "from": {"month_start": {"fact": "hired_on"}},
                                "to": {"fact": "employment_ended_on"}}},
                     1]}},
    {"code": "student", "title": "为在校学生或高校毕业生", "refusal": "不是在校学生或高校毕业生",
     "rule": {"any": [{"is": "on_graduate_roster"}, {"is": "enrolled"}]}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}}
  ]
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "QYRY",
  "version": 1,
  "title": "企业入园兴业扩岗补贴",
  "subject": "park",
  "beneficiary": "employer",
  "mode": "direct",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（一）2"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "park_entry",
  "holds": [{"family": "park_entry", "holder": "org", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "ever"},
  "fund_source": "demonstration_project",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "entry", "title": "入园协议", "when": "always"}
  ],
  "conditions": [
    {"code": "window", "title": "入园日期在政策执行期内", "refusal": "入园日期不在政策执行期内",
     "rule": {"between": [{"fact": "park_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "employer_kind", "title": "为企业", "refusal": "不是企业",
     "rule": {"in": [{"fact": "org_kind"}, ["enterprise"]]}},
    {"code": "more_staff", "title": "参保人数比入园时增加", "refusal": "参保人数没有比入园时增加",
     "rule": {"gt": [{"fact": "org_staff"}, {"fact": "staff_at_entry"}]}}
  ],
  "exclusions": [
    {"code": "org_dishonest", "title": "单位未列入严重失信名单", "refusal": "单位列入严重失信名单", "rule": {"is": "org_dishonest"}},
    {"code": "org_owes_wages", "title": "单位没有拖欠工资", "refusal": "单位有拖欠工资", "rule": {"is": "org_owes_wages"}}
  ]
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "XNZD",
  "version": 1,
  "title": "吸纳重点群体就业补贴",
  "subject": "employment",
  "beneficiary": "employer",
  "mode": "direct",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（一）2"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "key_group_hire",
  "holds": [{"family": "key_group_hire", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "demonstration_project",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [],
  "conditions": [
    {"code": "group", "title": "属于重点群体", "refusal": "不属于重点群体", "silent": true,
     "groups": [{"code": "difficult", "title": "就业困难人员", "rule": {"is": "difficult_at_hire"}},
                {"code": "poverty_lifted", "title": "脱贫人口", "rule": {"is": "poverty_lifted"}},
                {"code": "poverty_watch", "title": "防止返贫监测对象", "rule": {"is": "poverty_watch"}},
                {"code": "disabled", "title": "残疾人", "rule": {"is": "disabled"}},
                {"code": "minimum_living", "title": "低保对象", "rule": {"is": "minimum_living"}},
                {"code": "veteran", "title": "退役军人", "rule": {"is": "veteran"}}]},
    {"code": "window", "title": "招用日期在政策执行期内", "refusal": "招用日期不在政策执行期内",
     "rule": {"between": [{"fact": "hired_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "employer_kind", "title": "用人单位为企业", "refusal": "用人单位不是企业",
     "rule": {"in": [{"fact": "org_kind"}, ["enterprise"]]}},
    {"code": "contract", "title": "签订劳动合同", "refusal": "未签订劳动合同",
     "rule": {"any": [{"in": [{"fact": "contract_type"}, ["fixed", "open_ended", "task", "dispatch"]]},
                      {"ge": [{"fact": "contract_months"}, 1]}]}},
    {"code": "insured", "title": "已在该单位参加社会保险", "refusal": "尚未在该单位参加社会保险",
     "rule": {"ge": [{"count": {"of": "insured_months", "from": {"month_start": {"fact": "hired_on"}},
                                "to": {"fact": "employment_ended_on"}}},
                     1]}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}},
    {"code": "holds_licence", "title": "名下没有市场主体", "refusal": "该人员名下有市场主体", "rule": {"is": "holds_licence"}}
  ]
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "LDRY",
  "version": 1,
  "title": "劳动者入园就业补贴",
  "subject": "employment",
  "beneficiary": "person",
  "mode": "direct",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（一）2"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "park_worker",
  "holds": [{"family": "park_worker", "holder": "person", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "ever"},
  "fund_source": "demonstration_project",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [
    {"code": "first", "title": "首次在园区企业就业的承诺", "when": "always"}
  ],
  "conditions": [
    {"code": "in_park", "title": "在园区企业就业", "refusal": "不在园区企业就业", "silent": true, "rule": {"is": "org_in_park"}},
    {"code": "window", "title": "招用日期在政策执行期内", "refusal": "招用日期不在政策执行期内",
     "rule": {"between": [{"fact": "hired_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "employer_kind", "title": "用人单位为企业", "refusal": "用人单位不是企业",
     "rule": {"in": [{"fact": "org_kind"}, ["enterprise"]]}},
    {"code": "contract", "title": "签订劳动合同", "refusal": "未签订劳动合同",
     "rule": {"any": [{"in": [{"fact": "contract_type"}, ["fixed", "open_ended", "task", "dispatch"]]},
                      {"ge": [{"fact": "contract_months"}, 1]}]}},
    {"code": "insured", "title": "已在该单位参加社会保险", "refusal": "尚未在该单位参加社会保险",
     "rule": {"ge": [{"count": {"of": "insured_months", "from": {"month_start": {"fact": "hired_on"}},
                                "to": {"fact": "employment_ended_on"}}},
                     1]}}
  ],
  "exclusions": [
    {"code": "deceased", "title": "人员健在", "refusal": "该人员已死亡", "rule": {"is": "deceased"}},
    {"code": "draws_pension", "title": "未领取养老金", "refusal": "该人员已领取养老金", "rule": {"is": "draws_pension"}},
    {"code": "enrolled", "title": "不是在校学生", "refusal": "该人员为在校学生", "rule": {"is": "enrolled"}},
    {"code": "on_payroll", "title": "不是财政供养人员", "refusal": "该人员为财政供养人员", "rule": {"is": "on_payroll"}}
  ]
}
$policy$::jsonb, NULL);

-- M5. 100万元 of the city and 50万元 of the county for each park; a sum may be paid in
-- instalments, whose parts add up to it exactly.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "FXCY",
  "version": 1,
  "title": "市级返乡创业园补助",
  "subject": "award",
  "beneficiary": "employer",
  "mode": "round",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（二）5"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "return_park",
  "holds": [{"family": "return_park", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule",
             "rule": {"sub": [{"share": [100000000, {"fact": "award_instalment"}, {"fact": "award_instalments"}]},
                              {"share":
                                  [100000000,
                                   {"sub": [{"fact": "award_instalment"}, 1]},
                                   {"fact": "award_instalments"}]}]},
             "cap_cents": 100000000},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "city"}]}],
  "evidence": [],
  "conditions": [
    {"code": "named", "title": "市级返乡创业园通过验收", "refusal": "不是本项目的评定结果", "silent": true,
     "rule": {"eq": [{"fact": "award_policy"}, "FXCY"]}},
    {"code": "window", "title": "评定日期在政策执行期内", "refusal": "评定日期不在政策执行期内",
     "rule": {"between": [{"fact": "award_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}}
  ],
  "exclusions": []
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "FXCYX",
  "version": 1,
  "title": "返乡创业园县级补助",
  "subject": "award",
  "beneficiary": "employer",
  "mode": "round",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（二）5"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "return_park_county",
  "holds": [{"family": "return_park_county", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule",
             "rule": {"sub": [{"share": [50000000, {"fact": "award_instalment"}, {"fact": "award_instalments"}]},
                              {"share":
                                  [50000000,
                                   {"sub": [{"fact": "award_instalment"}, 1]},
                                   {"fact": "award_instalments"}]}]},
             "cap_cents": 50000000},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "county"}]}],
  "evidence": [],
  "conditions": [
    {"code": "named", "title": "返乡创业园通过验收", "refusal": "不是本项目的评定结果", "silent": true,
     "rule": {"eq": [{"fact": "award_policy"}, "FXCYX"]}},
    {"code": "window", "title": "评定日期在政策执行期内", "refusal": "评定日期不在政策执行期内",
     "rule": {"between": [{"fact": "award_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}}
  ],
  "exclusions": []
}
$policy$::jsonb, NULL);

-- M6.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "CYXM",
  "version": 1,
  "title": "优质创业项目奖补",
  "subject": "award",
  "beneficiary": "employer",
  "mode": "round",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（二）6"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "startup_project",
  "holds": [{"family": "startup_project", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule",
             "rule": {"sub": [{"share": [10000000, {"fact": "award_instalment"}, {"fact": "award_instalments"}]},
                              {"share":
                                  [10000000,
                                   {"sub": [{"fact": "award_instalment"}, 1]},
                                   {"fact": "award_instalments"}]}]},
             "cap_cents": 10000000},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "city"}]}],
  "evidence": [],
  "conditions": [
    {"code": "named", "title": "由评选确定", "refusal": "不是本项目的评定结果", "silent": true,
     "rule": {"eq": [{"fact": "award_policy"}, "CYXM"]}},
    {"code": "window", "title": "评定日期在政策执行期内", "refusal": "评定日期不在政策执行期内",
     "rule": {"between": [{"fact": "award_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "rank", "title": "名次在前30名内", "refusal": "名次不在前30名内",
     "rule": {"between": [{"fact": "award_rank"}, 1, 30]}}
  ],
  "exclusions": []
}
$policy$::jsonb, NULL);

-- M7.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "QNJY",
  "version": 1,
  "title": "青年求职加油站建设补助",
  "subject": "award",
  "beneficiary": "employer",
  "mode": "round",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（三）7"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "youth_station",
  "holds": [{"family": "youth_station", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule",
             "rule": {"sub": [{"share": [20000000, {"fact": "award_instalment"}, {"fact": "award_instalments"}]},
                              {"share":
                                  [20000000,
                                   {"sub": [{"fact": "award_instalment"}, 1]},
                                   {"fact": "award_instalments"}]}]},
             "cap_cents": 20000000},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "city"}]}],
  "evidence": [],
  "conditions": [
    {"code": "named", "title": "场地和服务通过验收", "refusal": "不是本项目的评定结果", "silent": true,
     "rule": {"eq": [{"fact": "award_policy"}, "QNJY"]}},
    {"code": "window", "title": "评定日期在政策执行期内", "refusal": "评定日期不在政策执行期内",
     "rule": {"between": [{"fact": "award_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}}
  ],
  "exclusions": []
}
$policy$::jsonb, NULL);

-- M11.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "GJNZ",
  "version": 1,
  "title": "市级高技能人才培训载体补助",
  "subject": "award",
  "beneficiary": "employer",
  "mode": "round",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（四）11"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "skill_carrier",
  "holds": [{"family": "skill_carrier", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule",
             "rule": {"sub": [{"share": [100000000, {"fact": "award_instalment"}, {"fact": "award_instalments"}]},
                              {"share":
                                  [100000000,
                                   {"sub": [{"fact": "award_instalment"}, 1]},
                                   {"fact": "award_instalments"}]}]},
             "cap_cents": 100000000},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "city"}]}],
  "evidence": [],
  "conditions": [
    {"code": "named", "title": "由市命名并通过验收", "refusal": "不是本项目的评定结果", "silent": true,
     "rule": {"eq": [{"fact": "award_policy"}, "GJNZ"]}},
    {"code": "window", "title": "评定日期在政策执行期内", "refusal": "评定日期不在政策执行期内",
     "rule": {"between": [{"fact": "award_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}}
  ],
  "exclusions": []
}
$policy$::jsonb, NULL);

SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "DSGZ",
  "version": 1,
  "title": "技能大师工作室和劳模工匠创新工作室补助",
  "subject": "award",
  "beneficiary": "employer",
  "mode": "round",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（四）11"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "master_studio",
  "holds": [{"family": "master_studio", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule",
             "rule": {"sub": [{"share": [10000000, {"fact": "award_instalment"}, {"fact": "award_instalments"}]},
                              {"share":
                                  [10000000,
                                   {"sub": [{"fact": "award_instalment"}, 1]},
                                   {"fact": "award_instalments"}]}]},
             "cap_cents": 10000000},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "city"}]}],
  "evidence": [],
  "conditions": [
    {"code": "named", "title": "由市命名并通过验收", "refusal": "不是本项目的评定结果", "silent": true,
     "rule": {"eq": [{"fact": "award_policy"}, "DSGZ"]}},
    {"code": "window", "title": "评定日期在政策执行期内", "refusal": "评定日期不在政策执行期内",
     "rule": {"between": [{"fact": "award_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}}
  ],
  "exclusions": []
}
$policy$::jsonb, NULL);

-- M13. Paid by what was collected: accepted records times a unit price that is 未设定.
SELECT code, version FROM subsidies.policy_publish($policy$
{
  "code": "XXCJ",
  "version": 1,
  "title": "劳动力资源信息采集补助",
  "subject": "award",
  "beneficiary": "employer",
  "mode": "round",
  "release": "auto",
  "period": "once",
  "legal_basis": ["永政办发〔2024〕15号 二（五）13"],
  "effective_from": "2024-11-05",
  "effective_to": "2025-12-31",
  "benefit_family": "labour_records",
  "holds": [{"family": "labour_records", "holder": "subject", "over": "ever", "times": 1}],
  "frequency": {"times": 1, "over": "subject"},
  "fund_source": "employment_fund",
  "amount": {"kind": "rule", "rule": null, "cap_cents": null},
  "notice_working_days": 5,
  "promised_working_days": 20,
  "approval": [{"step": "first_review", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "recheck", "tiers": [{"up_to_cents": null, "level": "county"}]},
               {"step": "approve", "tiers": [{"up_to_cents": null, "level": "city"}]}],
  "evidence": [],
  "conditions": [
    {"code": "named", "title": "采集结果通过验收", "refusal": "不是本项目的评定结果", "silent": true,
     "rule": {"eq": [{"fact": "award_policy"}, "XXCJ"]}},
    {"code": "window", "title": "评定日期在政策执行期内", "refusal": "评定日期不在政策执行期内",
     "rule": {"between": [{"fact": "award_on"}, {"day": "2024-11-05"}, {"day": "2025-12-31"}]}},
    {"code": "quantity", "title": "有经验收的采集数量", "refusal": "没有经验收的采集数量",
     "rule": {"ge": [{"fact": "award_quantity"}, 1]}}
  ],
  "exclusions": []
}
$policy$::jsonb, NULL);
