/*
 * round_entry.c -- entries (申报) in a round, by employers and persons.
 *
 * Invariant: one entry of an entrant in a round; what the data say of it is
 * judged by the round's conditions when it enters and again at the close.
 */
#include "workflow/round.h"

#include "platform_sql.h"
#include "workflow/file.h"

struct statement_in {
	const char	*code, *text;
};

struct entry_in {
	struct list_of	 statements;	/* struct statement_in */
};

struct entry_query {
	struct uuid	 round_id;
	const char	*state;
};

static int	round_enter(struct call *);
static int	round_entry_file(struct call *);

static const char *const states[] = { "submitted", "withdrawn", "unfit", NULL };

static const struct field statement_fields[] = {
	FIELD_TEXT(statement_in, code, REQUIRED, 1, 20, "指标编号"),
	FIELD_TEXT(statement_in, text, REQUIRED, 2, 4000, "申报内容"),
	FIELD_END
};

static const struct field entry_fields[] = {
	FIELD_LIST(entry_in, statements, OPTIONAL, 0, 20, statement_in, statement_fields, "逐项申报内容"),
	FIELD_END
};

static const struct field entry_query_fields[] = {
	FIELD_UUID(entry_query, round_id, OPTIONAL, "评选"),
	FIELD_ENUM(entry_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape entry_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "申报" },
	{ .name = "round_id", .type = SHAPE_T_UUID, .help = "评选" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "round_title", .type = SHAPE_T_TEXT, .help = "公告标题" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申报单位；对匿名评审的评委不显示" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申报人；对匿名评审的评委不显示" },
	{ .name = "name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称，个人脱敏" },
	{ .name = "statements", .type = SHAPE_T_JSON, .help = "逐项申报内容" },
	{ .name = "files", .type = SHAPE_T_JSON, .help = "佐证材料" },
	{ .name = "checks", .type = SHAPE_T_JSON, .help = "申报条件逐条核对" },
	{ .name = "data", .type = SHAPE_T_JSON, .help = "数据计分及计算依据，截止后生成" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "round_entry_states", .help = "状态" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所在地" },
	{ .name = "entered_at", .type = SHAPE_T_INSTANT, .help = "申报时间" },
	SHAPE_END
};

static const struct shape check_shape[] = {
	{ .name = "round_id", .type = SHAPE_T_UUID, .help = "评选" },
	{ .name = "open", .type = SHAPE_T_BOOL, .help = "申报中" },
	{ .name = "entrant", .type = SHAPE_T_BOOL, .help = "属于申报对象" },
	{ .name = "county", .type = SHAPE_T_BOOL, .nullable = true, .help = "在可申报的县区" },
	{ .name = "checks", .type = SHAPE_T_JSON, .help = "申报条件逐条核对" },
	{ .name = "data", .type = SHAPE_T_JSON, .help = "按今天的数据计分" },
	SHAPE_END
};

const struct route round_entry_routes[] = {
	{ .name = "round_check", .method = METHOD_GET, .path = "/v1/$/rounds/{id}/check",
	  .callers = ROLE_ENTRANTS, .scope = SCOPE_CALLER, .action = "$.round.check",
	  .reply = check_shape, .stmt = &stmt_round_check, .limit = LIMIT_READ,
	  .zh = "申报前核对条件和数据得分", .en = "See what an entry of the caller would meet and score" },
	{ .name = "round_enter", .method = METHOD_POST, .path = "/v1/$/rounds/{id}/entries",
	  .callers = ROLE_ENTRANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "$.round.enter", .body = INPUT(entry_in, entry_fields), .reply = entry_shape,
	  .handler = round_enter, .limit = LIMIT_WRITE, .matter = "$-35",
	  .zh = "申报评选", .en = "Enter a round" },
	{ .name = "round_entry_file", .method = METHOD_POST, .path = "/v1/$/round-entries/{id}/files",
	  .callers = ROLE_ENTRANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "$.round.enter", .query = INPUT(file_query, file_query_fields), .raw_body = true,
	  .reply = file_shape, .handler = round_entry_file, .limit = LIMIT_IMPORT,
	  .zh = "为一项指标提交佐证材料", .en = "Hand in evidence for a criterion" },
	{ .name = "round_entry_withdraw", .method = METHOD_POST, .path = "/v1/$/round-entries/{id}/withdraw",
	  .callers = ROLE_ENTRANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "$.round.enter", .reply = entry_shape, .success = 200,
	  .stmt = &stmt_round_entry_withdraw, .limit = LIMIT_WRITE,
	  .zh = "截止前撤回申报", .en = "Withdraw an entry before the close" },
	{ .name = "round_entry_list", .method = METHOD_GET, .path = "/v1/$/round-entries",
	  .callers = ROLE_SELECTION_OFFICERS | ROLE_ENTRANTS, .scope = SCOPE_CALLER,
	  .action = "$.round.entries", .query = INPUT(entry_query, entry_query_fields), .list = true,
	  .reply = entry_shape, .stmt = &stmt_round_entry_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "申报列表（本人、本单位或辖区）", .en = "List entries of the caller or its area" },
	{ .name = "round_entry_get", .method = METHOD_GET, .path = "/v1/$/round-entries/{id}",
	  .callers = ROLE_SELECTION_OFFICERS | ROLE_ENTRANTS, .scope = SCOPE_CALLER,
	  .action = "$.round.entries", .reply = entry_shape, .stmt = &stmt_round_entry_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON, .zh = "查看申报", .en = "Read an entry" },
	ROUTE_END
};

static int
round_enter(struct call *c)
{
	const struct entry_in	*in = c->body;
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (sql_round_enter(c->db, &rows, &id, &c->id,
	    in->statements.count == 0 ? "[]" : json_text(c->arena, json_get(root, "statements"))) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Handed in is handed in: it stays as it is, and others may be added until the close. */
static int
round_entry_file(struct call *c)
{
	const struct file_query	*q = c->query;
	struct file_for		 f = { .subject_kind = "entry", .subject = c->id, .keep_until = DAY_NONE };
	struct uuid		 owner;
	struct db_rows		 rows;
	int			 status;

	if (sql_round_entry_open(c->db, &rows, &c->id, q->slot) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&rows, 0, "open"))
		return (call_reject(c, ERR_SELECTION_ROUND_CLOSED, NULL));
	if (!db_bool(&rows, 0, "slot"))
		return (call_reject(c, ERR_F_CHOICE, "slot"));
	owner = db_uuid(&rows, 0, db_null(&rows, 0, "org_id") ? "person_id" : "org_id");
	*(db_null(&rows, 0, "org_id") ? &f.person : &f.org) = &owner;
	f.county = db_text(&rows, 0, "county_code");
	f.area = db_text(&rows, 0, "area_code");
	status = file_keep(c, q, &f);
	if (call_status(c) == 201 && file_lock(c->db, &c->id) == -1)
		return (call_failed(c));
	return (status);
}
