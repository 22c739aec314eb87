/*
 * work_item.c -- the measures of the policy as work items, in versions;
 * what each county is to do in a year.
 *
 * Invariant: who sets does not confirm. The SQL is in
 * sql/monitoring/queries/work.sql.
 */
#include <string.h>

#include "monitoring_sql.h"
#include "sharing.h"

struct item_in {
	const char	*name, *action_name, *units, *indicators, *amounts, *basis;
	int64_t		 no;
	int32_t		 from_on;
};

struct quota_in {
	const char	*indicator, *what, *county_code, *legal_basis;
	int64_t		 item_no, year, amount;
};

struct quota_query {
	const char	*county_code, *state;
	int64_t		 item_no, year;
};

struct item_query {
	const char	*state;
};

static int	work_item_propose(struct call *);
static int	work_quota_set(struct call *);

static const char *const item_states[] = { "proposed", "active", "dropped", "replaced", NULL };
static const char *const quota_states[] = { "set", "confirmed", "dropped", "replaced", NULL };

static const struct field item_fields[] = {
	FIELD_INT(item_in, no, REQUIRED, 1, 99, "序号"),
	FIELD_TEXT(item_in, name, REQUIRED, 2, 80, "举措"),
	FIELD_TEXT(item_in, action_name, REQUIRED, 2, 80, "所属行动"),
	FIELD_JSON(item_in, units, REQUIRED, 2000, "责任单位列表"),
	FIELD_JSON(item_in, indicators, OPTIONAL, 1000, "指标代码列表"),
	FIELD_JSON(item_in, amounts, OPTIONAL, 4000, "资金列表 [{what, tier, count, unit_cents, total_cents}]"),
	FIELD_TEXT(item_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_DAY(item_in, from_on, REQUIRED, "起始日期"),
	FIELD_END
};
static const struct field item_query_fields[] = {
	FIELD_ENUM(item_query, state, OPTIONAL, item_states, "状态"),
	FIELD_END
};
static const struct field quota_fields[] = {
	FIELD_INT(quota_in, item_no, REQUIRED, 1, 99, "举措序号"),
	FIELD_TEXT(quota_in, indicator, OPTIONAL, 2, 60, "指标代码，可自动计数"),
	FIELD_TEXT(quota_in, what, OPTIONAL, 2, 60, "无指标时：任务名称"),
	FIELD_CHECK(quota_in, county_code, REQUIRED, check_county, "县级单位"),
	FIELD_INT(quota_in, year, REQUIRED, 2024, 2100, "年度"),
	FIELD_INT(quota_in, amount, REQUIRED, 1, INT64_C(1000000000000), "任务数"),
	FIELD_TEXT(quota_in, legal_basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};
static const struct field quota_query_fields[] = {
	FIELD_INT(quota_query, item_no, OPTIONAL, 1, 99, "举措序号"),
	FIELD_INT(quota_query, year, OPTIONAL, 2024, 2100, "年度"),
	FIELD_CHECK(quota_query, county_code, OPTIONAL, check_county, "县级单位"),
	FIELD_ENUM(quota_query, state, OPTIONAL, quota_states, "状态"),
	FIELD_END
};

static const struct shape item_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "版本" },
	{ .name = "no", .type = SHAPE_T_INT, .help = "序号" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本号" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "举措" },
	{ .name = "action", .type = SHAPE_T_TEXT, .help = "所属行动" },
	{ .name = "units", .type = SHAPE_T_LIST, .help = "责任单位" },
	{ .name = "indicators", .type = SHAPE_T_LIST, .help = "指标" },
	{ .name = "amounts", .type = SHAPE_T_JSON, .help = "政策列明的资金（分）" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "work_item_states", .help = "状态" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	SHAPE_END
};
static const struct shape quota_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "任务" },
	{ .name = "item_no", .type = SHAPE_T_INT, .help = "举措序号" },
	{ .name = "indicator", .type = SHAPE_T_TEXT, .nullable = true, .help = "指标" },
	{ .name = "what", .type = SHAPE_T_TEXT, .help = "任务名称" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "amount", .type = SHAPE_T_INT, .help = "任务数" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "work_quota_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "理由" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "confirmed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "确认时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "下达时间" },
	SHAPE_END
};

#define OF_OFFICE(c)	.callers = (c), .scope = SCOPE_AREA, .limit = LIMIT_WRITE

const struct route work_item_routes[] = {
	{ .name = "work_item_list", .method = METHOD_GET, .path = "/v1/monitoring/work-items",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.work_item.list",
	  .query = INPUT(item_query, item_query_fields), .list = true, .reply = item_shape,
	  .stmt = &stmt_work_item_list, .limit = LIMIT_READ,
	  .zh = "政策举措及责任单位", .en = "List the measures of the policy and who carries them out" },
	{ .name = "work_item_propose", .method = METHOD_POST, .path = "/v1/monitoring/work-items",
	  OF_OFFICE(ROLE_SHARERS), .action = "monitoring.work_item.propose", .body = INPUT(item_in, item_fields),
	  .reply = item_shape, .handler = work_item_propose,
	  .zh = "提出举措或其新版本", .en = "Propose a work item, or its next version" },
	{ .name = "work_item_confirm", .method = METHOD_POST, .path = "/v1/monitoring/work-items/{id}/confirm",
	  OF_OFFICE(ROLE_RECHECK | ROLE_APPROVE), .action = "monitoring.work_item.confirm", .reply = item_shape,
	  .success = 200, .stmt = &stmt_work_item_confirm,
	  .zh = "确认举措版本", .en = "Put a version of a work item in force" },
	{ .name = "work_item_drop", .method = METHOD_POST, .path = "/v1/monitoring/work-items/{id}/drop",
	  OF_OFFICE(ROLE_SHARERS), .action = "monitoring.work_item.drop", .reply = item_shape, .success = 200,
	  .stmt = &stmt_work_item_drop, .zh = "作废举措版本", .en = "Drop a proposed version" },
	{ .name = "work_quota_list", .method = METHOD_GET, .path = "/v1/monitoring/work-quotas",
	  .callers = ROLE_OFFICE, .scope = SCOPE_AREA, .action = "monitoring.work_quota.list",
	  .query = INPUT(quota_query, quota_query_fields), .list = true, .reply = quota_shape,
	  .stmt = &stmt_work_quota_list, .limit = LIMIT_READ,
	  .zh = "县级任务", .en = "List what counties are to do" },
	{ .name = "work_quota_set", .method = METHOD_POST, .path = "/v1/monitoring/work-quotas",
	  OF_OFFICE(ROLE_SHARERS), .action = "monitoring.work_quota.set", .body = INPUT(quota_in, quota_fields),
	  .reply = quota_shape, .handler = work_quota_set,
	  .zh = "下达县级任务", .en = "Set what a county is to do in a year" },
	{ .name = "work_quota_confirm", .method = METHOD_POST, .path = "/v1/monitoring/work-quotas/{id}/confirm",
	  OF_OFFICE(ROLE_RECHECK | ROLE_APPROVE), .action = "monitoring.work_quota.confirm", .reply = quota_shape,
	  .success = 200, .stmt = &stmt_work_quota_confirm, .emits = "monitoring.quota.confirmed.v1",
	  .zh = "确认县级任务", .en = "Confirm it, by another hand" },
	{ .name = "work_quota_drop", .method = METHOD_POST, .path = "/v1/monitoring/work-quotas/{id}/drop",
	  OF_OFFICE(ROLE_SHARERS), .action = "monitoring.work_quota.drop", .body = INPUT(note_in, note_fields),
	  .reply = quota_shape, .success = 200, .stmt = &stmt_work_quota_drop,
	  .zh = "撤回未确认的任务", .en = "Take back what is not confirmed" },
	ROUTE_END
};

static int
work_item_propose(struct call *c)
{
	const struct item_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 said;

	if (faults_list(c, in->units, "/units", false, &said) || faults_list(c, in->amounts, "/amounts", true, &said) ||
	    faults_list(c, in->indicators, "/indicators", false, &said))
		return (said);
	if (json_count(json_parse(c->arena, in->units, strlen(in->units))) == 0)
		return (call_reject(c, ERR_F_COUNT, "/units"));
	if (sql_work_item_faults(c->db, &rows, in->indicators) == -1)
		return (call_failed(c));
	if (!db_bool(&rows, 0, "is_city"))
		return (call_reject(c, ERR_AREA, NULL));
	if (faults_said(c, &rows, &said))
		return (said);
	call_object(c, &id);
	if (sql_work_item_propose(c->db, &rows, &id, in->no, in->name, in->action_name, in->units, in->indicators,
	    in->amounts, in->basis, in->from_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
work_quota_set(struct call *c)
{
	const struct quota_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 said;

	if (sql_work_quota_faults(c->db, &rows, in->item_no, in->indicator) == -1)
		return (call_failed(c));
	if (!db_bool(&rows, 0, "is_city"))
		return (call_reject(c, ERR_AREA, NULL));
	if ((in->indicator == NULL) == (in->what == NULL))
		return (call_reject(c, in->what == NULL ? ERR_F_MISSING : ERR_F_UNKNOWN, "/what"));
	if (faults_said(c, &rows, &said))
		return (said);
	if (!db_bool(&rows, 0, "has_item"))
		return (call_reject(c, ERR_F_CHOICE, "/item_no"));
	call_object(c, &id);
	if (sql_work_quota_set(c->db, &rows, &id, in->item_no, in->indicator, in->what, in->county_code, in->year,
	    in->amount, in->legal_basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
