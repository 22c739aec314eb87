/*
 * org.c -- organisations by unified social credit code. Who registers one says
 * to be its legal representative; acting for it takes a token of its own
 * (session.c), and that takes a confirmed representative (org_legal.c).
 *
 * A code with a wrong check character is refused, unless an officer has seen
 * it on the licence and said why (DOMAIN: early codes fail and are legal).
 */
#include "identity.h"
#include "codes/codes.h"
#include "identity_sql.h"
#include "org.h"

struct org_in {
	const char	*uscc;
	const char	*name;
	const char	*kind;
	const char	*industry_code;
	const char	*area_code;
};

static int	org_register(struct call *);
static int	uscc_override(struct call *, const char *, struct uuid *);

static const char *const org_kinds[] = {
	"enterprise", "institution", "public_body", "association", "sole_trader",
	"agency", "carrier", NULL
};

static const struct field org_in_fields[] = {
	FIELD_CHECK(org_in, uscc, REQUIRED, org_uscc_form, "统一社会信用代码"),
	FIELD_TEXT(org_in, name, REQUIRED, 2, 100, "单位名称"),
	FIELD_ENUM(org_in, kind, REQUIRED, org_kinds, "单位类型"),
	FIELD_CHECK(org_in, industry_code, OPTIONAL, check_industry, "行业（GB/T 4754）"),
	FIELD_CHECK(org_in, area_code, REQUIRED, check_area, "注册地行政区划代码"),
	FIELD_END
};

static const struct shape org_shape[] = {
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位标识" },
	{ .name = "uscc", .type = SHAPE_T_TEXT, .help = "统一社会信用代码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "org_kinds", .help = "单位类型" },
	{ .name = "industry_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "行业" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "注册地" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "org_states", .help = "单位状态" },
	SHAPE_END
};

const struct route org_routes[] = {
	{ .name = "org_register", .method = METHOD_POST, .path = "/v1/identity/orgs",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.org.register",
	  .body = INPUT(org_in, org_in_fields), .reply = org_shape, .handler = org_register,
	  .emits = "identity.org.registered.v1", .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .matter = "ID-01", .zh = "单位注册", .en = "Register an organisation" },
	{ .name = "org_own", .method = METHOD_GET, .path = "/v1/identity/orgs/own",
	  .callers = ROLE_EMPLOYER | ROLE_INSTITUTION | ROLE_CARRIER | ROLE_PARTNER,
	  .scope = SCOPE_ORG, .action = "identity.org.read", .reply = org_shape,
	  .stmt = &stmt_org_own, .limit = LIMIT_READ,
	  .zh = "本单位信息", .en = "One's own organisation" },
	{ .name = "org_list", .method = METHOD_GET, .path = "/v1/identity/orgs",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "identity.org.list", .query = INPUT(area_query, area_query_fields),
	  .list = true, .reply = org_shape, .stmt = &stmt_org_list, .limit = LIMIT_READ,
	  .zh = "辖区单位", .en = "Organisations of one's area" },
	ROUTE_END
};

static int
org_register(struct call *c)
{
	const struct org_in	*in = c->body;
	const char		*county = area_county(in->area_code), *source = NULL;
	struct uuid		 id = uuid_new(), check = uuid_new(), override;
	struct db_rows		 rows;
	int			 rc;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if ((rc = uscc_override(c, in->uscc, &override)) != 0 ||
	    (rc = legal_source(c, &c->principal->person, in->uscc, &source)) != 0)
		return (rc);
	if (sql_org_register(c->db, &rows, &id, in->uscc, in->name, in->kind,
	    in->industry_code, county, in->area_code, &c->principal->person, &check, source,
	    uuid_is_nil(&override) ? NULL : &override) == -1) {
		if (c->db->error == DB_UNIQUE)
			return (call_reject(c, ERR_EXISTS, "/uscc"));
		return (call_failed(c));
	}
	return (call_reply_row(c, 201, &rows));
}

/* 0: the code is sound, or an officer stands for it; otherwise the reply. */
static int
uscc_override(struct call *c, const char *uscc, struct uuid *override)
{
	struct json_errors	errors = { .list = { { "/uscc", ERR_F_USCC } }, .count = 1 };
	struct db_rows		rows;

	memset(override, 0, sizeof(*override));
	if (check_uscc(uscc) == 0)
		return (0);
	if (sql_uscc_override_get(c->db, &rows, uscc) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject_fields(c, &errors));
	*override = db_uuid(&rows, 0, "id");
	return (0);
}

/* 18 characters of the alphabet; the check character is judged elsewhere. */
int
org_uscc_form(const char *code)
{
	if (code == NULL || strlen(code) != 18 ||
	    strspn(code, "0123456789ABCDEFGHJKLMNPQRTUWXY") != 18)
		return (ERR_F_USCC);
	return (0);
}
