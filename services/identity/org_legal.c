/*
 * org_legal.c -- who is an organisation's legal representative, and who
 * confirmed it: the register of organisations when there is an interface to
 * it, a county officer with a reason, or, by setting, the person's own word.
 *
 * Invariant: every answer is kept with its source and, if an officer's, with
 * the officer and the reason; nobody acts for an organisation before a yes.
 */
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"
#include "org.h"
#include "verifier.h"

struct override_in {
	const char	*uscc;
	const char	*area_code;
	const char	*reason;
};

struct check_query {
	struct page_in	 page;
	const char	*state;
	const char	*county_code;
};

struct decide_in {
	const char	*decision;
	const char	*reason;
};

struct change_in {
	struct uuid	 person_id;
};

static int	override_make(struct call *);
static int	legal_decide(struct call *);
static int	legal_change(struct call *);

static const char *const states[] = { "pending", "confirmed", "refused", NULL };
static const char *const decisions[] = { "confirm", "refuse", NULL };

static const struct field override_in_fields[] = {
	FIELD_CHECK(override_in, uscc, REQUIRED, org_uscc_form, "统一社会信用代码"),
	FIELD_CHECK(override_in, area_code, REQUIRED, check_area, "注册地行政区划代码"),
	FIELD_TEXT(override_in, reason, REQUIRED, 2, 200, "校验位不符而仍予认可的理由"),
	FIELD_END
};

static const struct field check_query_fields[] = {
	{ .name = "limit", .type = FIELD_T_INT, .offset = offsetof(struct check_query, page.limit),
	  .min = 1, .max = 200, .help = "每页条数" },
	{ .name = "cursor", .type = FIELD_T_TEXT, .offset = offsetof(struct check_query, page.cursor),
	  .max = 500, .help = "分页游标" },
	FIELD_ENUM(check_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(check_query, county_code, OPTIONAL, check_county, "县级单位代码"),
	FIELD_END
};

static const struct field decide_in_fields[] = {
	FIELD_ENUM(decide_in, decision, REQUIRED, decisions, "意见"),
	FIELD_TEXT(decide_in, reason, REQUIRED, 2, 200, "理由"),
	FIELD_END
};

static const struct field change_in_fields[] = {
	FIELD_UUID(change_in, person_id, REQUIRED, "新的法定代表人（须为本单位经办人）"),
	FIELD_END
};

static const struct shape override_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "标识" },
	{ .name = "uscc", .type = SHAPE_T_TEXT, .help = "统一社会信用代码" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "理由" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "认可人员" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	SHAPE_END
};

static const struct shape check_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "标识" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "uscc", .type = SHAPE_T_TEXT, .help = "统一社会信用代码" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "自称法定代表人" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .nullable = true, .help = "姓名（脱敏）" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "org_legal_kinds", .help = "事由" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "org_states", .help = "状态" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "org_legal_sources", .nullable = true,
	  .help = "确认来源" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "理由" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "decided_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "确认时间" },
	SHAPE_END
};

static const struct shape decided_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "标识" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "法定代表人" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "org_legal_kinds", .help = "事由" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "org_states", .help = "状态" },
	SHAPE_END
};

const struct route org_legal_routes[] = {
	{ .name = "uscc_override_make", .method = METHOD_POST, .path = "/v1/identity/uscc-overrides",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "identity.uscc.override", .body = INPUT(override_in, override_in_fields),
	  .reply = override_shape, .handler = override_make, .limit = LIMIT_WRITE,
	  .zh = "认可校验位不符的信用代码", .en = "Admit a credit code with a wrong check character" },
	{ .name = "legal_check_list", .method = METHOD_GET, .path = "/v1/identity/org-legal-checks",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "identity.legal.list", .query = INPUT(check_query, check_query_fields),
	  .list = true, .reply = check_shape, .stmt = &stmt_legal_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "法定代表人确认事项", .en = "Legal representatives to confirm" },
	{ .name = "legal_decide", .method = METHOD_POST,
	  .path = "/v1/identity/org-legal-checks/{id}/decide",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "identity.legal.decide", .body = INPUT(decide_in, decide_in_fields),
	  .reply = decided_shape, .success = 200, .handler = legal_decide,
	  .emits = "identity.org.registered.v1 identity.access.revoked.v1", .lane = DB_SYSTEM,
	  .limit = LIMIT_WRITE,
	  .zh = "确认法定代表人", .en = "Confirm or refuse a legal representative" },
	{ .name = "legal_change", .method = METHOD_POST, .path = "/v1/identity/orgs/own/legal",
	  .callers = ROLE_EMPLOYER | ROLE_INSTITUTION | ROLE_CARRIER, .scope = SCOPE_ORG,
	  .action = "identity.legal.change", .body = INPUT(change_in, change_in_fields),
	  .reply = decided_shape, .handler = legal_change,
	  .emits = "identity.org.registered.v1 identity.access.revoked.v1", .lane = DB_SYSTEM,
	  .limit = LIMIT_WRITE,
	  .zh = "变更法定代表人", .en = "Change the legal representative" },
	ROUTE_END
};

int
legal_source(struct call *c, const struct uuid *person, const char *uscc, const char **source)
{
	struct db_rows	rows;

	*source = NULL;
	if (!verifier_of_orgs()) {
		*source = conf_bool(CONF_ORG_AUTOCONFIRM) ? "self" : NULL;
		return (0);
	}
	if (sql_person_held(c->db, &rows, person) == -1 || db_commit(c->db) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_REFERENCE, NULL));
	switch (verify_legal(c->arena, uscc,
	    field_open(c->arena, "person.name", db_text(&rows, 0, "name_sealed")),
	    field_open(c->arena, "person.id", db_text(&rows, 0, "id_sealed")))) {
	case ANSWER_MATCH:
		*source = "register";
		return (0);
	case ANSWER_MISMATCH:
		return (call_reject(c, ERR_NOT_LEGAL, "/uscc"));
	default:
		return (0);
	}
}

static int
override_make(struct call *c)
{
	const struct override_in	*in = c->body;
	const char			*county = area_county(in->area_code);
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (!call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	if (sql_uscc_override_put(c->db, &rows, &id, in->uscc, in->reason, county,
	    in->area_code) == -1)
		return (c->db->error == DB_UNIQUE ? call_reject(c, ERR_EXISTS, "/uscc") :
		    call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
legal_decide(struct call *c)
{
	const struct decide_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_legal_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(db_text(&rows, 0, "state"), "pending") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	if (sql_legal_decide(c->db, &rows, &c->id,
	    strcmp(in->decision, "confirm") == 0 ? "confirmed" : "refused", "officer",
	    &c->principal->subject, in->reason) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Asked by who manages the members; the new one is confirmed as a first one is. */
static int
legal_change(struct call *c)
{
	const struct change_in	*in = c->body;
	const char		*source;
	struct db_rows		 org, rows;
	struct uuid		 id = uuid_new();
	int			 rc;

	if ((rc = member_manages(c, NULL)) != 0)
		return (rc);
	if (sql_org_uscc(c->db, &org, &c->principal->org) == -1)
		return (call_failed(c));
	if (org.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if ((rc = legal_source(c, &in->person_id, db_text(&org, 0, "uscc"), &source)) != 0)
		return (rc);
	if (sql_legal_ask(c->db, &rows, &id, &c->principal->org, &in->person_id) == -1)
		return (c->db->error == DB_UNIQUE ? call_reject(c, ERR_EXISTS, NULL) :
		    call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_MEMBER, "/person_id"));
	if (source != NULL &&
	    sql_legal_decide(c->db, &rows, &id, "confirmed", source, NULL, NULL) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
