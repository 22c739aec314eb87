/*
 * right.c -- rights as data: what each program admits, told by itself when it
 * starts; what the security administrators withdrew from a role in an area, and
 * gave back.
 *
 * Invariant: data only takes away from what the code admits. A withdrawal is
 * within the area of who makes it, needs a second person where a grant of that
 * role would, and never touches what is needed to give it back.
 */
#include "grant.h"
#include "codes/codes.h"
#include "identity_sql.h"

#define ROWS_BYTES	(1 << 18)

struct actions_in {
	const char	*service;
	const char	*rows;
};

struct right_query {
	const char	*role;
	const char	*action;
	const char	*service;
	const char	*data_scope;
};

struct withdrawal_in {
	const char	*role;
	const char	*action;
	const char	*area_code;
	int32_t		 from_on;
	int32_t		 to_on;
	const char	*why;
};

struct withdrawal_query {
	const char	*role;
	const char	*action;
	const char	*county_code;
	const char	*state;
};

static int	right_withdraw(struct call *);
static int	withdrawal_judge(struct call *, const struct withdrawal_in *);
static int	right_confirm(struct call *);
static int	right_return(struct call *);
static bool	is_kept(const struct withdrawal_in *);

#define PEOPLE	"person", "employer", "partner", "institution", "carrier"
static const char *const people[] = { PEOPLE, NULL };
static const char *const roles[] = { PEOPLE, "clerk", "first_review", "recheck", "approve",
	"finance", "fiscal", "audit", "stats", "system_admin", "security_admin", "audit_admin", NULL };
static const char *const states[] = { "proposed", "active", "ended", NULL };
static const char *const data_scopes[] = { "own", "own_organisation", "own_outlet", "area", "all",
	NULL };

static const struct field actions_in_fields[] = {
	FIELD_TEXT(actions_in, service, REQUIRED, 3, 30, "程序"),
	FIELD_JSON(actions_in, rows, REQUIRED, ROWS_BYTES, "接口行"),
	FIELD_END
};

static const struct field right_query_fields[] = {
	FIELD_ENUM(right_query, role, OPTIONAL, roles, "角色"),
	FIELD_TEXT(right_query, action, OPTIONAL, 3, 80, "事项动作"),
	FIELD_TEXT(right_query, service, OPTIONAL, 3, 30, "程序"),
	FIELD_ENUM(right_query, data_scope, OPTIONAL, data_scopes, "数据范围"),
	FIELD_END
};

static const struct field withdrawal_in_fields[] = {
	FIELD_ENUM(withdrawal_in, role, REQUIRED, roles, "角色"),
	FIELD_TEXT(withdrawal_in, action, REQUIRED, 3, 80, "收回的动作"),
	FIELD_CHECK(withdrawal_in, area_code, REQUIRED, check_area, "区域，含其下级"),
	FIELD_DAY(withdrawal_in, from_on, OPTIONAL, "起始日期，默认今天"),
	FIELD_DAY(withdrawal_in, to_on, OPTIONAL, "截止日期，默认至归还"),
	FIELD_TEXT(withdrawal_in, why, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct field withdrawal_query_fields[] = {
	FIELD_ENUM(withdrawal_query, role, OPTIONAL, roles, "角色"),
	FIELD_TEXT(withdrawal_query, action, OPTIONAL, 3, 80, "动作"),
	FIELD_CHECK(withdrawal_query, county_code, OPTIONAL, check_county, "县级单位代码"),
	FIELD_ENUM(withdrawal_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape right_shape[] = {
	{ .name = "role", .type = SHAPE_T_TEXT, .codes = "roles", .help = "角色" },
	{ .name = "action", .type = SHAPE_T_TEXT, .help = "动作" },
	{ .name = "service", .type = SHAPE_T_TEXT, .codes = "services", .help = "程序" },
	{ .name = "data_scope", .type = SHAPE_T_TEXT, .codes = "right_data_scopes", .help = "数据范围" },
	{ .name = "zh", .type = SHAPE_T_TEXT, .help = "中文名称" },
	{ .name = "en", .type = SHAPE_T_TEXT, .help = "英文名称" },
	{ .name = "withdrawn_in", .type = SHAPE_T_LIST, .codes = "areas", .help = "已收回的区域" },
	SHAPE_END
};

static const struct shape withdrawal_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "收回记录" },
	{ .name = "role", .type = SHAPE_T_TEXT, .codes = "roles", .help = "角色" },
	{ .name = "action", .type = SHAPE_T_TEXT, .help = "动作" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "区域" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "截止日期" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "grant_states", .help = "状态" },
	{ .name = "why", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "proposed_by", .type = SHAPE_T_UUID, .help = "提出人" },
	{ .name = "proposed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "confirmed_by", .type = SHAPE_T_UUID, .nullable = true, .help = "确认人" },
	{ .name = "confirmed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "确认时间" },
	{ .name = "ended_by", .type = SHAPE_T_UUID, .nullable = true, .help = "归还人" },
	{ .name = "ended_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "归还时间" },
	{ .name = "end_why", .type = SHAPE_T_TEXT, .nullable = true, .help = "归还原因" },
	SHAPE_END
};

const struct route right_routes[] = {
	{ .name = "action_register", .method = METHOD_POST, .path = "/internal/actions",
	  .callers = ROLE_SERVICE, .scope = SCOPE_INTERNAL, .action = "internal.actions",
	  .body = INPUT(actions_in, actions_in_fields), .success = 200, .key = KEY_NONE,
	  .stmt = &stmt_action_register,
	  .zh = "程序登记其接口", .en = "A program tells its rows" },
	{ .name = "right_withdrawn", .method = METHOD_GET, .path = "/internal/rights",
	  .callers = ROLE_SERVICE, .scope = SCOPE_INTERNAL, .action = "internal.rights",
	  .stmt = &stmt_right_withdrawn,
	  .zh = "今日收回的权限", .en = "What is withdrawn today" },
	{ .name = "right_list", .method = METHOD_GET, .path = "/v1/identity/rights",
	  .callers = ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN, .scope = SCOPE_AREA,
	  .action = "identity.right.list", .query = INPUT(right_query, right_query_fields),
	  .list = true, .reply = right_shape, .stmt = &stmt_right_list, .limit = LIMIT_READ,
	  .zh = "权限表：角色、动作、数据范围", .en = "Rights: role by action by data scope" },
	{ .name = "right_withdraw", .method = METHOD_POST, .path = "/v1/identity/rights/withdrawals",
	  .callers = ROLE_SECURITY_ADMIN, .scope = SCOPE_AREA, .action = "identity.right.withdraw",
	  .body = INPUT(withdrawal_in, withdrawal_in_fields), .reply = withdrawal_shape,
	  .handler = right_withdraw, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.rights.changed.v1",
	  .zh = "收回角色的一项权限", .en = "Withdraw an action from a role in an area" },
	{ .name = "right_confirm", .method = METHOD_POST,
	  .path = "/v1/identity/rights/withdrawals/{id}/confirm",
	  .callers = ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN, .scope = SCOPE_AREA,
	  .action = "identity.right.confirm", .reply = withdrawal_shape, .success = 200,
	  .handler = right_confirm, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.rights.changed.v1",
	  .zh = "第二人确认收回", .en = "Agree to a withdrawal as the second person" },
	{ .name = "right_return", .method = METHOD_POST,
	  .path = "/v1/identity/rights/withdrawals/{id}/return",
	  .callers = ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN, .scope = SCOPE_AREA,
	  .action = "identity.right.return", .body = INPUT(end_in, end_in_fields),
	  .reply = withdrawal_shape, .success = 200,
	  .handler = right_return, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.rights.changed.v1",
	  .zh = "归还权限，或不同意收回", .en = "Give an action back, or decline to agree" },
	{ .name = "right_withdrawal_list", .method = METHOD_GET,
	  .path = "/v1/identity/rights/withdrawals",
	  .callers = ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN, .scope = SCOPE_AREA,
	  .action = "identity.right.withdrawals",
	  .query = INPUT(withdrawal_query, withdrawal_query_fields), .list = true,
	  .reply = withdrawal_shape, .stmt = &stmt_right_withdrawal_list, .limit = LIMIT_READ,
	  .zh = "辖区收回的权限，含历史", .en = "What was withdrawn in one's area, with history" },
	ROUTE_END
};

static int
right_withdraw(struct call *c)
{
	const struct withdrawal_in	*in = c->body;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;
	int				 result;

	if ((result = withdrawal_judge(c, in)) != 0)
		return (result);
	if (sql_right_known(c->db, &rows, in->role, in->action) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_invalid(c, "/action", ERR_F_CHOICE));
	if (sql_right_withdraw(c->db, &rows, &id, in->role, in->action, county_of(in->area_code),
	    in->area_code, in->from_on, in->to_on, in->why, &c->principal->subject) == -1) {
		if (c->db->error == DB_UNIQUE)
			return (call_reject(c, ERR_EXISTS, NULL));
		return (call_failed(c));
	}
	return (call_reply_row(c, 201, &rows));
}

/* People and organisations act in no area: theirs is withdrawn everywhere or not at all. */
static int
withdrawal_judge(struct call *c, const struct withdrawal_in *in)
{
	size_t	i;

	if (!call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	if (is_kept(in))
		return (call_reject(c, ERR_RIGHT_KEPT, "/action"));
	for (i = 0; people[i] != NULL; i++)
		if (strcmp(in->role, people[i]) == 0 && strcmp(in->area_code, AREA_CITY) != 0)
			return (call_invalid(c, "/area_code", ERR_F_CHOICE));
	return (days_judge(c, in->from_on, in->to_on));
}

/* Whoever gives back must always be able to. */
static bool
is_kept(const struct withdrawal_in *in)
{
	return (strncmp(in->action, "identity.right.", 15) == 0 ||
	    (strncmp(in->action, "identity.grant.", 15) == 0 &&
	    strcmp(in->role, "security_admin") == 0));
}

static int
right_confirm(struct call *c)
{
	struct db_rows	rows;
	int		result;

	if (sql_right_find(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if ((result = second_judge(c, &rows)) != 0)
		return (result);
	if (sql_right_confirm(c->db, &rows, &c->id, &c->principal->subject) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* What two people took, one of them alone does not give back. */
static int
right_return(struct call *c)
{
	const struct end_in	*in = c->body;
	struct db_rows		 rows;
	struct uuid		 proposer;

	if (sql_right_find(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!may_agree(c, db_text(&rows, 0, "area_code")))
		return (call_reject(c, ERR_AREA, NULL));
	if (strcmp(db_text(&rows, 0, "state"), "ended") == 0)
		return (call_reject(c, ERR_STATE, NULL));
	proposer = db_uuid(&rows, 0, "proposed_by");
	if (db_bool(&rows, 0, "powerful") && strcmp(db_text(&rows, 0, "state"), "active") == 0 &&
	    uuid_equal(&proposer, &c->principal->subject))
		return (call_reject(c, ERR_SECOND_PERSON, NULL));
	if (sql_right_return(c->db, &rows, &c->id, in->why, &c->principal->subject) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
