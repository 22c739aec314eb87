/*
 * recipient.c -- who receives a dataset: a department asks, or is named by an
 * officer of the city; another officer says yes. Ended at once by any of them.
 *
 * The SQL is in sql/monitoring/queries/dataset.sql.
 */
#include "monitoring_sql.h"
#include "sharing.h"

struct recipient_in {
	const char	*dataset_code, *purpose, *legal_basis;
	struct uuid	 org_id;
	int32_t		 until_on;
};

struct recipient_query {
	const char	*dataset_code, *state;
};

static const char *const states[] = { "asked", "proposed", "active", "refused", "ended", NULL };

#define WHAT_FOR								\
	FIELD_TEXT(recipient_in, dataset_code, REQUIRED, 3, 40, "数据集"),	\
	FIELD_TEXT(recipient_in, purpose, REQUIRED, 4, 500, "用途"),		\
	FIELD_TEXT(recipient_in, legal_basis, REQUIRED, 4, 500, "法律依据"),	\
	FIELD_DAY(recipient_in, until_on, REQUIRED, "使用期限至")

static const struct field ask_fields[] = {
	WHAT_FOR,
	FIELD_END
};
static const struct field recipient_fields[] = {
	WHAT_FOR,
	FIELD_UUID(recipient_in, org_id, REQUIRED, "接收部门（机关）"),
	FIELD_END
};
static const struct field recipient_query_fields[] = {
	FIELD_TEXT(recipient_query, dataset_code, OPTIONAL, 1, 40, "数据集"),
	FIELD_ENUM(recipient_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape recipient_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "共享关系" },
	{ .name = "dataset_code", .type = SHAPE_T_TEXT, .help = "数据集" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "接收部门" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "接收部门名称" },
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "用途" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .help = "法律依据" },
	{ .name = "until_on", .type = SHAPE_T_DAY, .help = "使用期限至" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "dataset_recipient_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "理由" },
	{ .name = "ended_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "终止时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申请时间" },
	{ .name = "reads_today", .type = SHAPE_T_INT, .help = "今日已读取次数" },
	{ .name = "rows_today", .type = SHAPE_T_INT, .help = "今日已读取行数" },
	SHAPE_END
};

#define MOVES	.scope = SCOPE_AREA, .reply = recipient_shape, .success = 200, \
		.emits = "monitoring.recipient.changed.v1", .limit = LIMIT_WRITE

const struct route recipient_routes[] = {
	{ .name = "recipient_ask", .method = METHOD_POST, .path = "/v1/monitoring/dataset-requests",
	  .callers = ROLE_PARTNER, .scope = SCOPE_ORG, .action = "monitoring.recipient.ask",
	  .body = INPUT(recipient_in, ask_fields), .reply = recipient_shape, .stmt = &stmt_recipient_ask,
	  .emits = "monitoring.recipient.changed.v1", .limit = LIMIT_WRITE, .matter = "MO-30",
	  .zh = "部门申请数据共享", .en = "Ask to receive a dataset" },
	{ .name = "recipient_propose", .method = METHOD_POST, .path = "/v1/monitoring/dataset-recipients",
	  .callers = ROLE_SHARERS, .scope = SCOPE_AREA, .action = "monitoring.recipient.propose",
	  .body = INPUT(recipient_in, recipient_fields), .reply = recipient_shape, .stmt = &stmt_recipient_propose,
	  .emits = "monitoring.recipient.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "提出接收部门", .en = "Name a department that is to receive a dataset" },
	{ .name = "recipient_list", .method = METHOD_GET, .path = "/v1/monitoring/dataset-recipients",
	  .callers = ROLE_PARTNER | ROLE_SHARERS | ROLE_AUDIT, .scope = SCOPE_CALLER, .action = "monitoring.recipient.list",
	  .query = INPUT(recipient_query, recipient_query_fields), .list = true, .reply = recipient_shape,
	  .stmt = &stmt_recipient_list, .limit = LIMIT_READ,
	  .zh = "共享关系；部门查看本部门的", .en = "Who receives what; a department sees its own" },
	{ .name = "recipient_endorse", .method = METHOD_POST, .path = "/v1/monitoring/dataset-recipients/{id}/endorse",
	  .callers = ROLE_SHARERS, MOVES, .action = "monitoring.recipient.endorse", .stmt = &stmt_recipient_endorse,
	  .zh = "受理共享申请", .en = "Take up what a department asked for" },
	{ .name = "recipient_approve", .method = METHOD_POST, .path = "/v1/monitoring/dataset-recipients/{id}/approve",
	  .callers = ROLE_APPROVE, MOVES, .action = "monitoring.recipient.approve", .stmt = &stmt_recipient_approve,
	  .zh = "批准共享", .en = "Let the department receive it" },
	{ .name = "recipient_end", .method = METHOD_POST, .path = "/v1/monitoring/dataset-recipients/{id}/end",
	  .callers = ROLE_SHARERS | ROLE_AUDIT, MOVES, .action = "monitoring.recipient.end",
	  .body = INPUT(note_in, note_fields), .stmt = &stmt_recipient_end,
	  .zh = "不予共享或立即停止", .en = "Refuse, or end at once" },
	ROUTE_END
};
