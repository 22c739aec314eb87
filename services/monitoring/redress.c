/*
 * redress.c -- 差评: each is given to an officer other than the one rated, called
 * about, put right, answered and closed, or found malicious by two.
 *
 * Invariant: who was rated never handles it; who handled it never closes it;
 * who calls a word malicious does not decide that it is (sql/monitoring/063).
 */
#include "monitoring.h"
#include "codes/codes.h"
#include "monitoring_sql.h"

struct redress_query {
	const char	*state, *county_code;
	bool		 overdue, mine;
};

struct redress_in {
	const char	*step, *note;
	struct uuid	 officer_id;
};

static const char *const states[] = { "open", "assigned", "contacted", "rectified", "answered", "closed",
	"appealed", "void", NULL };
static const char *const steps[] = { "assign", "contact", "rectify", "answer", "close", "appeal",
	"uphold", "dismiss", NULL };

static const struct field redress_query_fields[] = {
	FIELD_ENUM(redress_query, state, OPTIONAL, states, "处理状态"),
	FIELD_BOOL(redress_query, overdue, OPTIONAL, "只看逾期未答复的"),
	FIELD_BOOL(redress_query, mine, OPTIONAL, "只看分派给我的"),
	FIELD_CHECK(redress_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_END
};
static const struct field redress_in_fields[] = {
	FIELD_ENUM(redress_in, step, REQUIRED, steps, "步骤"),
	FIELD_TEXT(redress_in, note, OPTIONAL, 2, 500, "经过、答复或理由；分派以外必填"),
	FIELD_UUID(redress_in, officer_id, OPTIONAL, "分派给谁，默认本人"),
	FIELD_END
};

static const struct shape step_shape[] = {
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "redress_steps", .help = "步骤" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "经过" },
	{ .name = "actor", .type = SHAPE_T_UUID, .help = "办理人" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

#define REDRESS								\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "差评处理" },		\
	{ .name = "rating_id", .type = SHAPE_T_UUID, .help = "评价" },		\
	{ .name = "matter_code", .type = SHAPE_T_TEXT, .help = "事项编码" },	\
	{ .name = "stars", .type = SHAPE_T_INT, .codes = "rating_stars", .help = "评价" }, \
	{ .name = "reasons", .type = SHAPE_T_LIST, .codes = "matter_rating_reasons", .help = "原因" }, \
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },	\
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "redress_states", .help = "处理状态" }, \
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "答复期限；空为未设定" },	\
	{ .name = "overdue", .type = SHAPE_T_BOOL, .nullable = true, .help = "逾期未答复；空为未设期限" },	\
	{ .name = "assigned_to", .type = SHAPE_T_UUID, .nullable = true, .help = "承办人" },	\
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "答复" },	\
	{ .name = "opened_on", .type = SHAPE_T_DAY, .help = "立案日期" },		\
	{ .name = "ended_on", .type = SHAPE_T_DAY, .nullable = true, .help = "办结日期" },	\
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }

static const struct shape redress_shape[] = { REDRESS, SHAPE_END };
static const struct shape redress_whole_shape[] = {
	REDRESS,
	{ .name = "steps", .type = SHAPE_T_LIST, .of = step_shape, .help = "经过" },
	SHAPE_END
};

const struct route redress_routes[] = {
	{ .name = "redress_list", .method = METHOD_GET, .path = "/v1/monitoring/redress",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "monitoring.redress.list",
	  .query = INPUT(redress_query, redress_query_fields), .list = true, .reply = redress_shape,
	  .stmt = &stmt_redress_list, .limit = LIMIT_READ,
	  .zh = "差评处理", .en = "Bad ratings and what becomes of them" },
	{ .name = "redress_get", .method = METHOD_GET, .path = "/v1/monitoring/redress/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "monitoring.redress.get",
	  .reply = redress_whole_shape, .stmt = &stmt_redress_get, .limit = LIMIT_READ,
	  .zh = "一条差评的处理经过", .en = "A bad rating, step by step" },
	{ .name = "redress_move", .method = METHOD_POST, .path = "/v1/monitoring/redress/{id}/steps",
	  .callers = ROLE_CASE_OFFICERS & ~ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "monitoring.redress.move", .body = INPUT(redress_in, redress_in_fields),
	  .reply = redress_shape, .success = 200, .stmt = &stmt_redress_move,
	  .emits = "monitoring.redress.moved.v1 monitoring.rating.voided.v1", .limit = LIMIT_WRITE,
	  .zh = "差评处理：分派、回访、整改、答复、办结、申诉", .en = "Take a bad rating one step further" },
	ROUTE_END
};
