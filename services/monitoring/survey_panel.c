/*
 * survey_panel.c -- 失业动态监测: the form's versions, the panel of sampled
 * enterprises with its sample rules.
 *
 * Invariant: two people of the city make a panel or a form; no rule is
 * assumed that the city has not set. The SQL is in
 * sql/monitoring/queries/survey_panel.sql.
 */
#include "codes/codes.h"
#include "monitoring.h"
#include "monitoring_sql.h"
#include "survey.h"

#define ROLE_CITY	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)
#define ROLE_READ	(ROLE_CLERK | ROLE_CITY | ROLE_AUDIT)
#define RULES_MAX	20
#define WORDS_MAX	40

struct word_in {
	const char	*code, *name, *kind, *needed;
	bool		 needs_text;
};

struct form_in {
	const char	*title, *basis;
	struct list_of	 types, reasons, more;
	int64_t		 reasons_most;
	int32_t		 from_month;
};

struct rule_in {
	const char	*what, *value, *basis;
	int64_t		 least_milli, most_milli, least;
};

struct panel_in {
	const char	*name, *basis;
	struct list_of	 rules;
	int32_t		 from_month, until_month;
};

struct firm_in {
	struct uuid	 org_id;
	const char	*ownership, *size, *note;
	int64_t		 insured_heads, base_heads;
	int32_t		 from_month, until_month;
};

struct panel_query {
	const char	*state, *county_code, *industry_code;
};

static int	check_word(const char *);

static const char *const item_kinds[] = { "count", "text", NULL };
static const char *const item_needed[] = { "always", "fewer", "optional", NULL };
static const char *const rule_whats[] = { "industry", "ownership", "size", "insured", NULL };
static const char *const ownerships[] = { "state", "collective", "private", "foreign", "mixed", NULL };
static const char *const sizes[] = { "large", "medium", "small", "micro", NULL };
static const char *const panel_states[] = { "draft", "running", "closed", NULL };

static const struct field word_fields[] = {
	FIELD_CHECK(word_in, code, REQUIRED, check_word, "代码，小写英文"),
	FIELD_TEXT(word_in, name, REQUIRED, 1, 40, "名称"),
	FIELD_BOOL(word_in, needs_text, OPTIONAL, "须另以文字说明"),
	FIELD_END
};
static const struct field item_fields[] = {
	FIELD_CHECK(word_in, code, REQUIRED, check_word, "代码，小写英文"),
	FIELD_TEXT(word_in, name, REQUIRED, 1, 40, "名称"),
	FIELD_ENUM(word_in, kind, REQUIRED, item_kinds, "数或文字"),
	FIELD_ENUM(word_in, needed, REQUIRED, item_needed, "何时必填"),
	FIELD_END
};
static const struct field form_fields[] = {
	FIELD_TEXT(form_in, title, REQUIRED, 2, 60, "名称"),
	FIELD_TEXT(form_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_LIST(form_in, types, REQUIRED, 1, WORDS_MAX, word_in, word_fields, "减员类型"),
	FIELD_LIST(form_in, reasons, REQUIRED, 1, WORDS_MAX, word_in, word_fields, "减员原因"),
	FIELD_INT(form_in, reasons_most, REQUIRED, 1, SURVEY_REASONS_MAX, "最多几项原因"),
	FIELD_LIST(form_in, more, OPTIONAL, 0, WORDS_MAX, word_in, item_fields, "其他调查项目"),
	FIELD_DAY(form_in, from_month, REQUIRED, "自何月起，该月一日"),
	FIELD_END
};
static const struct field rule_fields[] = {
	FIELD_ENUM(rule_in, what, REQUIRED, rule_whats, "按行业、所有制、规模占比，或参保人数"),
	FIELD_TEXT(rule_in, value, OPTIONAL, 1, 60, "门类、所有制或规模，可用逗号并列"),
	FIELD_INT(rule_in, least_milli, OPTIONAL, 0, 1000, "占比不低于（千分之）"),
	FIELD_INT(rule_in, most_milli, OPTIONAL, 0, 1000, "占比不高于（千分之）"),
	FIELD_INT(rule_in, least, OPTIONAL, 0, SURVEY_HEADS_MAX, "参保人数不少于"),
	FIELD_TEXT(rule_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};
static const struct field panel_fields[] = {
	FIELD_TEXT(panel_in, name, REQUIRED, 2, 60, "名称"),
	FIELD_TEXT(panel_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_LIST(panel_in, rules, OPTIONAL, 0, RULES_MAX, rule_in, rule_fields, "抽样规则；没有则不核对"),
	FIELD_DAY(panel_in, from_month, REQUIRED, "首月，一日"),
	FIELD_DAY(panel_in, until_month, OPTIONAL, "末月，一日"),
	FIELD_END
};
static const struct field rules_fields[] = {
	FIELD_LIST(panel_in, rules, REQUIRED, 0, RULES_MAX, rule_in, rule_fields, "抽样规则"),
	FIELD_END
};
static const struct field close_fields[] = {
	FIELD_DAY(panel_in, until_month, REQUIRED, "末月，一日"),
	FIELD_END
};
static const struct field firm_fields[] = {
	FIELD_UUID(firm_in, org_id, REQUIRED, "单位"),
	FIELD_ENUM(firm_in, ownership, OPTIONAL, ownerships, "所有制"),
	FIELD_ENUM(firm_in, size, OPTIONAL, sizes, "规模"),
	FIELD_INT(firm_in, insured_heads, OPTIONAL, 0, SURVEY_HEADS_MAX, "参保人数"),
	FIELD_INT(firm_in, base_heads, OPTIONAL, 1, SURVEY_HEADS_MAX, "建档期就业人数；不填以首次通过的月报为准"),
	FIELD_DAY(firm_in, from_month, OPTIONAL, "首月，一日"),
	FIELD_END
};
static const struct field leave_fields[] = {
	FIELD_DAY(firm_in, until_month, REQUIRED, "最后一个填报月，一日"),
	FIELD_TEXT(firm_in, note, REQUIRED, 2, 200, "退出原因"),
	FIELD_END
};
static const struct field panel_query_fields[] = {
	FIELD_ENUM(panel_query, state, OPTIONAL, panel_states, "状态"),
	FIELD_END
};
static const struct field firm_query_fields[] = {
	FIELD_CHECK(panel_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_CHECK(panel_query, industry_code, OPTIONAL, check_industry, "行业门类"),
	FIELD_END
};

static const struct shape form_shape[] = {
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "types", .type = SHAPE_T_JSON, .help = "减员类型" },
	{ .name = "reasons", .type = SHAPE_T_JSON, .help = "减员原因" },
	{ .name = "reasons_most", .type = SHAPE_T_INT, .help = "最多几项原因" },
	{ .name = "more", .type = SHAPE_T_JSON, .help = "其他调查项目" },
	{ .name = "from_month", .type = SHAPE_T_DAY, .help = "自何月起" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "survey_form_states", .help = "状态" },
	{ .name = "created_at", .type = SHAPE_T_TEXT, .help = "拟定时间" },
	SHAPE_END
};
static const struct shape rule_shape[] = {
	{ .name = "what", .type = SHAPE_T_TEXT, .help = "规则" },
	{ .name = "value", .type = SHAPE_T_TEXT, .nullable = true, .help = "所指" },
	{ .name = "least_milli", .type = SHAPE_T_INT, .nullable = true, .help = "不低于（千分之）" },
	{ .name = "most_milli", .type = SHAPE_T_INT, .nullable = true, .help = "不高于（千分之）" },
	{ .name = "least", .type = SHAPE_T_INT, .nullable = true, .help = "参保人数不少于" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "firms", .type = SHAPE_T_INT, .help = "样本单位数" },
	{ .name = "matching", .type = SHAPE_T_INT, .help = "其中符合的" },
	{ .name = "share_milli", .type = SHAPE_T_INT, .nullable = true, .help = "占比（千分之）" },
	{ .name = "is_met", .type = SHAPE_T_BOOL, .nullable = true, .help = "合于规则；没有样本时为空" },
	SHAPE_END
};
static const struct shape panel_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "样本" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "survey_panel_states", .help = "状态" },
	{ .name = "from_month", .type = SHAPE_T_DAY, .help = "首月" },
	{ .name = "until_month", .type = SHAPE_T_DAY, .nullable = true, .help = "末月" },
	{ .name = "has_rules", .type = SHAPE_T_BOOL, .help = "有抽样规则；没有则不核对" },
	{ .name = "rules", .type = SHAPE_T_LIST, .of = rule_shape, .help = "抽样规则与样本构成" },
	{ .name = "made_by", .type = SHAPE_T_UUID, .help = "拟定人" },
	{ .name = "started_by", .type = SHAPE_T_UUID, .nullable = true, .help = "启用人" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "拟定时间" },
	SHAPE_END
};
static const struct shape firm_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "样本单位" },
	{ .name = "panel_id", .type = SHAPE_T_UUID, .help = "样本" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "industry_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "行业门类" },
	{ .name = "ownership", .type = SHAPE_T_TEXT, .codes = "firm_ownerships", .nullable = true,
	  .help = "所有制" },
	{ .name = "size", .type = SHAPE_T_TEXT, .codes = "firm_sizes", .nullable = true, .help = "规模" },
	{ .name = "insured_heads", .type = SHAPE_T_INT, .nullable = true, .help = "参保人数" },
	{ .name = "base_heads", .type = SHAPE_T_INT, .nullable = true, .help = "建档期就业人数" },
	{ .name = "from_month", .type = SHAPE_T_DAY, .help = "首月" },
	{ .name = "until_month", .type = SHAPE_T_DAY, .nullable = true, .help = "最后一个填报月" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "退出原因" },
	{ .name = "chosen_by", .type = SHAPE_T_UUID, .help = "选定人" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "选定时间" },
	SHAPE_END
};

const struct route survey_form_routes[] = {
	{ .name = "survey_form_draft", .method = METHOD_POST, .path = "/v1/monitoring/survey-forms",
	  .callers = ROLE_CITY, .scope = SCOPE_AREA, .action = "monitoring.survey_form.draft",
	  .body = INPUT(form_in, form_fields), .reply = form_shape, .stmt = &stmt_survey_form_draft,
	  .limit = LIMIT_WRITE,
	  .zh = "拟定失业动态监测表的新版本（市级）", .en = "Draft a version of the survey's form" },
	{ .name = "survey_form_publish", .method = METHOD_POST,
	  .path = "/v1/monitoring/survey-forms/{version_no}/publish",
	  .callers = ROLE_CITY, .scope = SCOPE_AREA, .action = "monitoring.survey_form.publish",
	  .reply = form_shape, .success = 200, .stmt = &stmt_survey_form_publish, .limit = LIMIT_WRITE,
	  .zh = "发布失业动态监测表（另一人）", .en = "Publish a version; by another officer" },
	{ .name = "survey_form_list", .method = METHOD_GET, .path = "/v1/monitoring/survey-forms",
	  .callers = ROLE_EMPLOYER | ROLE_READ, .scope = SCOPE_CALLER,
	  .action = "monitoring.survey_form.list", .list = true, .reply = form_shape,
	  .stmt = &stmt_survey_form_list, .limit = LIMIT_READ,
	  .zh = "失业动态监测表的版本", .en = "List the versions of the form" },
	ROUTE_END
};

const struct route survey_panel_routes[] = {
	{ .name = "survey_panel_make", .method = METHOD_POST, .path = "/v1/monitoring/survey-panels",
	  .callers = ROLE_CITY, .scope = SCOPE_AREA, .action = "monitoring.survey_panel.make",
	  .body = INPUT(panel_in, panel_fields), .reply = panel_shape, .stmt = &stmt_survey_panel_make,
	  .limit = LIMIT_WRITE, .zh = "拟定监测样本（市级）", .en = "Draw up a panel" },
	{ .name = "survey_panel_rules", .method = METHOD_PUT, .path = "/v1/monitoring/survey-panels/{id}/rules",
	  .callers = ROLE_CITY, .scope = SCOPE_AREA, .action = "monitoring.survey_panel.rules",
	  .body = INPUT(panel_in, rules_fields), .reply = panel_shape, .stmt = &stmt_survey_panel_rules,
	  .limit = LIMIT_WRITE, .zh = "设定抽样规则", .en = "Set the sample rules of a panel in draft" },
	{ .name = "survey_panel_start", .method = METHOD_POST, .path = "/v1/monitoring/survey-panels/{id}/start",
	  .callers = ROLE_CITY, .scope = SCOPE_AREA, .action = "monitoring.survey_panel.start",
	  .reply = panel_shape, .success = 200, .stmt = &stmt_survey_panel_start, .limit = LIMIT_WRITE,
	  .zh = "启用监测样本（另一人）", .en = "Start a panel; by another officer" },
	{ .name = "survey_panel_close", .method = METHOD_POST, .path = "/v1/monitoring/survey-panels/{id}/close",
	  .callers = ROLE_CITY, .scope = SCOPE_AREA, .action = "monitoring.survey_panel.close",
	  .body = INPUT(panel_in, close_fields), .reply = panel_shape, .success = 200,
	  .stmt = &stmt_survey_panel_close, .limit = LIMIT_WRITE,
	  .zh = "终止监测样本", .en = "Close a panel with its last month" },
	{ .name = "survey_panel_list", .method = METHOD_GET, .path = "/v1/monitoring/survey-panels",
	  .callers = ROLE_READ, .scope = SCOPE_AREA, .action = "monitoring.survey_panel.list",
	  .query = INPUT(panel_query, panel_query_fields), .list = true, .reply = panel_shape,
	  .stmt = &stmt_survey_panel_list, .limit = LIMIT_READ,
	  .zh = "监测样本", .en = "List the panels, their mix beside their rules" },
	{ .name = "survey_panel_get", .method = METHOD_GET, .path = "/v1/monitoring/survey-panels/{id}",
	  .callers = ROLE_READ, .scope = SCOPE_AREA, .action = "monitoring.survey_panel.get",
	  .reply = panel_shape, .stmt = &stmt_survey_panel_get, .limit = LIMIT_READ,
	  .zh = "查看监测样本", .en = "Read a panel" },
	{ .name = "survey_firm_add", .method = METHOD_POST, .path = "/v1/monitoring/survey-panels/{id}/firms",
	  .callers = ROLE_CITY, .scope = SCOPE_AREA, .action = "monitoring.survey_firm.add",
	  .body = INPUT(firm_in, firm_fields), .reply = firm_shape, .stmt = &stmt_survey_firm_add,
	  .limit = LIMIT_WRITE, .zh = "选定样本单位", .en = "Choose an enterprise for the panel" },
	{ .name = "survey_firm_leave", .method = METHOD_POST, .path = "/v1/monitoring/survey-firms/{id}/leave",
	  .callers = ROLE_CITY, .scope = SCOPE_AREA, .action = "monitoring.survey_firm.leave",
	  .body = INPUT(firm_in, leave_fields), .reply = firm_shape, .success = 200,
	  .stmt = &stmt_survey_firm_leave, .limit = LIMIT_WRITE,
	  .zh = "样本单位退出（市级）", .en = "Ask an enterprise no more" },
	{ .name = "survey_firm_list", .method = METHOD_GET, .path = "/v1/monitoring/survey-panels/{id}/firms",
	  .callers = ROLE_READ, .scope = SCOPE_AREA, .action = "monitoring.survey_firm.list",
	  .query = INPUT(panel_query, firm_query_fields), .list = true, .reply = firm_shape,
	  .stmt = &stmt_survey_firm_list, .limit = LIMIT_READ,
	  .zh = "样本单位", .en = "List the enterprises of a panel" },
	ROUTE_END
};

/* Lower-case words: they become names of members and parts of pointers. */
static int
check_word(const char *text)
{
	size_t	n = 0;

	while ((text[n] >= 'a' && text[n] <= 'z') || (n > 0 && text[n] == '_'))
		n++;
	return (text[n] == '\0' && n >= 1 && n <= 40 ? 0 : ERR_F_FORMAT);
}
