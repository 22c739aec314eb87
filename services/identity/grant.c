/*
 * grant.c -- role × area × data scope, from day to day, given to officers by
 * the security administrator of that area or of one above it.
 *
 * Invariant: nobody gives beyond the own area or to oneself; approval, money,
 * audit, the three administrators and whatever reaches the whole city take
 * effect only when a second person has agreed. Constraints of the table keep
 * all of it but the giver's area, which is the token's and kept here.
 */
#include "grant.h"
#include "officer.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "identity_sql.h"

#define MOVED_GRANTS	8

struct grant_in {
	struct uuid	 officer_id;
	const char	*role;
	const char	*area_code;
	const char	*data_scope;
	struct uuid	 outlet_id;
	int32_t		 from_on;
	int32_t		 to_on;
	const char	*why;
};

struct transfer_in {
	const char	*area_code;
	const char	*unit;
	const char	*why;
	struct list_of	 grants;
};

struct grant_query {
	struct uuid	 officer_id;
	const char	*role;
	const char	*county_code;
	const char	*state;
};

static int	grant_propose(struct call *);
static int	grant_confirm(struct call *);
static int	grant_withdraw(struct call *);
static int	officer_transfer(struct call *);
static int	transfer_grants(struct call *, const struct transfer_in *);
static int	grant_judge(struct call *, const struct grant_in *);
static int	grant_add(struct call *, const struct grant_in *, struct db_rows *);

static const char *const roles[] = { "clerk", "first_review", "recheck", "approve", "finance",
	"fiscal", "audit", "stats", "system_admin", "security_admin", "audit_admin", NULL };
static const char *const data_scopes[] = { "area", "outlet", NULL };
static const char *const states[] = { "proposed", "active", "ended", NULL };

#define WHAT_FIELDS							\
	FIELD_ENUM(grant_in, role, REQUIRED, roles, "角色"),		\
	FIELD_CHECK(grant_in, area_code, REQUIRED, check_area, "授权区域"),	\
	FIELD_ENUM(grant_in, data_scope, OPTIONAL, data_scopes, "数据范围，默认辖区"),	\
	FIELD_UUID(grant_in, outlet_id, OPTIONAL, "网点，数据范围为本网点时必填"),	\
	FIELD_DAY(grant_in, from_on, OPTIONAL, "生效日期，默认今天"),	\
	FIELD_DAY(grant_in, to_on, OPTIONAL, "截止日期，默认长期")

static const struct field grant_in_fields[] = {
	FIELD_UUID(grant_in, officer_id, REQUIRED, "工作人员"),
	WHAT_FIELDS,
	FIELD_TEXT(grant_in, why, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct field moved_fields[] = {
	WHAT_FIELDS,
	FIELD_END
};

static const struct field transfer_in_fields[] = {
	FIELD_CHECK(transfer_in, area_code, REQUIRED, check_area, "调入行政区划"),
	FIELD_TEXT(transfer_in, unit, OPTIONAL, 2, 100, "调入单位"),
	FIELD_TEXT(transfer_in, why, REQUIRED, 2, 200, "依据"),
	FIELD_LIST(transfer_in, grants, OPTIONAL, 0, MOVED_GRANTS, grant_in, moved_fields, "新授权"),
	FIELD_END
};

const struct field end_in_fields[] = {
	FIELD_TEXT(end_in, why, REQUIRED, 2, 200, "原因"),
	FIELD_END
};

static const struct field grant_query_fields[] = {
	FIELD_UUID(grant_query, officer_id, OPTIONAL, "工作人员"),
	FIELD_ENUM(grant_query, role, OPTIONAL, roles, "角色"),
	FIELD_CHECK(grant_query, county_code, OPTIONAL, check_county, "县级单位代码"),
	FIELD_ENUM(grant_query, state, OPTIONAL, states, "授权状态"),
	FIELD_END
};

static const struct shape grant_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "授权" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "工作人员" },
	{ .name = "role", .type = SHAPE_T_TEXT, .codes = "roles", .help = "角色" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "授权区域" },
	{ .name = "data_scope", .type = SHAPE_T_TEXT, .codes = "grant_data_scopes", .help = "数据范围" },
	{ .name = "outlet_id", .type = SHAPE_T_UUID, .nullable = true, .help = "网点" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "生效日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "截止日期" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "grant_states", .help = "授权状态" },
	{ .name = "why", .type = SHAPE_T_TEXT, .nullable = true, .help = "依据" },
	{ .name = "proposed_by", .type = SHAPE_T_UUID, .nullable = true, .help = "授权人" },
	{ .name = "proposed_at", .type = SHAPE_T_INSTANT, .help = "授权时间" },
	{ .name = "confirmed_by", .type = SHAPE_T_UUID, .nullable = true, .help = "确认人" },
	{ .name = "confirmed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "确认时间" },
	{ .name = "ended_by", .type = SHAPE_T_UUID, .nullable = true, .help = "终止人" },
	{ .name = "ended_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "终止时间" },
	{ .name = "end_why", .type = SHAPE_T_TEXT, .nullable = true, .help = "终止原因" },
	SHAPE_END
};

const struct route grant_routes[] = {
	{ .name = "grant_propose", .method = METHOD_POST, .path = "/v1/identity/grants",
	  .callers = ROLE_SECURITY_ADMIN, .scope = SCOPE_AREA, .action = "identity.grant.propose",
	  .body = INPUT(grant_in, grant_in_fields), .reply = grant_shape,
	  .handler = grant_propose, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.access.revoked.v1",
	  .zh = "授予角色", .en = "Grant a role in an area" },
	{ .name = "grant_confirm", .method = METHOD_POST, .path = "/v1/identity/grants/{id}/confirm",
	  .callers = ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN, .scope = SCOPE_AREA,
	  .action = "identity.grant.confirm", .reply = grant_shape, .success = 200,
	  .handler = grant_confirm, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.access.revoked.v1",
	  .zh = "第二人确认授权", .en = "Agree to a grant as the second person" },
	{ .name = "grant_withdraw", .method = METHOD_POST, .path = "/v1/identity/grants/{id}/withdraw",
	  .callers = ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN, .scope = SCOPE_AREA,
	  .action = "identity.grant.withdraw", .body = INPUT(end_in, end_in_fields),
	  .reply = grant_shape, .success = 200,
	  .handler = grant_withdraw, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.access.revoked.v1",
	  .zh = "收回或不同意授权", .en = "Withdraw a grant, or decline to agree" },
	{ .name = "grant_list", .method = METHOD_GET, .path = "/v1/identity/grants",
	  .callers = ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN, .scope = SCOPE_AREA,
	  .action = "identity.grant.list", .query = INPUT(grant_query, grant_query_fields),
	  .list = true, .reply = grant_shape, .stmt = &stmt_grant_list, .limit = LIMIT_READ,
	  .zh = "辖区授权，含历史", .en = "Grants in one's area, with their history" },
	{ .name = "grant_get", .method = METHOD_GET, .path = "/v1/identity/grants/{id}",
	  .callers = ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN, .scope = SCOPE_AREA,
	  .action = "identity.grant.get", .reply = grant_shape, .stmt = &stmt_grant_get,
	  .limit = LIMIT_READ, .zh = "查看授权", .en = "Read a grant" },
	{ .name = "grant_own", .method = METHOD_GET, .path = "/v1/identity/officers/me/grants",
	  .callers = ROLE_DESKS, .scope = SCOPE_CALLER, .action = "identity.grant.own",
	  .list = true, .reply = grant_shape, .stmt = &stmt_grant_own, .limit = LIMIT_READ,
	  .zh = "本人授权", .en = "One's own grants" },
	{ .name = "officer_transfer", .method = METHOD_POST,
	  .path = "/v1/identity/officers/{id}/transfer",
	  .callers = ROLE_SECURITY_ADMIN, .scope = SCOPE_AREA, .action = "identity.officer.transfer",
	  .body = INPUT(transfer_in, transfer_in_fields), .reply = officer_shape, .success = 200,
	  .handler = officer_transfer, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.access.revoked.v1",
	  .zh = "调动：原授权即时终止，按新岗位授权",
	  .en = "Transfer: all grants end at once, new ones are proposed" },
	ROUTE_END
};

static int
grant_propose(struct call *c)
{
	const struct grant_in	*in = c->body;
	struct db_rows		 rows;
	int			 result;

	if ((result = grant_judge(c, in)) != 0 || (result = grant_add(c, in, &rows)) != 0)
		return (result);
	return (call_reply_row(c, 201, &rows));
}

/* What the table cannot know: the giver's area and the form. */
static int
grant_judge(struct call *c, const struct grant_in *in)
{
	bool	outlet = in->data_scope != NULL && strcmp(in->data_scope, "outlet") == 0;

	if (uuid_equal(&in->officer_id, &c->principal->subject))
		return (call_reject(c, ERR_OWN_GRANT, "/officer_id"));
	if (!call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	if (outlet != !uuid_is_nil(&in->outlet_id))
		return (call_invalid(c, "/outlet_id", outlet ? ERR_F_MISSING : ERR_F_CHOICE));
	if (outlet && strcmp(in->role, "clerk") != 0)
		return (call_invalid(c, "/data_scope", ERR_F_CHOICE));
	return (days_judge(c, in->from_on, in->to_on));
}

static int
grant_add(struct call *c, const struct grant_in *in, struct db_rows *rows)
{
	struct uuid	 id = uuid_new();

	if (sql_grant_propose(c->db, rows, &id, &in->officer_id, in->role,
	    county_of(in->area_code), in->area_code,
	    in->data_scope != NULL ? in->data_scope : "area",
	    uuid_is_nil(&in->outlet_id) ? NULL : &in->outlet_id, in->from_on, in->to_on,
	    in->why, &c->principal->subject) == -1) {
		if (c->db->error == DB_UNIQUE)
			return (call_reject(c, ERR_EXISTS, NULL));
		return (call_failed(c));
	}
	return (rows->count == 1 ? 0 : call_reject(c, ERR_NOT_FOUND, NULL));
}

static int
grant_confirm(struct call *c)
{
	struct db_rows	rows;
	struct uuid	officer;
	int		result;

	if (sql_grant_find(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if ((result = second_judge(c, &rows)) != 0)
		return (result);
	officer = db_uuid(&rows, 0, "officer_id");
	if (uuid_equal(&officer, &c->principal->subject))
		return (call_reject(c, ERR_OWN_GRANT, NULL));
	if (sql_grant_confirm(c->db, &rows, &c->id, &c->principal->subject) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
grant_withdraw(struct call *c)
{
	const struct end_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_grant_find(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!may_agree(c, db_text(&rows, 0, "area_code")))
		return (call_reject(c, ERR_AREA, NULL));
	if (strcmp(db_text(&rows, 0, "state"), "ended") == 0)
		return (call_reject(c, ERR_STATE, NULL));
	if (sql_grant_withdraw(c->db, &rows, &c->id, in->why, &c->principal->subject) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Both areas are the caller's: the one that is left and the one that is entered. */
static int
officer_transfer(struct call *c)
{
	const struct transfer_in	*in = c->body;
	struct db_rows			 rows;
	int				 result;

	if (uuid_equal(&c->id, &c->principal->subject))
		return (call_reject(c, ERR_OWN_GRANT, NULL));
	if (!call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	if (sql_officer_transfer(c->db, &rows, &c->id, county_of(in->area_code), in->area_code,
	    in->unit, in->why, &c->principal->subject) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if ((result = transfer_grants(c, in)) != 0)
		return (result);
	if (sql_officer_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
transfer_grants(struct call *c, const struct transfer_in *in)
{
	struct grant_in	*g = in->grants.items;
	struct db_rows	 rows;
	size_t		 i;
	int		 result;

	for (i = 0; i < in->grants.count; i++) {
		g[i].officer_id = c->id;
		g[i].why = in->why;
		if ((result = grant_judge(c, &g[i])) != 0 ||
		    (result = grant_add(c, &g[i], &rows)) != 0)
			return (result);
	}
	return (0);
}

/* ---- with right.c ---- */

int
call_invalid(struct call *c, const char *pointer, enum error_code code)
{
	struct json_errors	errors = { .count = 1 };

	errors.list[0] = (struct json_error){ pointer, (int)code };
	return (call_reject_fields(c, &errors));
}

int
days_judge(struct call *c, int32_t from_on, int32_t to_on)
{
	int32_t	from = from_on != DAY_NONE ? from_on : clock_today();

	if (from < clock_today())
		return (call_invalid(c, "/from_on", ERR_F_DATE_PAST));
	if (to_on != DAY_NONE && to_on < from)
		return (call_invalid(c, "/to_on", ERR_F_DATE_ORDER));
	return (0);
}

const char *
county_of(const char *area_code)
{
	return (strcmp(area_code, AREA_CITY) == 0 ? AREA_CITY : area_county(area_code));
}

bool
may_agree(const struct call *c, const char *area_code)
{
	return (principal_has(c->principal, ROLE_SECURITY_ADMIN, area_code) ||
	    principal_has(c->principal, ROLE_AUDIT_ADMIN, AREA_CITY));
}

int
second_judge(struct call *c, const struct db_rows *rows)
{
	struct uuid	proposer;

	if (rows->count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!may_agree(c, db_text(rows, 0, "area_code")))
		return (call_reject(c, ERR_AREA, NULL));
	if (strcmp(db_text(rows, 0, "state"), "proposed") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	proposer = db_uuid(rows, 0, "proposed_by");
	if (uuid_equal(&proposer, &c->principal->subject))
		return (call_reject(c, ERR_SECOND_PERSON, NULL));
	return (0);
}
