/*
 * collect_check.c -- 抽查与结算: records of a task drawn by the task's own
 * number, phoned and marked member by member by somebody who did not collect
 * them; what is right of what was collected, and what it comes to.
 *
 * Invariant: without a price no amount is shown, and amounts never exceed the
 * line. The SQL is in sql/jobs/queries/collect.sql.
 */
#include "jobs.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "jobs_sql.h"

struct sample_in {
	int64_t		 count;
};

struct mark_in {
	const char	*name;
	bool		 right;
	const char	*said;
};

struct result_in {
	bool		 reached;
	struct list_of	 fields;
};

struct check_query {
	struct uuid	 task_id;
	bool		 done;
};

struct quality_query {
	const char	*by;
};

struct rule_in {
	int32_t		 from_on;
	int64_t		 line_cents, unit_price_cents, min_score_bp;
	const char	*basis;
};

struct span_query {
	int32_t		 from_on, to_on;
};

static int	collect_check_get(struct call *);
static int	collect_check_result(struct call *);
static int	settlement_rule_set(struct call *);
static int	settlement_figures(struct call *);

static const char *const marked[] = { "name", "phone", "village_code", "education_code", "skill_level",
	"employment_state", "work_place", "wish", "training_wish", "willing", NULL };
static const char *const keys[] = { "county", "town", "collector", NULL };

static const struct field sample_fields[] = {
	FIELD_INT(sample_in, count, REQUIRED, 1, 1000, "抽查条数"),
	FIELD_END
};

static const struct field mark_fields[] = {
	FIELD_ENUM(mark_in, name, REQUIRED, marked, "核对的项目"),
	FIELD_BOOL(mark_in, right, REQUIRED, "一致"),
	FIELD_TEXT(mark_in, said, OPTIONAL, 1, 120, "本人所说"),
	FIELD_END
};

static const struct field result_fields[] = {
	FIELD_BOOL(result_in, reached, REQUIRED, "已联系到本人"),
	FIELD_LIST(result_in, fields, OPTIONAL, 0, 10, mark_in, mark_fields, "逐项核对结果；联系到时必填"),
	FIELD_END
};

static const struct field check_query_fields[] = {
	FIELD_UUID(check_query, task_id, OPTIONAL, "采集任务"),
	FIELD_BOOL(check_query, done, OPTIONAL, "已核对"),
	FIELD_END
};

static const struct field quality_query_fields[] = {
	FIELD_ENUM(quality_query, by, OPTIONAL, keys, "汇总方式，默认县区"),
	FIELD_END
};

static const struct field rule_fields[] = {
	FIELD_DAY(rule_in, from_on, OPTIONAL, "起始日期，默认今天"),
	FIELD_INT(rule_in, line_cents, REQUIRED, 1, INT64_C(100000000000), "资金额度（分）"),
	FIELD_INT(rule_in, unit_price_cents, OPTIONAL, 1, 10000000, "每条单价（分）；不填：未设定"),
	FIELD_INT(rule_in, min_score_bp, OPTIONAL, 0, 10000, "最低质量分（万分之）；不填：未设定"),
	FIELD_TEXT(rule_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct field span_fields[] = {
	FIELD_DAY(span_query, from_on, REQUIRED, "起"),
	FIELD_DAY(span_query, to_on, REQUIRED, "止"),
	FIELD_END
};

static const struct shape sample_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "采集任务" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "drawn", .type = SHAPE_T_INT, .help = "新抽取条数" },
	{ .name = "records", .type = SHAPE_T_INT, .help = "采集信息数" },
	SHAPE_END
};

#define CHECK_SHAPE								\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "抽查" },			\
	{ .name = "task_id", .type = SHAPE_T_UUID, .help = "采集任务" },		\
	{ .name = "record_id", .type = SHAPE_T_UUID, .help = "劳动力信息" },	\
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "已登记的人员" }, \
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },	\
	{ .name = "collected_by", .type = SHAPE_T_UUID, .help = "采集人" },		\
	{ .name = "collector_org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "采集单位" }, \
	{ .name = "village_code", .type = SHAPE_T_TEXT, .help = "村（社区）" },	\
	{ .name = "checker", .type = SHAPE_T_UUID, .nullable = true, .help = "核对人" }, \
	{ .name = "reached", .type = SHAPE_T_BOOL, .nullable = true, .help = "已联系到本人" }, \
	{ .name = "results", .type = SHAPE_T_JSON, .nullable = true, .help = "逐项核对结果：采集的和所说的" }, \
	{ .name = "right_count", .type = SHAPE_T_INT, .nullable = true, .help = "一致项数" }, \
	{ .name = "wrong_count", .type = SHAPE_T_INT, .nullable = true, .help = "不一致项数" }, \
	{ .name = "checked_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "核对时间" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }

static const struct shape check_shape[] = { CHECK_SHAPE, SHAPE_END };

static const struct shape check_open_shape[] = {
	CHECK_SHAPE,
	{ .name = "phone", .type = SHAPE_T_TEXT, .nullable = true, .help = "联系电话；采集人本人不显示" },
	SHAPE_END
};

static const struct shape quality_shape[] = {
	{ .name = "key", .type = SHAPE_T_TEXT, .codes = "areas", .help = "县区、乡镇或采集人（单位）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "drawn", .type = SHAPE_T_INT, .help = "抽取条数" },
	{ .name = "checked", .type = SHAPE_T_INT, .help = "已核对" },
	{ .name = "reached", .type = SHAPE_T_INT, .help = "联系到" },
	{ .name = "right_count", .type = SHAPE_T_INT, .help = "一致项数" },
	{ .name = "wrong_count", .type = SHAPE_T_INT, .help = "不一致项数" },
	{ .name = "score_bp", .type = SHAPE_T_INT, .nullable = true, .help = "质量分（万分之）；未核对：空" },
	SHAPE_END
};

static const struct shape rule_shape[] = {
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始日期" },
	{ .name = "line_cents", .type = SHAPE_T_INT, .help = "资金额度（分）" },
	{ .name = "unit_price_cents", .type = SHAPE_T_INT, .nullable = true, .help = "每条单价（分）" },
	{ .name = "min_score_bp", .type = SHAPE_T_INT, .nullable = true, .help = "最低质量分（万分之）" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};

static const struct shape settled_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "records", .type = SHAPE_T_INT, .help = "采集信息数" },
	{ .name = "score_bp", .type = SHAPE_T_INT, .nullable = true, .help = "质量分（万分之）；未抽查：空" },
	{ .name = "quantity", .type = SHAPE_T_INT, .nullable = true, .help = "结算数量；未抽查：空" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "金额（分）；单价未设定：空" },
	SHAPE_END
};

static const struct shape settlement_shape[] = {
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "止" },
	{ .name = "line_cents", .type = SHAPE_T_INT, .help = "资金额度（分）" },
	{ .name = "unit_price_cents", .type = SHAPE_T_INT, .nullable = true, .help = "每条单价（分）" },
	{ .name = "min_score_bp", .type = SHAPE_T_INT, .nullable = true, .help = "最低质量分（万分之）" },
	{ .name = "price_text", .type = SHAPE_T_TEXT, .help = "单价，或未设定" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "whole_city", .type = SHAPE_T_BOOL, .help = "含全部县区；否则不显示金额" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "合计（分），不超过额度" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = settled_shape, .help = "各县区" },
	SHAPE_END
};

const struct route collect_check_routes[] = {
	{ .name = "collect_sample", .method = METHOD_POST, .path = "/v1/jobs/collect-tasks/{id}/sample",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.collect.sample",
	  .body = INPUT(sample_in, sample_fields), .reply = sample_shape, .stmt = &stmt_collect_sample,
	  .limit = LIMIT_WRITE, .zh = "抽取核对样本（可复现）", .en = "Draw a reproducible sample of a task" },
	{ .name = "collect_check_list", .method = METHOD_GET, .path = "/v1/jobs/collect-checks",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.collect.checks",
	  .query = INPUT(check_query, check_query_fields), .list = true, .reply = check_shape,
	  .stmt = &stmt_collect_check_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "抽查名单", .en = "Records drawn for checking" },
	{ .name = "collect_check_get", .method = METHOD_GET, .path = "/v1/jobs/collect-checks/{id}",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "jobs.collect.check_get", .reply = check_open_shape, .handler = collect_check_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看抽查信息及联系电话", .en = "Read a drawn record with the phone to call" },
	{ .name = "collect_check_result", .method = METHOD_POST,
	  .path = "/v1/jobs/collect-checks/{id}/result",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "jobs.collect.check", .body = INPUT(result_in, result_fields), .reply = check_shape,
	  .success = 200, .handler = collect_check_result, .limit = LIMIT_WRITE,
	  .zh = "登记电话核对结果", .en = "Mark what the call found" },
	{ .name = "collect_quality", .method = METHOD_GET, .path = "/v1/jobs/collect-tasks/{id}/quality",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.collect.quality",
	  .query = INPUT(quality_query, quality_query_fields), .list = true, .reply = quality_shape,
	  .stmt = &stmt_collect_quality, .limit = LIMIT_READ,
	  .zh = "采集质量", .en = "Quality of what was collected" },
	{ .name = "settlement_rule_set", .method = METHOD_POST, .path = "/v1/jobs/settlement-rules",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.settlement.rule",
	  .body = INPUT(rule_in, rule_fields), .reply = rule_shape, .handler = settlement_rule_set,
	  .limit = LIMIT_WRITE, .zh = "市级设定采集结算办法", .en = "Set how collection is settled (city)" },
	{ .name = "settlement_figures", .method = METHOD_GET, .path = "/v1/jobs/figures/collection",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS | ROLE_FISCAL, .scope = SCOPE_AREA,
	  .action = "jobs.settlement.figures", .query = INPUT(span_query, span_fields),
	  .reply = settlement_shape, .handler = settlement_figures, .limit = LIMIT_READ,
	  .zh = "采集结算数据", .en = "What was collected, and what it comes to" },
	ROUTE_END
};

static int
collect_check_get(struct call *c)
{
	struct db_rows	 rows;
	const char	*reply, *phone;
	struct json_out	 out;
	struct buf	 b;

	if (sql_collect_check_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	phone = db_text(&rows, 0, "phone");
	if (phone != NULL)
		phone = db_bool(&rows, 0, "own") ? NULL :
		    field_open(c->arena, "jobs.labour_record.phone", phone);
	reply = db_text(&rows, 0, "reply");
	buf_init(&b, 256);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "phone", phone);
	json_close(&out);
	reply = arena_printf(c->arena, "%.*s,%s", (int)strlen(reply) - 1, reply, buf_cstr(&b) + 1);
	buf_release(&b);
	call_reason(c, "抽查电话核对");
	return (call_reply(c, 200, reply));
}

/* Who was reached was asked something, each thing once. */
static int
collect_check_result(struct call *c)
{
	const struct result_in	*in = c->body;
	const struct mark_in	*m = in->fields.items;
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	const struct json	*list = json_get(root, "fields");
	struct db_rows		 rows;
	size_t			 i, j;

	if (in->reached != (in->fields.count > 0))
		return (call_reject(c, ERR_F_COUNT, "/fields"));
	for (i = 0; i < in->fields.count; i++)
		for (j = 0; j < i; j++)
			if (strcmp(m[i].name, m[j].name) == 0)
				return (call_reject(c, ERR_F_DUPLICATE,
				    arena_printf(c->arena, "/fields/%zu/name", i)));
	if (sql_collect_check_result(c->db, &rows, &c->id, in->reached,
	    list == NULL || json_is_null(list) ? NULL : json_text(c->arena, list)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
settlement_rule_set(struct call *c)
{
	const struct rule_in	*in = c->body;
	struct db_rows		 rows;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_settlement_rule_set(c->db, &rows, in->from_on, in->line_cents,
	    in->unit_price_cents == 0 ? NULL : &in->unit_price_cents,
	    in->min_score_bp == 0 ? NULL : &in->min_score_bp, in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
settlement_figures(struct call *c)
{
	const struct span_query	*q = c->query;
	struct db_rows		 rows;

	if (q->to_on < q->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "to_on"));
	if (sql_settlement_figures(c->db, &rows, q->from_on, q->to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
