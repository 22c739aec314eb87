/*
 * contract.c -- 入驻协议: offered by the carrier, answered by the firm, renewed,
 * ending; and a firm's own application for a place.
 *
 * Invariant: terms never change, and only the firm confirms them. The rules
 * are in sql/entrepreneurship/012.
 */
#include "tenant.h"
#include "codes/codes.h"
#include "entrepreneurship_sql.h"

#define PARTIES	(ROLE_CARRIER | ROLE_EMPLOYER | ROLE_CASE_OFFICERS)

struct offer_in {
	struct terms_in	terms;
};

struct answer_in {
	bool		 agree;
	const char	*note;
};

struct admission_in {
	const char		*project;
	int64_t			 area_m2;
	int32_t			 established_on;
	struct founders_in	 founders;
};

struct refuse_in {
	const char	*note;
};

struct contract_query {
	const char	*state, *county_code;
	struct uuid	 carrier_id;
	int64_t		 ends_within;
};

static int	contract_offer(struct call *);
static int	contract_answer(struct call *);
static int	admission_ask(struct call *);

const char *const relief_kinds[] = { "none", "percent", "cents", NULL };
static const char *const states[] = { "offered", "confirmed", "declined", "ended", NULL };
static const char *const asked[] = { "submitted", "accepted", "refused", "withdrawn", NULL };

static const struct field offer_fields[] = { TERMS_FIELDS(offer_in, terms), FIELD_END };
static const struct field answer_fields[] = {
	FIELD_BOOL(answer_in, agree, REQUIRED, "是否确认协议"),
	FIELD_TEXT(answer_in, note, OPTIONAL, 0, 300, "说明"),
	FIELD_END
};
static const struct field admission_fields[] = {
	FIELD_TEXT(admission_in, project, REQUIRED, 2, 500, "经营项目"),
	FIELD_INT(admission_in, area_m2, OPTIONAL, 1, 1000000, "需要的面积（平方米）"),
	FIELD_DAY(admission_in, established_on, OPTIONAL, "企业成立日期"),
	FOUNDERS_FIELDS(admission_in, founders),
	FIELD_END
};
static const struct field refuse_fields[] = {
	FIELD_TEXT(refuse_in, note, REQUIRED, 2, 300, "原因"),
	FIELD_END
};
static const struct field contract_query_fields[] = {
	FIELD_ENUM(contract_query, state, OPTIONAL, states, "状态"),
	FIELD_UUID(contract_query, carrier_id, OPTIONAL, "载体"),
	FIELD_CHECK(contract_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_INT(contract_query, ends_within, OPTIONAL, 0, 366, "多少天内期满且未续签"),
	FIELD_END
};
static const struct field admission_query_fields[] = {
	FIELD_ENUM(contract_query, state, OPTIONAL, asked, "状态"),
	FIELD_UUID(contract_query, carrier_id, OPTIONAL, "载体"),
	FIELD_END
};

const struct shape contract_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "协议" },
	{ .name = "tenant_id", .type = SHAPE_T_UUID, .help = "入驻" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "企业" },
	{ .name = "no", .type = SHAPE_T_INT, .help = "第几份" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始日" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "期满日" },
	{ .name = "area_m2", .type = SHAPE_T_INT, .help = "面积（平方米）" },
	{ .name = "rent_cents", .type = SHAPE_T_INT, .help = "月租金（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "relief_kind", .type = SHAPE_T_TEXT, .help = "房租减免方式" },
	{ .name = "relief_months", .type = SHAPE_T_INT, .help = "减免月数" },
	{ .name = "relief_value", .type = SHAPE_T_INT, .help = "减免比例或每月减免额" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "tenant_contract_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "企业的说明" },
	{ .name = "ended_on", .type = SHAPE_T_DAY, .nullable = true, .help = "提前终止日" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	SHAPE_END
};

static const struct shape admission_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "入驻申请" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "企业" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "企业名称" },
	{ .name = "project", .type = SHAPE_T_TEXT, .help = "经营项目" },
	{ .name = "area_m2", .type = SHAPE_T_INT, .nullable = true, .help = "需要的面积（平方米）" },
	{ .name = "established_on", .type = SHAPE_T_DAY, .nullable = true, .help = "企业成立日期" },
	{ .name = "groups", .type = SHAPE_T_LIST, .help = "创业者身份" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "tenant_admission_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "原因" },
	{ .name = "tenant_id", .type = SHAPE_T_UUID, .nullable = true, .help = "由此产生的入驻" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申请时间" },
	SHAPE_END
};

const struct route contract_routes[] = {
	{ .name = "contract_offer", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/tenants/{id}/contracts",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.contract.offer",
	  .body = INPUT(offer_in, offer_fields), .reply = contract_shape, .handler = contract_offer,
	  .limit = LIMIT_WRITE, .zh = "续签协议，待企业确认", .en = "Offer a renewal" },
	{ .name = "contract_answer", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/contracts/{id}/answer",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "entrepreneurship.contract.answer",
	  .body = INPUT(answer_in, answer_fields), .reply = contract_shape, .success = 200,
	  .handler = contract_answer,
	  .emits = "entrepreneurship.tenant.admitted.v1 entrepreneurship.job.created.v1",
	  .limit = LIMIT_WRITE, .zh = "企业确认或谢绝协议", .en = "Confirm a contract, or decline it" },
	{ .name = "contract_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/contracts",
	  .callers = PARTIES, .scope = SCOPE_CALLER, .action = "entrepreneurship.contract.list",
	  .query = INPUT(contract_query, contract_query_fields), .list = true, .reply = contract_shape,
	  .stmt = &stmt_contract_list, .limit = LIMIT_READ,
	  .zh = "入驻协议，可只看即将期满的", .en = "List contracts, perhaps those that end soon" },
	{ .name = "admission_ask", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/carriers/{id}/admissions",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "entrepreneurship.admission.ask",
	  .body = INPUT(admission_in, admission_fields), .reply = admission_shape, .handler = admission_ask,
	  .limit = LIMIT_WRITE, .matter = "EN-04", .zh = "申请入驻载体", .en = "Ask for a place in a carrier" },
	{ .name = "admission_refuse", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/admissions/{id}/refuse",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.admission.refuse",
	  .body = INPUT(refuse_in, refuse_fields), .reply = admission_shape, .success = 200,
	  .stmt = &stmt_admission_refuse, .limit = LIMIT_WRITE,
	  .zh = "不同意入驻申请", .en = "Refuse a firm a place" },
	{ .name = "admission_withdraw", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/admissions/{id}/withdraw",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "entrepreneurship.admission.withdraw",
	  .reply = admission_shape, .success = 200, .stmt = &stmt_admission_withdraw,
	  .limit = LIMIT_WRITE, .zh = "撤回入驻申请", .en = "Withdraw one's application" },
	{ .name = "admission_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/admissions",
	  .callers = PARTIES, .scope = SCOPE_CALLER, .action = "entrepreneurship.admission.list",
	  .query = INPUT(contract_query, admission_query_fields), .list = true, .reply = admission_shape,
	  .stmt = &stmt_admission_list, .limit = LIMIT_READ,
	  .zh = "入驻申请", .en = "List applications for a place" },
	ROUTE_END
};

static int
contract_offer(struct call *c)
{
	const struct offer_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_contract_offer(c->db, &rows, &c->id, &c->principal->org,
	    terms_json(c->arena, &in->terms)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* A hire of the firm and its answer take turns: either sees the other. */
static int
contract_answer(struct call *c)
{
	const struct answer_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_org_turn(c->db, NULL, &c->principal->org) == -1 ||
	    sql_contract_answer(c->db, &rows, &c->id, &c->principal->org, in->agree, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
admission_ask(struct call *c)
{
	const struct admission_in	*in = c->body;
	struct db_rows			 rows;

	if (in->established_on != DAY_NONE && in->established_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/established_on"));
	if (sql_admission_ask(c->db, &rows, &c->id, &c->principal->org, in->project,
	    in->area_m2 == 0 ? NULL : &in->area_m2, in->established_on,
	    founders_json(c->arena, &in->founders)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

const char *
founders_json(struct arena *a, const struct founders_in *in)
{
	struct json_out	 out;
	struct buf	 b;
	const char	*text;

	buf_init(&b, 256);
	json_out_init(&out, &b);
	json_open_list(&out, NULL);
	if (in->is_graduate)
		json_put_text(&out, NULL, "graduate");
	if (in->is_returned_worker)
		json_put_text(&out, NULL, "returned_worker");
	if (in->is_veteran)
		json_put_text(&out, NULL, "veteran");
	if (in->is_out_of_poverty)
		json_put_text(&out, NULL, "out_of_poverty");
	json_close_list(&out);
	text = arena_strdup(a, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

const char *
terms_json(struct arena *a, const struct terms_in *in)
{
	struct json_out	 out;
	struct buf	 b;
	const char	*text;

	buf_init(&b, 512);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_day(&out, "from_on", in->from_on);
	json_put_day(&out, "to_on", in->to_on);
	json_put_int(&out, "area_m2", in->area_m2);
	json_put_int(&out, "rent_cents", in->rent_cents);
	json_put_text(&out, "relief_kind", in->relief_kind != NULL ? in->relief_kind : "none");
	json_put_int(&out, "relief_months", in->relief_months);
	json_put_int(&out, "relief_value", in->relief_value);
	json_close(&out);
	text = arena_strdup(a, buf_cstr(&b));
	buf_release(&b);
	return (text);
}
