/*
 * tenant.c -- firms in a carrier: offered a place with a contract, confirmed by
 * the firm (contract.c), let go by the carrier.
 *
 * Invariant: a firm is in one carrier at a time, a carrier never holds more
 * firms than it has places, and every hire of a confirmed tenant since its
 * admission is counted, whether it was heard of before or comes later. The
 * rules are in sql/entrepreneurship/012 and 013.
 */
#include "tenant.h"
#include "codes/codes.h"
#include "entrepreneurship_sql.h"

struct tenant_in {
	struct uuid		org_id;
	int32_t			admitted_on, established_on;
	struct founders_in	founders;
	struct terms_in		terms;
};

struct tenant_leave_in {
	int32_t		 left_on;
	const char	*reason, *note;
};

struct tenant_carrier_query {
	bool	is_open;
};

struct tenant_query {
	const char	*county_code;
	bool		 is_open;
};

static int	tenant_admit(struct call *);
static int	tenant_leave(struct call *);

static const char *const reasons[] = { "graduated", "closed", "moved", "expelled", NULL };

static const struct field tenant_in_fields[] = {
	FIELD_UUID(tenant_in, org_id, REQUIRED, "入驻企业"),
	FIELD_DAY(tenant_in, admitted_on, OPTIONAL, "入驻日期，默认今天"),
	FIELD_DAY(tenant_in, established_on, OPTIONAL, "企业成立日期"),
	FOUNDERS_FIELDS(tenant_in, founders),
	TERMS_FIELDS(tenant_in, terms),
	FIELD_END
};

static const struct field tenant_leave_fields[] = {
	FIELD_DAY(tenant_leave_in, left_on, OPTIONAL, "退出日期，默认今天"),
	FIELD_ENUM(tenant_leave_in, reason, OPTIONAL, reasons, "退出原因，已入驻的必填；未确认的入驻则为撤回"),
	FIELD_TEXT(tenant_leave_in, note, OPTIONAL, 0, 300, "说明"),
	FIELD_END
};

static const struct field tenant_carrier_query_fields[] = {
	FIELD_BOOL(tenant_carrier_query, is_open, OPTIONAL, "在驻"),
	FIELD_END
};

static const struct field tenant_query_fields[] = {
	FIELD_CHECK(tenant_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_BOOL(tenant_query, is_open, OPTIONAL, "在驻"),
	FIELD_END
};

static const struct shape tenant_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "入驻" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "企业" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "企业名称" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "tenant_states", .help = "状态" },
	{ .name = "admitted_on", .type = SHAPE_T_DAY, .help = "入驻日期" },
	{ .name = "left_on", .type = SHAPE_T_DAY, .nullable = true, .help = "退出日期" },
	{ .name = "leave_reason", .type = SHAPE_T_TEXT, .codes = "tenant_leave_reasons", .nullable = true,
	  .help = "退出原因" },
	{ .name = "established_on", .type = SHAPE_T_DAY, .nullable = true, .help = "企业成立日期，申报" },
	{ .name = "is_new_firm", .type = SHAPE_T_BOOL, .nullable = true, .help = "入驻时成立不满三年，空为未知" },
	{ .name = "groups", .type = SHAPE_T_LIST, .codes = "tenant_founder_groups",
	  .help = "创业者身份，申报" },
	{ .name = "contract", .type = SHAPE_T_OBJECT, .nullable = true, .of = contract_shape, .help = "最近一份协议" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route tenant_routes[] = {
	{ .name = "tenant_admit", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/carriers/{id}/tenants",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.tenant.admit",
	  .body = INPUT(tenant_in, tenant_in_fields), .reply = tenant_shape,
	  .handler = tenant_admit, .limit = LIMIT_WRITE, .matter = "EN-02",
	  .zh = "企业入驻，待企业确认协议", .en = "Offer a firm a place and a contract" },
	{ .name = "tenant_list_carrier", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/carriers/{id}/tenants",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG,
	  .action = "entrepreneurship.tenant.list_carrier",
	  .query = INPUT(tenant_carrier_query, tenant_carrier_query_fields), .list = true,
	  .reply = tenant_shape, .stmt = &stmt_tenant_list_carrier, .limit = LIMIT_READ,
	  .zh = "载体的入驻企业", .en = "List the tenants of an own carrier" },
	{ .name = "tenant_leave", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/tenants/{id}/leave",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.tenant.leave",
	  .body = INPUT(tenant_leave_in, tenant_leave_fields), .reply = tenant_shape,
	  .success = 200, .handler = tenant_leave, .emits = "entrepreneurship.tenant.left.v1",
	  .limit = LIMIT_WRITE, .zh = "企业退出，或撤回未确认的入驻", .en = "Let a tenant go, or take an offer back" },
	{ .name = "tenancy_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/org/tenancies",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "entrepreneurship.tenant.own",
	  .list = true, .reply = tenant_shape, .stmt = &stmt_tenancy_list, .limit = LIMIT_READ,
	  .zh = "本企业的入驻", .en = "List where the caller's firm is a tenant" },
	{ .name = "tenant_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/tenants",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "entrepreneurship.tenant.list",
	  .query = INPUT(tenant_query, tenant_query_fields), .list = true,
	  .reply = tenant_shape, .stmt = &stmt_tenant_list, .limit = LIMIT_READ,
	  .zh = "辖区内的入驻企业", .en = "List the tenants of the area" },
	ROUTE_END
};

/* Admission may be dated back; the firm's hires since then count with it. */
static int
tenant_admit(struct call *c)
{
	const struct tenant_in	*in = c->body;
	struct db_rows		 rows;

	if (in->admitted_on != DAY_NONE && in->admitted_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/admitted_on"));
	if (in->established_on != DAY_NONE && in->established_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/established_on"));
	if (sql_org_turn(c->db, NULL, &in->org_id) == -1 ||
	    sql_tenant_admit(c->db, &rows, &c->id, &c->principal->org, &in->org_id, in->admitted_on,
	    in->established_on, founders_json(c->arena, &in->founders),
	    terms_json(c->arena, &in->terms)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Not before admission or a counted hire, which the database knows. */
static int
tenant_leave(struct call *c)
{
	const struct tenant_leave_in	*in = c->body;
	struct db_rows			 rows;

	if (in->left_on != DAY_NONE && in->left_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/left_on"));
	if (sql_tenant_turn(c->db, NULL, &c->id) == -1 ||
	    sql_tenant_leave(c->db, &rows, &c->id, &c->principal->org, in->left_on, in->reason,
	    in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
