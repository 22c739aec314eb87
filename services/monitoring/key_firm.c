/*
 * key_firm.c -- 重点企业用工: the register of key firms, the officer in charge
 * of each, their monthly reports by the firm or by a clerk of its county.
 *
 * Invariant: a firm has one officer on any day, and what a month's report said
 * is kept when a later version replaces it. The SQL is in
 * sql/monitoring/queries/key_firm.sql.
 */
#include <string.h>

#include "codes/codes.h"
#include "monitoring.h"
#include "monitoring_sql.h"

#define ROLE_COUNTY	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)
#define ROLE_READ	(ROLE_CLERK | ROLE_COUNTY | ROLE_AUDIT)
#define HEADS_MAX	1000000
#define SHORTAGES_MAX	30
#define WAGE_MAX	INT64_C(100000000)	/* 分 a month */

struct name_in {
	struct uuid	 org_id, officer_id;
	const char	*tier, *basis, *officer_name, *note;
	int32_t		 from_on;
};

struct shortage_in {
	const char	*occupation_code;
	int64_t		 headcount, wage_low_cents, wage_high_cents;
};

struct key_report_in {
	int32_t		 month;
	int64_t		 heads, hires, leavers, open_posts, plan_hires;
	int64_t		 wage_low_cents, wage_high_cents;
	const char	*output_note, *orders, *orders_note, *plan_note;
	struct list_of	 shortages;
};

struct firm_query {
	const char	*tier, *county_code;
	struct uuid	 officer_id, key_firm_id;
	int32_t		 missing_month, month;
};

static int	key_report_submit(struct call *);
static int	key_firm_figures(struct call *);
static void	judge_month(const struct key_report_in *, struct json_errors *);
static void	judge_shortages(struct arena *, const struct key_report_in *, struct json_errors *);
static void	fault(struct json_errors *, const char *, enum error_code);
static const int64_t *if_given(const int64_t *);
static const char *shortages_text(struct call *);

static const char *const tiers[] = { "province", "city", "county", NULL };
static const char *const trends[] = { "rising", "level", "falling", NULL };

static const struct field name_fields[] = {
	FIELD_UUID(name_in, org_id, REQUIRED, "单位"),
	FIELD_ENUM(name_in, tier, REQUIRED, tiers, "层级"),
	FIELD_TEXT(name_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_UUID(name_in, officer_id, REQUIRED, "服务专员"),
	FIELD_TEXT(name_in, officer_name, REQUIRED, 2, 30, "服务专员姓名"),
	FIELD_END
};
static const struct field assign_fields[] = {
	FIELD_UUID(name_in, officer_id, REQUIRED, "服务专员"),
	FIELD_TEXT(name_in, officer_name, REQUIRED, 2, 30, "服务专员姓名"),
	FIELD_DAY(name_in, from_on, REQUIRED, "自何日起"),
	FIELD_END
};
static const struct field end_fields[] = {
	FIELD_TEXT(name_in, note, REQUIRED, 2, 200, "原因"),
	FIELD_END
};
static const struct field shortage_fields[] = {
	FIELD_CHECK(shortage_in, occupation_code, REQUIRED, check_occupation, "职业代码"),
	FIELD_INT(shortage_in, headcount, REQUIRED, 1, HEADS_MAX, "缺工人数"),
	FIELD_INT(shortage_in, wage_low_cents, OPTIONAL, 1, WAGE_MAX, "月薪下限（分）"),
	FIELD_INT(shortage_in, wage_high_cents, OPTIONAL, 1, WAGE_MAX, "月薪上限（分）"),
	FIELD_END
};
static const struct field report_fields[] = {
	FIELD_DAY(key_report_in, month, REQUIRED, "月份，一日；本月或上月"),
	FIELD_INT(key_report_in, heads, REQUIRED, 0, HEADS_MAX, "月末在岗人数"),
	FIELD_INT(key_report_in, hires, REQUIRED, 0, HEADS_MAX, "本月新招人数"),
	FIELD_INT(key_report_in, leavers, REQUIRED, 0, HEADS_MAX, "本月离职人数"),
	FIELD_TEXT(key_report_in, output_note, OPTIONAL, 2, 300, "产值、产量情况"),
	FIELD_ENUM(key_report_in, orders, REQUIRED, trends, "订单"),
	FIELD_TEXT(key_report_in, orders_note, OPTIONAL, 2, 300, "订单情况"),
	FIELD_INT(key_report_in, open_posts, REQUIRED, 0, HEADS_MAX, "在招岗位数"),
	FIELD_LIST(key_report_in, shortages, OPTIONAL, 0, SHORTAGES_MAX, shortage_in, shortage_fields, "缺工的职业，互不相同"),
	FIELD_INT(key_report_in, wage_low_cents, OPTIONAL, 1, WAGE_MAX, "一线月薪下限（分）"),
	FIELD_INT(key_report_in, wage_high_cents, OPTIONAL, 1, WAGE_MAX, "一线月薪上限（分）"),
	FIELD_INT(key_report_in, plan_hires, REQUIRED, 0, HEADS_MAX, "下月计划招工"),
	FIELD_TEXT(key_report_in, plan_note, OPTIONAL, 2, 300, "下月用工计划"),
	FIELD_END
};
static const struct field firm_query_fields[] = {
	FIELD_ENUM(firm_query, tier, OPTIONAL, tiers, "层级"),
	FIELD_CHECK(firm_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(firm_query, officer_id, OPTIONAL, "服务专员"),
	FIELD_DAY(firm_query, missing_month, OPTIONAL, "该月未报的"),
	FIELD_END
};
static const struct field report_query_fields[] = {
	FIELD_DAY(firm_query, month, OPTIONAL, "月份"),
	FIELD_CHECK(firm_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(firm_query, key_firm_id, OPTIONAL, "重点企业"),
	FIELD_END
};
static const struct field month_query_fields[] = {
	FIELD_DAY(firm_query, month, OPTIONAL, "月份，一日；默认本月"),
	FIELD_END
};

static const struct shape firm_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "重点企业" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "industry_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "行业门类" },
	{ .name = "tier", .type = SHAPE_T_TEXT, .help = "层级" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "until_on", .type = SHAPE_T_DAY, .nullable = true, .help = "至" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "移出原因" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .nullable = true, .help = "服务专员" },
	{ .name = "officer_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "服务专员姓名" },
	{ .name = "last_month", .type = SHAPE_T_DAY, .nullable = true, .help = "最近一份月报的月份" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "列入时间" },
	SHAPE_END
};
static const struct shape officer_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "任期" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "服务专员" },
	{ .name = "officer_name", .type = SHAPE_T_TEXT, .help = "姓名" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "until_on", .type = SHAPE_T_DAY, .nullable = true, .help = "至（继任者的首日）" },
	{ .name = "set_by", .type = SHAPE_T_UUID, .help = "指定人" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape wanted_shape[] = {
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "headcount", .type = SHAPE_T_INT, .help = "缺工人数" },
	{ .name = "wage_low_cents", .type = SHAPE_T_INT, .nullable = true, .help = "月薪下限（分）" },
	{ .name = "wage_high_cents", .type = SHAPE_T_INT, .nullable = true, .help = "月薪上限（分）" },
	SHAPE_END
};
static const struct shape report_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "月报" },
	{ .name = "key_firm_id", .type = SHAPE_T_UUID, .help = "重点企业" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "第几版" },
	{ .name = "heads", .type = SHAPE_T_INT, .help = "月末在岗人数" },
	{ .name = "hires", .type = SHAPE_T_INT, .help = "本月新招人数" },
	{ .name = "leavers", .type = SHAPE_T_INT, .help = "本月离职人数" },
	{ .name = "output_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "产值、产量情况" },
	{ .name = "orders", .type = SHAPE_T_TEXT, .help = "订单" },
	{ .name = "orders_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "订单情况" },
	{ .name = "open_posts", .type = SHAPE_T_INT, .help = "在招岗位数" },
	{ .name = "shortages", .type = SHAPE_T_LIST, .of = wanted_shape, .help = "缺工的职业" },
	{ .name = "wage_low_cents", .type = SHAPE_T_INT, .nullable = true, .help = "一线月薪下限（分）" },
	{ .name = "wage_high_cents", .type = SHAPE_T_INT, .nullable = true, .help = "一线月薪上限（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "CNY" },
	{ .name = "plan_hires", .type = SHAPE_T_INT, .help = "下月计划招工" },
	{ .name = "plan_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "下月用工计划" },
	{ .name = "via", .type = SHAPE_T_TEXT, .help = "由单位或窗口填报" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "填报时间" },
	SHAPE_END
};
static const struct shape line_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "firms", .type = SHAPE_T_INT, .help = "重点企业" },
	{ .name = "province", .type = SHAPE_T_INT, .help = "其中省级" },
	{ .name = "city", .type = SHAPE_T_INT, .help = "其中市级" },
	{ .name = "county", .type = SHAPE_T_INT, .help = "其中县级" },
	{ .name = "reported", .type = SHAPE_T_INT, .help = "已报" },
	{ .name = "heads", .type = SHAPE_T_INT, .nullable = true, .help = "在岗人数" },
	{ .name = "hires", .type = SHAPE_T_INT, .nullable = true, .help = "新招" },
	{ .name = "leavers", .type = SHAPE_T_INT, .nullable = true, .help = "离职" },
	{ .name = "open_posts", .type = SHAPE_T_INT, .nullable = true, .help = "在招岗位" },
	{ .name = "plan_hires", .type = SHAPE_T_INT, .nullable = true, .help = "下月计划招工" },
	{ .name = "orders_falling", .type = SHAPE_T_INT, .nullable = true, .help = "订单下降的企业" },
	{ .name = "shortages", .type = SHAPE_T_INT, .help = "未结的缺工任务" },
	{ .name = "shortages_overdue", .type = SHAPE_T_INT, .help = "其中逾期" },
	{ .name = "shortage_heads", .type = SHAPE_T_INT, .nullable = true, .help = "缺工人数" },
	{ .name = "is_hidden", .type = SHAPE_T_BOOL, .help = "企业过少，已隐去" },
	SHAPE_END
};
static const struct shape figures_shape[] = {
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "wanted_province", .type = SHAPE_T_INT, .nullable = true, .help = "应联系的省级企业数；未设定则为空" },
	{ .name = "wanted_city", .type = SHAPE_T_INT, .nullable = true, .help = "应联系的市级企业数；未设定则为空" },
	{ .name = "wanted_county", .type = SHAPE_T_INT, .nullable = true, .help = "每县应联系的企业数；未设定则为空" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = line_shape, .help = "各县区" },
	SHAPE_END
};

const struct route key_firm_routes[] = {
	{ .name = "key_firm_name", .method = METHOD_POST, .path = "/v1/monitoring/key-firms",
	  .callers = ROLE_COUNTY, .scope = SCOPE_AREA, .action = "monitoring.key_firm.name",
	  .body = INPUT(name_in, name_fields), .reply = firm_shape, .stmt = &stmt_key_firm_name,
	  .emits = "monitoring.key_firm.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "列入重点企业，指定服务专员", .en = "Name a key firm and its officer" },
	{ .name = "key_firm_assign", .method = METHOD_POST, .path = "/v1/monitoring/key-firms/{id}/officers",
	  .callers = ROLE_COUNTY, .scope = SCOPE_AREA, .action = "monitoring.key_firm.assign",
	  .body = INPUT(name_in, assign_fields), .reply = firm_shape, .stmt = &stmt_key_firm_assign,
	  .limit = LIMIT_WRITE, .zh = "更换服务专员", .en = "Put another officer in charge from a day on" },
	{ .name = "key_firm_officer_list", .method = METHOD_GET,
	  .path = "/v1/monitoring/key-firms/{id}/officers",
	  .callers = ROLE_READ, .scope = SCOPE_AREA, .action = "monitoring.key_firm.officers",
	  .list = true, .reply = officer_shape, .stmt = &stmt_key_firm_officer_list, .limit = LIMIT_READ,
	  .zh = "历任服务专员", .en = "Who has been in charge of a firm" },
	{ .name = "key_firm_end", .method = METHOD_POST, .path = "/v1/monitoring/key-firms/{id}/end",
	  .callers = ROLE_COUNTY, .scope = SCOPE_AREA, .action = "monitoring.key_firm.end",
	  .body = INPUT(name_in, end_fields), .reply = firm_shape, .success = 200,
	  .stmt = &stmt_key_firm_end, .emits = "monitoring.key_firm.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "移出重点企业", .en = "Take a firm off the register" },
	{ .name = "key_firm_list", .method = METHOD_GET, .path = "/v1/monitoring/key-firms",
	  .callers = ROLE_EMPLOYER | ROLE_READ, .scope = SCOPE_CALLER, .action = "monitoring.key_firm.list",
	  .query = INPUT(firm_query, firm_query_fields), .list = true, .reply = firm_shape,
	  .stmt = &stmt_key_firm_list, .limit = LIMIT_READ,
	  .zh = "重点企业（含未报月报的）", .en = "List key firms; those that did not report too" },
	{ .name = "key_report_submit", .method = METHOD_POST, .path = "/v1/monitoring/key-firms/{id}/reports",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "monitoring.key_report.submit", .body = INPUT(key_report_in, report_fields),
	  .reply = report_shape, .handler = key_report_submit,
	  .emits = "monitoring.key_report.submitted.v1 monitoring.key_report.replaced.v1 "
	      "monitoring.shortage.opened.v1",
	  .limit = LIMIT_WRITE, .zh = "报送重点企业用工月报", .en = "Report a month's work force, by the firm or by a clerk" },
	{ .name = "key_report_list", .method = METHOD_GET, .path = "/v1/monitoring/key-reports",
	  .callers = ROLE_EMPLOYER | ROLE_READ, .scope = SCOPE_CALLER, .action = "monitoring.key_report.list",
	  .query = INPUT(firm_query, report_query_fields), .list = true, .reply = report_shape,
	  .stmt = &stmt_key_report_list, .limit = LIMIT_READ,
	  .zh = "重点企业用工月报", .en = "List monthly reports of key firms, all versions" },
	{ .name = "key_firm_figures", .method = METHOD_GET, .path = "/v1/monitoring/key-firm-figures",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.key_firm.figures",
	  .query = INPUT(firm_query, month_query_fields), .reply = figures_shape,
	  .handler = key_firm_figures, .limit = LIMIT_READ,
	  .zh = "重点企业用工汇总", .en = "Key firms' work force by county" },
	ROUTE_END
};

static int
key_report_submit(struct call *c)
{
	const struct key_report_in	*in = c->body;
	struct json_errors		 errors = { .count = 0 };
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;

	judge_month(in, &errors);
	/* who was hired in the month is there at its end, or has left */
	if (in->hires > in->heads + in->leavers)
		fault(&errors, "/hires", ERR_F_LARGE);
	if (in->wage_low_cents > in->wage_high_cents && in->wage_high_cents > 0)
		fault(&errors, "/wage_high_cents", ERR_F_SMALL);
	judge_shortages(c->arena, in, &errors);
	if (errors.count > 0)
		return (call_reject_fields(c, &errors));
	call_object(c, &id);
	if (sql_key_report_submit(c->db, &rows, &id, &c->id, in->month, in->heads, in->hires,
	    in->leavers, in->output_note, in->orders, in->orders_note, in->open_posts,
	    shortages_text(c), if_given(&in->wage_low_cents), if_given(&in->wage_high_cents),
	    in->plan_hires, in->plan_note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* This month or the last: what is older was reported then, or is missing for good. */
static void
judge_month(const struct key_report_in *in, struct json_errors *errors)
{
	int	year, month, mday, of_year, of_month;

	day_split(clock_today(), &year, &month, &mday);
	day_split(in->month, &of_year, &of_month, &mday);
	if (mday != 1)
		fault(errors, "/month", ERR_MONITORING_MONTH);
	else if (of_year * 12 + of_month > year * 12 + month)
		fault(errors, "/month", ERR_F_DATE_FUTURE);
	else if (of_year * 12 + of_month < year * 12 + month - 1)
		fault(errors, "/month", ERR_F_DATE_PAST);
}

static void
judge_shortages(struct arena *a, const struct key_report_in *in, struct json_errors *errors)
{
	const struct shortage_in	*s = in->shortages.items;
	size_t				 i, k;

	for (i = 0; i < in->shortages.count; i++) {
		for (k = 0; k < i && strcmp(s[k].occupation_code, s[i].occupation_code) != 0; k++)
			;
		if (k < i)
			fault(errors, arena_printf(a, "/shortages/%zu/occupation_code", i), ERR_F_DUPLICATE);
		if (s[i].wage_low_cents > s[i].wage_high_cents && s[i].wage_high_cents > 0)
			fault(errors, arena_printf(a, "/shortages/%zu/wage_high_cents", i), ERR_F_SMALL);
	}
}

static void
fault(struct json_errors *errors, const char *pointer, enum error_code code)
{
	if (errors->count < JSON_ERRORS_MAX)
		errors->list[errors->count++] = (struct json_error){ pointer, (int)code };
}

static const int64_t *
if_given(const int64_t *cents)
{
	return (*cents == 0 ? NULL : cents);
}

/* As it was sent: decoding has judged every item. */
static const char *
shortages_text(struct call *c)
{
	const struct json	*list = json_get(json_parse(c->arena, c->raw.p, c->raw.len), "shortages");

	return (list == NULL || json_is_null(list) ? NULL : json_text(c->arena, list));
}

static int
key_firm_figures(struct call *c)
{
	const struct firm_query	*q = c->query;
	bool			 hide = (c->principal->roles & ROLE_READ) == 0;
	int32_t			 day = q->month == DAY_NONE ? clock_today() : q->month;
	struct db_rows		 rows;

	if (sql_key_firm_figures(c->db, &rows, day_month_first(day), hide) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
