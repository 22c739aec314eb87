/*
 * relief.c -- 房租减免: given by a carrier month by month, with its proof,
 * checked by an officer; and what public money pays back of it, once the city
 * has said how much.
 *
 * Invariant: no month is relieved twice or beyond the contract's terms. The
 * rules are in sql/entrepreneurship/014.
 */
#include "entrepreneurship.h"
#include "codes/codes.h"
#include "entrepreneurship_sql.h"
#include "workflow/file.h"

#define CENTS_MOST	INT64_C(10000000000)
#define READERS		(ROLE_CARRIER | ROLE_CASE_OFFICERS)
#define PARTIES		(READERS | ROLE_EMPLOYER)

struct relief_in {
	int32_t	month;
	int64_t	cents;
};

struct judge_in {
	bool		 pass;
	const char	*note;
};

struct rule_in {
	int64_t		 percent;
	int32_t		 from_on;
	const char	*basis;
};

struct relief_query {
	const char	*state;
	struct uuid	 carrier_id, tenant_id;
	int32_t		 month;
	int64_t		 year;
};

static int	relief_give(struct call *);
static int	relief_file_add(struct call *);
static int	relief_rule_set(struct call *);

static const char *const states[] = { "given", "checked", "returned", NULL };

static const struct field relief_fields[] = {
	FIELD_DAY(relief_in, month, REQUIRED, "月份（当月一日）"),
	FIELD_INT(relief_in, cents, REQUIRED, 1, CENTS_MOST, "减免金额（分）"),
	FIELD_END
};
static const struct field judge_fields[] = {
	FIELD_BOOL(judge_in, pass, REQUIRED, "是否属实"),
	FIELD_TEXT(judge_in, note, OPTIONAL, 0, 300, "意见"),
	FIELD_END
};
static const struct field rule_fields[] = {
	FIELD_INT(rule_in, percent, REQUIRED, 1, 100, "财政承担的比例（百分之几）"),
	FIELD_DAY(rule_in, from_on, OPTIONAL, "起始日期，默认今天"),
	FIELD_TEXT(rule_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};
static const struct field relief_query_fields[] = {
	FIELD_ENUM(relief_query, state, OPTIONAL, states, "状态"),
	FIELD_UUID(relief_query, carrier_id, OPTIONAL, "载体"),
	FIELD_UUID(relief_query, tenant_id, OPTIONAL, "入驻"),
	FIELD_DAY(relief_query, month, OPTIONAL, "月份"),
	FIELD_END
};
static const struct field year_fields[] = {
	FIELD_INT(relief_query, year, REQUIRED, 2020, 2100, "年度"),
	FIELD_END
};

static const struct shape relief_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "减免" },
	{ .name = "tenant_id", .type = SHAPE_T_UUID, .help = "入驻" },
	{ .name = "contract_id", .type = SHAPE_T_UUID, .help = "协议" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "企业" },
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "cents", .type = SHAPE_T_INT, .help = "减免金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "rent_relief_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "核实意见" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	{ .name = "files", .type = SHAPE_T_LIST, .of = file_shape, .help = "凭证" },
	SHAPE_END
};
static const struct shape sum_shape[] = {
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "firms", .type = SHAPE_T_INT, .help = "减免企业数" },
	{ .name = "given_cents", .type = SHAPE_T_INT, .help = "减免合计（分）" },
	{ .name = "checked_cents", .type = SHAPE_T_INT, .help = "其中已核实（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	SHAPE_END
};
static const struct shape refund_shape[] = {
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "checked_cents", .type = SHAPE_T_INT, .help = "已核实的减免（分）" },
	{ .name = "percent", .type = SHAPE_T_INT, .help = "财政承担的比例" },
	{ .name = "refund_cents", .type = SHAPE_T_INT, .help = "财政承担（分），不足一分舍去" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	SHAPE_END
};
static const struct shape rule_shape[] = {
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "percent", .type = SHAPE_T_INT, .help = "财政承担的比例" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始日期" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};

const struct route relief_routes[] = {
	{ .name = "relief_give", .method = METHOD_POST, .path = "/v1/entrepreneurship/tenants/{id}/reliefs",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.relief.give",
	  .body = INPUT(relief_in, relief_fields), .reply = relief_shape, .handler = relief_give,
	  .limit = LIMIT_WRITE, .matter = "EN-05", .zh = "登记当月房租减免", .en = "Enter a month's rent given up" },
	{ .name = "relief_file_add", .method = METHOD_POST, .path = "/v1/entrepreneurship/reliefs/{id}/files",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.relief.file",
	  .query = INPUT(file_query, file_query_fields), .raw_body = true, .reply = file_shape,
	  .success = 201, .handler = relief_file_add, .limit = LIMIT_IMPORT,
	  .zh = "上传减免凭证", .en = "Hand in the proof of a relief" },
	{ .name = "relief_check", .method = METHOD_POST, .path = "/v1/entrepreneurship/reliefs/{id}/check",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.relief.check", .body = INPUT(judge_in, judge_fields),
	  .reply = relief_shape, .success = 200, .stmt = &stmt_relief_check,
	  .emits = "entrepreneurship.rent.relieved.v1", .limit = LIMIT_WRITE,
	  .zh = "核实房租减免", .en = "Check a relief" },
	{ .name = "relief_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/reliefs",
	  .callers = PARTIES, .scope = SCOPE_CALLER, .action = "entrepreneurship.relief.list",
	  .query = INPUT(relief_query, relief_query_fields), .list = true, .reply = relief_shape,
	  .stmt = &stmt_relief_list, .limit = LIMIT_READ, .zh = "房租减免", .en = "List rent given up" },
	{ .name = "relief_sums", .method = METHOD_GET, .path = "/v1/entrepreneurship/carriers/{id}/relief-sums",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "entrepreneurship.relief.sums",
	  .list = true, .reply = sum_shape, .stmt = &stmt_relief_sums, .limit = LIMIT_READ,
	  .zh = "载体房租减免按月合计", .en = "A carrier's rent given up, month by month" },
	{ .name = "relief_refund", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/carriers/{id}/relief-refund",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "entrepreneurship.relief.refund",
	  .query = INPUT(relief_query, year_fields), .reply = refund_shape, .stmt = &stmt_relief_refund,
	  .limit = LIMIT_READ, .zh = "房租减免由财政承担的部分", .en = "What public money pays back of a year" },
	{ .name = "relief_rule_set", .method = METHOD_POST, .path = "/v1/entrepreneurship/relief-rules",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "entrepreneurship.relief.rule",
	  .body = INPUT(rule_in, rule_fields), .reply = rule_shape, .handler = relief_rule_set,
	  .limit = LIMIT_WRITE, .zh = "市级设定房租减免的财政承担比例", .en = "Set what public money pays back (city)" },
	ROUTE_END
};

static int
relief_give(struct call *c)
{
	const struct relief_in	*in = c->body;
	struct db_rows		 rows;
	int			 year, month, mday;

	day_split(in->month, &year, &month, &mday);
	if (mday != 1)
		return (call_reject(c, ERR_F_FORMAT, "/month"));
	if (sql_relief_give(c->db, &rows, &c->id, &c->principal->org, in->month, in->cents) == -1)
		return (c->db->error == DB_UNIQUE ? call_reject(c, ERR_EXISTS, "/month") : call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
relief_file_add(struct call *c)
{
	const struct file_query	*q = c->query;
	struct file_for		 f = { .subject_kind = "relief", .subject = c->id,
	    .org = &c->principal->org, .keep_until = DAY_NONE };
	struct db_rows		 rows;

	if (sql_relief_own(c->db, &rows, &c->id, &c->principal->org) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(db_text(&rows, 0, "state"), "given") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	if (strcmp(q->slot, "proof") != 0)
		return (call_reject(c, ERR_F_CHOICE, "slot"));
	f.county = db_text(&rows, 0, "county_code");
	f.area = db_text(&rows, 0, "area_code");
	return (file_keep(c, q, &f));
}

static int
relief_rule_set(struct call *c)
{
	const struct rule_in	*in = c->body;
	struct db_rows		 rows;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_relief_rule_set(c->db, &rows, in->percent, in->from_on, in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
