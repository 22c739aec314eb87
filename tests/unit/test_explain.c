/*
 * test_explain.c -- decisions in words: for the person, the employer and the
 * officer; every operator of the rules, the amount's arithmetic, money in 元.
 */
#include "policy_rows.h"

#include "services/subsidies/explain.h"

#define DOCUMENT_HEAD "{\"code\":\"WORD\",\"version\":1,\"title\":\"试行\",\"subject\":\"%s\"," \
	"\"beneficiary\":\"person\",\"mode\":\"direct\",\"legal_basis\":[\"依据\"]," \
	"\"effective_from\":\"2025-01-01\",\"effective_to\":null,\"benefit_family\":\"word\"," \
	"\"frequency\":{\"times\":1,\"over\":\"ever\"},\"fund_source\":\"fund\",\"notice_working_days\":5," \
	"\"promised_working_days\":20,\"approval\":[\"first_review\",\"recheck\",\"approve\"]," \
	"\"exclusions\":[],\"conditions\":[{\"code\":\"c\",\"title\":\"t\",\"refusal\":\"r\",\"rule\":%s}]," \
	"\"amount\":{\"kind\":\"rule\",\"rule\":%s,\"cap_cents\":%s}}"

static const struct policy *
trial(const char *subject, const char *rule, const char *amount, const char *cap)
{
	struct json_errors	 errors = { .count = 0 };
	const char		*text = arena_printf(&arena, DOCUMENT_HEAD, subject, rule, amount, cap);
	const struct policy	*p = policy_check(&arena, text, strlen(text), &errors);

	if (p == NULL)
		fail_msg("%s %s: %s %s", rule, amount, errors.list[0].pointer,
		    error_row((enum error_code)errors.list[0].code)->code);
	return (p);
}

/* All lines, one below the other. */
static const char *
lines(const struct policy *p, const char *facts, enum explain_for who)
{
	struct judgement	 j;
	struct json_out		 out;
	struct buf		 buf;
	const struct json	*list;
	const char		*text = "";
	size_t			 i;

	assert_true(policy_judge(&arena, p, arena_printf(&arena, "{%s}", facts), &j));
	buf_init(&buf, 65536);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	explain(&out, &arena, p, &j, who);
	json_close(&out);
	assert_true(buf_ok(&buf));
	list = json_get(json_parse(&arena, buf_cstr(&buf), strlen(buf_cstr(&buf))), "lines");
	for (i = 0; i < json_count(list); i++)
		text = arena_printf(&arena, "%s%s\n", text, json_string(json_at(list, i)));
	buf_release(&buf);
	return (text);
}

/* For the person, with these members in place of others. */
static const char *
but(const struct policy *p, const char *facts, const char *change)
{
	const char	*text = merged(facts, change);

	return (lines(p, arena_strndup(&arena, text + 1, strlen(text) - 2), EXPLAIN_PERSON));
}

static void
has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no \"%s\" in\n%s", part, text);
}

static void
hasnt(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("\"%s\" in\n%s", part, text);
}

static void
test_operators(void **state)
{
	static const struct {
		const char	*subject, *rule, *words;
	}	rows[] = {
		{ "certificate", "{\"all\":[{\"is\":\"deceased\"},{\"any\":[{\"is\":\"enrolled\"},{\"not\":{\"is\":\"difficult\"}}]}]}",
		  "已死亡且（在校学生或并非（就业困难人员））" },
		{ "certificate", "{\"in\":[{\"fact\":\"certificate_level\"},[3,4]]}", "证书等级为三级、四级之一" },
		{ "certificate", "{\"eq\":[{\"fact\":\"org_kind\"},\"enterprise\"]}", "单位类型为企业" },
		{ "certificate", "{\"ne\":[{\"fact\":\"org_size\"},\"large\"]}", "企业划型不是大型" },
		{ "certificate", "{\"under\":[{\"fact\":\"certificate_occupation\"},[\"4-07-03\"]]}", "证书职业属于" },
		{ "certificate", "{\"under\":[{\"fact\":\"org_industry\"},[\"C\"]]}", "单位行业属于制造业" },
		{ "certificate", "{\"between\":[{\"fact\":\"certificate_on\"},{\"day\":\"2025-01-01\"},{\"day\":\"2025-12-31\"}]}",
		  "证书核发日期在2025-01-01至2025-12-31之间" },
		{ "self_insurance", "{\"ge\":[{\"fact\":\"self_paid_cents\"},123456]}", "个人实缴社会保险费不少于1234.56元" },
		{ "certificate", "{\"lt\":[{\"fact\":\"certificate_on\"},{\"add_months\":[{\"fact\":\"birth_on\"},192]}]}",
		  "证书核发日期早于出生日期后192个月" },
		{ "certificate", "{\"le\":[{\"days_between\":[{\"fact\":\"certificate_on\"},{\"fact\":\"applied_on\"}]},30]}",
		  "证书核发日期至申请日期的天数不超过30" },
		{ "certificate", "{\"gt\":[{\"months_between\":[{\"fact\":\"birth_on\"},{\"add_days\":[{\"fact\":\"applied_on\"},-1]}]},30]}",
		  "出生日期至申请日期前1天的整月数大于30" },
		{ "certificate", "{\"ge\":[{\"count\":{\"of\":\"ui_months\",\"also_in\":\"insured_any_months\","
		  "\"from\":{\"day\":\"2024-01-01\"},\"to\":{\"fact\":\"certificate_on\"}}},12]}",
		  "失业保险缴费月份（2024-01-01至证书核发日期、同时在各单位参保月份内）的个数不少于12" },
		{ "certificate", "{\"ge\":[{\"months_in_row\":{\"of\":\"ui_months\",\"from\":{\"day\":\"1980-01-01\"},"
		  "\"to\":{\"month_start\":{\"fact\":\"certificate_on\"}}}},6]}",
		  "失业保险缴费月份（截至证书核发日期当月1日）的最长连续月数不少于6" },
		{ "certificate", "{\"eq\":[{\"year\":{\"first\":{\"of\":\"benefit_days\",\"from\":{\"day\":\"1980-01-01\"},"
		  "\"to\":{\"fact\":\"applied_on\"},\"else\":{\"fact\":\"applied_on\"}}}},2025]}",
		  "已享受本项补贴的期间（截至申请日期）的最早一天（没有时为申请日期）的年份等于2025" },
		{ "licence", "{\"ge\":[{\"or_else\":[{\"fact\":\"licence_to\"},{\"fact\":\"applied_on\"}]},{\"fact\":\"licence_on\"}]}",
		  "注销日期（未知时为申请日期）不早于登记日期" },
	};
	size_t	i;

	(void)state;
	for (i = 0; i < NITEMS(rows); i++)
		has(lines(trial(rows[i].subject, rows[i].rule, "1", "null"), "", EXPLAIN_OFFICER),
		    arena_printf(&arena, "　规则：%s", rows[i].words));
}

static void
test_arithmetic(void **state)
{
	static const char	facts[] = "\"award_quantity\":1200,\"award_rank\":2,\"award_instalment\":2,"
	    "\"award_instalments\":3";
	static const struct {
		const char	*amount, *cap, *words;
	}	rows[] = {
		{ "{\"mul\":[{\"fact\":\"award_quantity\"},150]}", "null", "计算：验收数量1200×1.50元 = 1800.00元\n" },
		{ "{\"mul\":[{\"fact\":\"award_quantity\"},150]}", "100000",
		  "计算：验收数量1200×1.50元 = 1800.00元\n封顶：不超过1000.00元，发放1000.00元\n" },
		{ "{\"share\":[100000000,{\"fact\":\"award_instalment\"},{\"fact\":\"award_instalments\"}]}", "null",
		  "计算：1000000.00元×第几期2÷共几期3 = 666666.66元（不足1分的舍去）\n" },
		{ "{\"tiers\":[{\"fact\":\"award_rank\"},[[1,500],[2,300]]]}", "null",
		  "计算：按名次2分档得3.00元 = 3.00元\n" },
		{ "{\"if\":[{\"le\":[{\"fact\":\"award_rank\"},1]},500,{\"add\":[300,50]}]}", "null",
		  "计算：3.00元＋0.50元 = 3.50元\n" },
		{ "{\"min\":[{\"sub\":[1000,{\"max\":[100,200]}]},900]}", "null",
		  "计算：取小者（10.00元－取大者（1.00元，2.00元），9.00元） = 8.00元\n" },
		{ "{\"share\":[{\"sub\":[1000,1]},{\"add\":[1,1]},3]}", "null",
		  "计算：（10.00元－0.01元）×（1＋1）÷3 = 6.66元（不足1分的舍去）\n" },
	};
	size_t	i;

	(void)state;
	for (i = 0; i < NITEMS(rows); i++)
		has(lines(trial("award", "{\"ge\":[{\"fact\":\"award_rank\"},1]}", rows[i].amount, rows[i].cap),
		    facts, EXPLAIN_PERSON), rows[i].words);
}

/* Each kind of subject is named, with what is its own. */
static void
test_subjects(void **state)
{
	static const struct {
		const char	*code, *facts, *words;
	}	rows[] = {
		{ "KGBZ", "\"hired_on\":\"2025-07-07\",\"contract_months\":24", "对象：就业登记（招用日期 2025-07-07；合同期限（月） 24个月）" },
		{ "JNTS", "\"certificate_level\":4", "对象：职业技能证书（证书等级 四级）" },
		{ "LHSB", "\"month_on\":\"2025-07-01\",\"self_paid_cents\":100000",
		  "对象：灵活就业人员缴纳社会保险（月）（所属月份 2025-07；个人实缴社会保险费 1000.00元）" },
		{ "BFCJ", "\"workshop_months\":6,\"workshop_wage_cents\":600000",
		  "对象：就业帮扶车间务工（年）（车间务工月数 6个月；车间年工资收入 6000.00元）" },
		{ "YCCY", "\"licence_kind\":\"sole_trader\"", "对象：市场主体登记（本人经营或任法定代表人）（市场主体类型 个体工商户）" },
		{ "DKTX", "\"loan_principal_cents\":30000000", "贷款本金 300000.00元" },
		{ "BGJG", "\"referrer_kind\":\"agency\"", "对象：帮工介绍（介绍方 人力资源服务机构）" },
		{ "SYWG", "\"year_paid_cents\":5,\"staff_end\":95", "对象：单位参保情况（年）（上年度实缴失业保险费 0.05元；年末参保人数 95人）" },
		{ "QYRY", "\"park_on\":\"2025-01-06\"", "对象：入驻园区（入园日期 2025-01-06）" },
		{ "CYXM", "\"award_rank\":3", "对象：评选或验收结果（名次 3）" },
		{ "DWSB", "\"employer_paid_cents\":98765", "单位缴纳部分 987.65元" },
		{ "GYGW", "\"welfare_days\":22", "对象：公益性岗位在岗（月）（在岗天数 22天）" },
		{ "JYJX", "\"internship_days\":20", "对象：就业见习（月）（见习天数 20天）" },
	};
	size_t	i;

	(void)state;
	for (i = 0; i < NITEMS(rows); i++)
		has(lines(policy_of(rows[i].code, 1), rows[i].facts, EXPLAIN_PERSON), rows[i].words);
}

static void
test_verdicts(void **state)
{
	static const char	month[] = "\"month_on\":\"2025-07-01\",\"self_paid_cents\":100000,"
	    "\"flexible_registered\":true,\"retires_on\":\"2040-01-01\",\"benefit_days\":[\"2025-05-01\"],"
	    "\"insured_any_months\":[],\"insured_through\":\"2025-08-31\",\"difficult\":true,"
	    "\"deceased\":false,\"in_custody\":false,\"draws_pension\":false,\"enrolled\":false,"
	    "\"on_payroll\":false,\"holds_licence\":false";
	const struct policy	*p = policy_of("LHSB", 1);
	const char		*text = lines(p, month, EXPLAIN_PERSON);

	(void)state;
	has(text, "结论：符合条件，补贴666.66元\n");
	has(text, "计算：个人实缴社会保险费1000.00元×2÷3 = 666.66元（不足1分的舍去）\n");
	has(text, "已享受本项补贴的期间 2025-05");
	hasnt(text, "　规则");
	text = lines(p, month, EXPLAIN_EMPLOYER);
	hasnt(text, "法定退休日期");
	has(lines(p, month, EXPLAIN_OFFICER), "　规则：不得：在校学生\n");
	text = but(p, month, "\"self_paid_cents\":null");
	has(text, "结论：符合条件，金额暂不能确定——尚缺：个人实缴社会保险费，");
	text = but(p, month, "\"enrolled\":null");
	has(text, "结论：暂不能确定——不是在校学生，");
	has(text, "？ 不是在校学生，尚缺：在校学生");
	text = but(p, month, "\"enrolled\":true");
	has(text, "结论：不符合条件——该人员为在校学生\n");
	hasnt(text, "计算：");
	has(lines(policy_of("XXCJ", 1), "\"award_policy\":\"XXCJ\",\"award_on\":\"2025-06-03\",\"award_quantity\":9",
	    EXPLAIN_PERSON), "结论：符合条件，补贴标准未设定，暂不发放\n");
	has(lines(policy_of("YCCY", 1), "\"licence_kind\":\"sole_trader\"", EXPLAIN_PERSON),
	    "需要的材料：首次创业承诺；社会保险缴费或纳税凭证\n");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_verdicts),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
