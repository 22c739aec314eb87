/*
 * dataset.c -- what is shared with other departments: datasets in versions, put
 * in force by two hands, by three where rows are about persons.
 *
 * Invariant: what a version consists of never changes; statisticians see
 * aggregates only. The SQL is in sql/monitoring/queries/dataset.sql.
 */
#include "monitoring_sql.h"
#include "sharing.h"

struct dataset_in {
	const char	*code, *name, *kind, *owner, *purpose, *legal_basis, *measure, *dim, *grain;
	const char	*counties, *tags, *fields;
	struct uuid	 owner_org_id;
	int64_t		 least_n, reads_a_day, rows_a_day;
	int32_t		 from_on, expires_on;
};

struct dataset_query {
	const char	*code, *kind, *state;
};

struct usage_query {
	int32_t	from_on, to_on;
};

static int	dataset_propose(struct call *);
static int	dataset_list(struct call *);
static bool	lists_wrong(struct call *, const struct dataset_in *, int *);

static const char *const kinds[] = { "rows", "aggregate", NULL };
static const char *const grains[] = { "month", "year", NULL };
static const char *const states[] = { "proposed", "checked", "active", "refused", "revoked", "replaced", NULL };

static const struct field dataset_fields[] = {
	FIELD_TEXT(dataset_in, code, REQUIRED, 3, 40, "数据集代码：小写字母、数字、下划线"),
	FIELD_TEXT(dataset_in, name, REQUIRED, 2, 80, "名称"),
	FIELD_ENUM(dataset_in, kind, REQUIRED, kinds, "明细或汇总"),
	FIELD_TEXT(dataset_in, owner, REQUIRED, 2, 80, "数据责任部门"),
	FIELD_UUID(dataset_in, owner_org_id, OPTIONAL, "责任部门的单位标识，可查看使用情况"),
	FIELD_TEXT(dataset_in, purpose, REQUIRED, 4, 500, "共享用途"),
	FIELD_TEXT(dataset_in, legal_basis, REQUIRED, 4, 500, "法律依据"),
	FIELD_TEXT(dataset_in, measure, REQUIRED, 2, 60, "所共享的统计量"),
	FIELD_TEXT(dataset_in, dim, OPTIONAL, 2, 30, "汇总的维度"),
	FIELD_ENUM(dataset_in, grain, OPTIONAL, grains, "汇总周期：当月或年初至当月"),
	FIELD_INT(dataset_in, least_n, OPTIONAL, 5, 1000, "小于此数的格隐去，默认 5"),
	FIELD_JSON(dataset_in, counties, OPTIONAL, 400, "县级单位代码列表，不给为全市"),
	FIELD_JSON(dataset_in, tags, OPTIONAL, 1000, "明细须同时具有的标签，例：group=youth"),
	FIELD_DAY(dataset_in, from_on, OPTIONAL, "自何日起的数据"),
	FIELD_JSON(dataset_in, fields, OPTIONAL, 4000, "明细的字段列表 [{column, mask}]"),
	FIELD_INT(dataset_in, reads_a_day, REQUIRED, 1, 100000, "每个接收部门每日读取次数"),
	FIELD_INT(dataset_in, rows_a_day, REQUIRED, 1, 100000000, "每个接收部门每日读取行数"),
	FIELD_DAY(dataset_in, expires_on, REQUIRED, "有效期至"),
	FIELD_END
};
static const struct field dataset_query_fields[] = {
	FIELD_TEXT(dataset_query, code, OPTIONAL, 1, 40, "代码"),
	FIELD_ENUM(dataset_query, kind, OPTIONAL, kinds, "类别"),
	FIELD_ENUM(dataset_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};
static const struct field usage_query_fields[] = {
	FIELD_DAY(usage_query, from_on, OPTIONAL, "起"),
	FIELD_DAY(usage_query, to_on, OPTIONAL, "止"),
	FIELD_END
};
static const struct field check_fields[] = {
	FIELD_TEXT(note_in, note, OPTIONAL, 2, 500, "复核意见"),
	FIELD_END
};

static const struct shape field_shape[] = {
	{ .name = "column", .type = SHAPE_T_TEXT, .help = "字段" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "mask", .type = SHAPE_T_TEXT, .help = "脱敏方式" },
	{ .name = "is_personal", .type = SHAPE_T_BOOL, .help = "个人信息" },
	SHAPE_END
};
static const struct shape dataset_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "数据集版本" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "代码" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "明细或汇总" },
	{ .name = "owner", .type = SHAPE_T_TEXT, .help = "责任部门" },
	{ .name = "owner_org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "责任部门的单位标识" },
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "用途" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .help = "法律依据" },
	{ .name = "measure", .type = SHAPE_T_TEXT, .help = "统计量" },
	{ .name = "about_persons", .type = SHAPE_T_BOOL, .help = "明细涉及个人，须三人办理" },
	{ .name = "dim", .type = SHAPE_T_TEXT, .nullable = true, .help = "汇总维度" },
	{ .name = "grain", .type = SHAPE_T_TEXT, .nullable = true, .help = "汇总周期" },
	{ .name = "least_n", .type = SHAPE_T_INT, .nullable = true, .help = "小于此数的格隐去" },
	{ .name = "counties", .type = SHAPE_T_LIST, .help = "县级单位，空为全市" },
	{ .name = "tags", .type = SHAPE_T_LIST, .help = "须有的标签" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .nullable = true, .help = "数据起始日" },
	{ .name = "reads_a_day", .type = SHAPE_T_INT, .help = "每日读取次数" },
	{ .name = "rows_a_day", .type = SHAPE_T_INT, .help = "每日读取行数" },
	{ .name = "expires_on", .type = SHAPE_T_DAY, .help = "有效期至" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "dataset_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见或理由" },
	{ .name = "approved_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "批准时间" },
	{ .name = "ended_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "终止时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "fields", .type = SHAPE_T_LIST, .of = field_shape, .help = "字段" },
	SHAPE_END
};
static const struct shape column_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "字段" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "masks", .type = SHAPE_T_LIST, .help = "可用的脱敏方式" },
	{ .name = "is_personal", .type = SHAPE_T_BOOL, .help = "个人信息" },
	{ .name = "dim", .type = SHAPE_T_TEXT, .nullable = true, .help = "统计量须有此维度" },
	SHAPE_END
};
static const struct shape read_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "读取记录" },
	{ .name = "dataset_code", .type = SHAPE_T_TEXT, .help = "数据集" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "接收部门；空为市级工作人员" },
	{ .name = "reader", .type = SHAPE_T_UUID, .nullable = true, .help = "读取者账号" },
	{ .name = "what", .type = SHAPE_T_TEXT, .codes = "dataset_reads", .help = "全量、变更或汇总" },
	{ .name = "rows", .type = SHAPE_T_INT, .help = "行数" },
	{ .name = "position", .type = SHAPE_T_TEXT, .nullable = true, .help = "自何处读起" },
	{ .name = "upto_revision", .type = SHAPE_T_INT, .nullable = true, .help = "数据修订号" },
	{ .name = "request_id", .type = SHAPE_T_UUID, .nullable = true, .help = "请求标识" },
	{ .name = "read_at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};
static const struct shape by_recipient_shape[] = {
	{ .name = "recipient_name", .type = SHAPE_T_TEXT, .help = "接收部门" },
	{ .name = "reads", .type = SHAPE_T_INT, .help = "次数" },
	{ .name = "rows", .type = SHAPE_T_INT, .help = "行数" },
	{ .name = "last_at", .type = SHAPE_T_INSTANT, .help = "最近一次" },
	SHAPE_END
};
static const struct shape usage_shape[] = {
	{ .name = "dataset_code", .type = SHAPE_T_TEXT, .help = "数据集" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "止" },
	{ .name = "recipients", .type = SHAPE_T_LIST, .of = by_recipient_shape, .help = "按接收部门" },
	SHAPE_END
};

#define MOVES	.scope = SCOPE_AREA, .reply = dataset_shape, .success = 200, \
		.emits = "monitoring.dataset.changed.v1", .limit = LIMIT_WRITE

const struct route dataset_routes[] = {
	{ .name = "dataset_column_list", .method = METHOD_GET, .path = "/v1/monitoring/dataset-columns",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.dataset.columns", .list = true,
	  .reply = column_shape, .stmt = &stmt_dataset_column_list, .limit = LIMIT_READ,
	  .zh = "可共享的字段及其脱敏方式", .en = "List what datasets may consist of, and how it may be hidden" },
	{ .name = "dataset_propose", .method = METHOD_POST, .path = "/v1/monitoring/datasets",
	  .callers = ROLE_SHARERS, .scope = SCOPE_AREA, .action = "monitoring.dataset.propose",
	  .body = INPUT(dataset_in, dataset_fields), .reply = dataset_shape, .handler = dataset_propose,
	  .emits = "monitoring.dataset.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "提出数据集或其新版本", .en = "Propose a dataset, or its next version" },
	{ .name = "dataset_list", .method = METHOD_GET, .path = "/v1/monitoring/datasets",
	  .callers = ROLE_PARTNER | ROLE_OFFICE | ROLE_STATS, .scope = SCOPE_CALLER, .action = "monitoring.dataset.list",
	  .query = INPUT(dataset_query, dataset_query_fields), .list = true, .reply = dataset_shape,
	  .handler = dataset_list, .limit = LIMIT_READ,
	  .zh = "数据集目录", .en = "List datasets; statisticians see aggregates" },
	{ .name = "dataset_get", .method = METHOD_GET, .path = "/v1/monitoring/datasets/{id}",
	  .callers = ROLE_PARTNER | ROLE_OFFICE, .scope = SCOPE_CALLER, .action = "monitoring.dataset.get",
	  .reply = dataset_shape, .stmt = &stmt_dataset_get, .limit = LIMIT_READ,
	  .zh = "查看数据集", .en = "Read a dataset's definition" },
	{ .name = "dataset_check", .method = METHOD_POST, .path = "/v1/monitoring/datasets/{id}/check",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, MOVES, .action = "monitoring.dataset.check",
	  .body = INPUT(note_in, check_fields), .stmt = &stmt_dataset_check,
	  .zh = "复核涉及个人的数据集", .en = "Check a dataset whose rows are about persons" },
	{ .name = "dataset_approve", .method = METHOD_POST, .path = "/v1/monitoring/datasets/{id}/approve",
	  .callers = ROLE_APPROVE, MOVES, .action = "monitoring.dataset.approve", .stmt = &stmt_dataset_approve,
	  .zh = "批准数据集", .en = "Put a dataset in force" },
	{ .name = "dataset_end", .method = METHOD_POST, .path = "/v1/monitoring/datasets/{id}/revoke",
	  .callers = ROLE_SHARERS | ROLE_AUDIT, MOVES, .action = "monitoring.dataset.revoke",
	  .body = INPUT(note_in, note_fields), .stmt = &stmt_dataset_end,
	  .zh = "不予批准或立即停止共享", .en = "Refuse a dataset, or end it at once" },
	{ .name = "dataset_read_list", .method = METHOD_GET, .path = "/v1/monitoring/datasets/{id}/reads",
	  .callers = ROLE_SHARERS | ROLE_AUDIT, .scope = SCOPE_AREA, .action = "monitoring.dataset.reads",
	  .list = true, .reply = read_shape, .stmt = &stmt_dataset_read_list, .limit = LIMIT_READ,
	  .zh = "数据集读取记录", .en = "List the reads of a dataset" },
	{ .name = "dataset_usage", .method = METHOD_GET, .path = "/v1/monitoring/datasets/{id}/usage",
	  .callers = ROLE_PARTNER | ROLE_SHARERS | ROLE_AUDIT, .scope = SCOPE_CALLER, .action = "monitoring.dataset.usage",
	  .query = INPUT(usage_query, usage_query_fields), .reply = usage_shape, .stmt = &stmt_dataset_usage,
	  .limit = LIMIT_READ, .zh = "数据集使用情况（责任部门）", .en = "What a dataset was used for, for its owner" },
	ROUTE_END
};

/* Statisticians, whatever else they may be asked to filter by, see no datasets of rows. */
static int
dataset_list(struct call *c)
{
	const struct dataset_query	*q = c->query;
	bool				 figures = (c->principal->roles & (ROLE_PARTNER | ROLE_OFFICE)) == 0;
	struct db_rows			 rows;

	if (sql_dataset_list(c->db, &rows, call_after(c), call_limit(c) + 1, q->code, figures ? "aggregate" : q->kind,
	    q->state) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}

static int
dataset_propose(struct call *c)
{
	const struct dataset_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 said;

	if (lists_wrong(c, in, &said))
		return (said);
	if (sql_dataset_faults(c->db, &rows, in->kind, in->measure, in->dim, in->counties, in->fields) == -1)
		return (call_failed(c));
	if (!db_bool(&rows, 0, "is_city"))
		return (call_reject(c, ERR_AREA, NULL));
	if (faults_said(c, &rows, &said))
		return (said);
	if (in->expires_on < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/expires_on"));
	call_object(c, &id);
	if (sql_dataset_propose(c->db, &rows, &id, in->code, in->name, in->kind, in->owner,
	    uuid_is_nil(&in->owner_org_id) ? NULL : &in->owner_org_id, in->purpose, in->legal_basis, in->measure,
	    in->dim, in->grain, in->least_n, in->counties, in->tags, in->from_on, in->reads_a_day, in->rows_a_day,
	    in->expires_on) == -1 ||
	    sql_dataset_fields_put(c->db, &rows, &id, in->fields) == -1 ||
	    sql_dataset_get(c->db, &rows, &id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static bool
lists_wrong(struct call *c, const struct dataset_in *in, int *said)
{
	const char	*p;

	for (p = in->code; *p != '\0'; p++)
		if (!((*p >= 'a' && *p <= 'z') || (p > in->code && ((*p >= '0' && *p <= '9') || *p == '_')))) {
			*said = call_reject(c, ERR_F_FORMAT, "/code");
			return (true);
		}
	return (faults_list(c, in->counties, "/counties", false, said) || faults_list(c, in->tags, "/tags", false, said) ||
	    faults_list(c, in->fields, "/fields", true, said));
}
