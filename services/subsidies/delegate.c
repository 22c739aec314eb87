/*
 * delegate.c -- a step given to another officer for some days.
 *
 * Invariant: it gives no right: who takes it must hold the role themselves. It
 * binds both: a step done under it is the hand of the two, and neither does
 * another on that claim. What happened to it is logged and stays.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "subsidies_sql.h"

struct give_in {
	struct uuid	 delegate;
	const char	*hand;
	const char	*county_code;
	int32_t		 from_on;
	int32_t		 to_on;
	const char	*why;
};

struct end_in {
	const char	*why;
};

struct delegation_query {
	const char	*county_code;
	struct uuid	 officer_id;
};

static int	delegation_give(struct call *);
static int	delegation_end(struct call *);
static enum role role_of_hand(const char *);

static const char *const hands[] = { "first_review", "recheck", "approve", "pay", NULL };

static const struct field give_in_fields[] = {
	FIELD_UUID(give_in, delegate, REQUIRED, "受托人"),
	FIELD_ENUM(give_in, hand, REQUIRED, hands, "委托的环节"),
	FIELD_CHECK(give_in, county_code, OPTIONAL, check_county, "县区，默认市级的环节"),
	FIELD_DAY(give_in, from_on, REQUIRED, "起始日期"),
	FIELD_DAY(give_in, to_on, REQUIRED, "截止日期"),
	FIELD_TEXT(give_in, why, REQUIRED, 2, 200, "事由"),
	FIELD_END
};

static const struct field end_in_fields[] = {
	FIELD_TEXT(end_in, why, REQUIRED, 2, 200, "原因"),
	FIELD_END
};

static const struct field delegation_query_fields[] = {
	FIELD_CHECK(delegation_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_UUID(delegation_query, officer_id, OPTIONAL, "委托人或受托人"),
	FIELD_END
};

static const struct shape delegation_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "委托" },
	{ .name = "delegator", .type = SHAPE_T_UUID, .help = "委托人" },
	{ .name = "delegate", .type = SHAPE_T_UUID, .help = "受托人" },
	{ .name = "hand", .type = SHAPE_T_TEXT, .codes = "delegation_hands", .help = "委托的环节" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区，431100 为市级的环节" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止日期" },
	{ .name = "why", .type = SHAPE_T_TEXT, .help = "事由" },
	{ .name = "ended_on", .type = SHAPE_T_DAY, .nullable = true, .help = "自此日起终止" },
	{ .name = "end_why", .type = SHAPE_T_TEXT, .nullable = true, .help = "终止原因" },
	SHAPE_END
};

static const struct shape log_shape[] = {
	{ .name = "no", .type = SHAPE_T_INT, .help = "序号" },
	{ .name = "what", .type = SHAPE_T_TEXT, .codes = "delegation_changes", .help = "委托或终止" },
	{ .name = "was", .type = SHAPE_T_JSON, .nullable = true, .help = "之前" },
	{ .name = "now_is", .type = SHAPE_T_JSON, .help = "之后" },
	{ .name = "actor", .type = SHAPE_T_UUID, .nullable = true, .help = "办理人" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

#define ROLE_GIVERS	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | ROLE_FINANCE)

const struct route delegate_routes[] = {
	{ .name = "delegation_give", .method = METHOD_POST, .path = "/v1/subsidies/delegations",
	  .callers = ROLE_GIVERS, .scope = SCOPE_AREA, .action = "subsidies.delegation.give",
	  .body = INPUT(give_in, give_in_fields), .reply = delegation_shape,
	  .handler = delegation_give, .limit = LIMIT_WRITE,
	  .zh = "委托他人办理环节", .en = "Give a step to another officer for some days" },
	{ .name = "delegation_end", .method = METHOD_POST, .path = "/v1/subsidies/delegations/{id}/end",
	  .callers = ROLE_GIVERS, .scope = SCOPE_AREA, .action = "subsidies.delegation.end",
	  .body = INPUT(end_in, end_in_fields), .reply = delegation_shape, .success = 200,
	  .handler = delegation_end, .limit = LIMIT_WRITE,
	  .zh = "提前终止委托", .en = "End a delegation early" },
	{ .name = "delegation_list", .method = METHOD_GET, .path = "/v1/subsidies/delegations",
	  .callers = ROLE_GIVERS | ROLE_AUDIT, .scope = SCOPE_AREA, .action = "subsidies.delegation.list",
	  .query = INPUT(delegation_query, delegation_query_fields), .list = true,
	  .reply = delegation_shape, .stmt = &stmt_delegation_list, .limit = LIMIT_READ,
	  .zh = "委托", .en = "Delegations" },
	{ .name = "delegation_log", .method = METHOD_GET, .path = "/v1/subsidies/delegations/{id}/log",
	  .callers = ROLE_GIVERS | ROLE_AUDIT, .scope = SCOPE_AREA, .action = "subsidies.delegation.log",
	  .list = true, .reply = log_shape, .stmt = &stmt_delegation_log, .limit = LIMIT_READ,
	  .zh = "委托的变动记录", .en = "What happened to a delegation" },
	ROUTE_END
};

static int
delegation_give(struct call *c)
{
	const struct give_in	*in = c->body;
	const char		*county = in->county_code != NULL ? in->county_code : AREA_CITY;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (!principal_has(c->principal, role_of_hand(in->hand), county))
		return (call_reject(c, ERR_AREA, "/county_code"));
	if (uuid_equal(&in->delegate, &c->principal->subject))
		return (call_reject(c, ERR_SUBSIDIES_SECOND, "/delegate"));
	if (in->from_on < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/from_on"));
	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (sql_delegation_give(c->db, &rows, &id, &in->delegate, in->hand, county, in->from_on,
	    in->to_on, in->why) == -1)
		return (c->db->error == DB_CHECK ?
		    call_reject(c, ERR_SUBSIDIES_DELEGATED, NULL) : call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* By either of the two. */
static int
delegation_end(struct call *c)
{
	const struct end_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_delegation_end(c->db, &rows, &c->id, &c->principal->subject, in->why) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static enum role
role_of_hand(const char *hand)
{
	if (strcmp(hand, "first_review") == 0)
		return (ROLE_FIRST_REVIEW);
	if (strcmp(hand, "recheck") == 0)
		return (ROLE_RECHECK);
	return (strcmp(hand, "approve") == 0 ? ROLE_APPROVE : ROLE_FINANCE);
}
