/*
 * carrier_review.c -- what officers say of a carrier: recognition by two of
 * them, the yearly check, exit; and the photos that they see first.
 *
 * Invariant: who checked does not decide, who failed a carrier does not let it
 * go; the city's recognition takes the whole city. The rules are in
 * sql/entrepreneurship/011.
 */
#include "entrepreneurship.h"
#include "codes/codes.h"
#include "entrepreneurship_sql.h"
#include "workflow/file.h"

#define READERS	(ROLE_CARRIER | ROLE_CASE_OFFICERS)

struct ask_in {
	const char	*tier, *reason;
};

struct judge_in {
	bool		 pass;
	const char	*note, *document;
};

struct check_in {
	int64_t		 year;
	bool		 met;
	const char	*note;
};

struct exit_in {
	const char	*reason;
};

struct review_query {
	const char	*state, *tier, *county_code;
	int64_t		 year;
};

static int	carrier_photo_add(struct call *);

static const char *const tiers[] = { "city", "county", NULL };
static const char *const states[] = { "asked", "checked", "returned", "recognised", "refused", "revoked", NULL };

static const struct field ask_fields[] = {
	FIELD_ENUM(ask_in, tier, REQUIRED, tiers, "申请市级或县级认定"),
	FIELD_TEXT(ask_in, reason, REQUIRED, 4, 1000, "申请理由"),
	FIELD_END
};
static const struct field check_fields[] = {
	FIELD_BOOL(judge_in, pass, REQUIRED, "是否通过初审"),
	FIELD_TEXT(judge_in, note, OPTIONAL, 0, 500, "意见"),
	FIELD_END
};
static const struct field decide_fields[] = {
	FIELD_BOOL(judge_in, pass, REQUIRED, "是否认定"),
	FIELD_TEXT(judge_in, note, OPTIONAL, 0, 500, "意见"),
	FIELD_TEXT(judge_in, document, OPTIONAL, 4, 100, "认定文件，同意时必填"),
	FIELD_END
};
static const struct field year_check_fields[] = {
	FIELD_INT(check_in, year, REQUIRED, 2020, 2100, "年度"),
	FIELD_BOOL(check_in, met, REQUIRED, "年度检查合格"),
	FIELD_TEXT(check_in, note, REQUIRED, 2, 1000, "检查情况"),
	FIELD_END
};
static const struct field exit_fields[] = {
	FIELD_TEXT(exit_in, reason, REQUIRED, 2, 500, "退出原因"),
	FIELD_END
};
static const struct field list_fields[] = {
	FIELD_ENUM(review_query, state, OPTIONAL, states, "状态"),
	FIELD_ENUM(review_query, tier, OPTIONAL, tiers, "认定级别"),
	FIELD_CHECK(review_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};
static const struct field year_fields[] = {
	FIELD_INT(review_query, year, REQUIRED, 2020, 2100, "年度"),
	FIELD_END
};

static const struct shape recognition_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "认定申请" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "运营单位" },
	{ .name = "tier", .type = SHAPE_T_TEXT, .help = "认定级别" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "申请理由" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "startup_recognition_states", .help = "状态" },
	{ .name = "check_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "初审意见" },
	{ .name = "decide_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "认定意见" },
	{ .name = "document", .type = SHAPE_T_TEXT, .nullable = true, .help = "认定文件" },
	{ .name = "checked_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "初审时间" },
	{ .name = "decided_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "认定时间" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申请时间" },
	SHAPE_END
};
static const struct shape year_shape[] = {
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "as_of", .type = SHAPE_T_DAY, .help = "截至" },
	{ .name = "tenants_before", .type = SHAPE_T_INT, .help = "年初在驻企业" },
	{ .name = "admitted", .type = SHAPE_T_INT, .help = "当年入驻" },
	{ .name = "tenants", .type = SHAPE_T_INT, .help = "截至日在驻企业" },
	{ .name = "left", .type = SHAPE_T_JSON, .help = "当年退出，按原因" },
	{ .name = "jobs", .type = SHAPE_T_INT, .help = "当年带动就业人数" },
	{ .name = "heads", .type = SHAPE_T_INT, .nullable = true, .help = "截至日在驻企业用工人数" },
	{ .name = "insured", .type = SHAPE_T_INT, .nullable = true, .help = "在驻企业最近月份参保人数" },
	{ .name = "relief_cents", .type = SHAPE_T_INT, .help = "当年已核实的房租减免（分）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	SHAPE_END
};
static const struct shape check_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "年度检查" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "运营单位" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "met", .type = SHAPE_T_BOOL, .help = "合格" },
	{ .name = "note", .type = SHAPE_T_TEXT, .help = "检查情况" },
	{ .name = "known", .type = SHAPE_T_JSON, .help = "检查当日登记数据" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "检查时间" },
	SHAPE_END
};

const struct route carrier_review_routes[] = {
	{ .name = "recognition_ask", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/carriers/{id}/recognitions",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.recognition.ask",
	  .body = INPUT(ask_in, ask_fields), .reply = recognition_shape, .stmt = &stmt_recognition_ask,
	  .limit = LIMIT_WRITE, .matter = "EN-03", .zh = "申请认定创业载体", .en = "Ask for recognition" },
	{ .name = "recognition_check", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/recognitions/{id}/check",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.recognition.check", .body = INPUT(judge_in, check_fields),
	  .reply = recognition_shape, .success = 200, .stmt = &stmt_recognition_check,
	  .limit = LIMIT_WRITE, .zh = "载体认定初审", .en = "Check an application for recognition" },
	{ .name = "recognition_decide", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/recognitions/{id}/decide",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "entrepreneurship.recognition.decide",
	  .body = INPUT(judge_in, decide_fields), .reply = recognition_shape, .success = 200,
	  .stmt = &stmt_recognition_decide, .emits = "entrepreneurship.carrier.recognised.v1",
	  .limit = LIMIT_WRITE, .zh = "认定或不予认定创业载体", .en = "Recognise a carrier, or not" },
	{ .name = "recognition_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/recognitions",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "entrepreneurship.recognition.list",
	  .query = INPUT(review_query, list_fields), .list = true, .reply = recognition_shape,
	  .stmt = &stmt_recognition_list, .limit = LIMIT_READ,
	  .zh = "载体认定申请", .en = "List applications for recognition" },
	{ .name = "carrier_year", .method = METHOD_GET, .path = "/v1/entrepreneurship/carriers/{id}/year",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "entrepreneurship.carrier.year",
	  .query = INPUT(review_query, year_fields), .reply = year_shape, .stmt = &stmt_carrier_year,
	  .limit = LIMIT_READ, .zh = "载体年度数据", .en = "What the register knows of a carrier's year" },
	{ .name = "carrier_check_make", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/carriers/{id}/checks",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.carrier.check", .body = INPUT(check_in, year_check_fields),
	  .reply = check_shape, .stmt = &stmt_carrier_check_make, .limit = LIMIT_WRITE,
	  .zh = "载体年度检查", .en = "Enter a carrier's yearly check" },
	{ .name = "carrier_check_list", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/carriers/{id}/checks",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "entrepreneurship.carrier.checks",
	  .list = true, .reply = check_shape, .stmt = &stmt_carrier_check_list, .limit = LIMIT_READ,
	  .zh = "载体历年检查", .en = "List a carrier's yearly checks" },
	{ .name = "carrier_exit", .method = METHOD_POST, .path = "/v1/entrepreneurship/carriers/{id}/exit",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "entrepreneurship.carrier.exit",
	  .body = INPUT(exit_in, exit_fields), .reply = carrier_shape, .success = 200,
	  .stmt = &stmt_carrier_exit, .emits = "entrepreneurship.carrier.exited.v1", .limit = LIMIT_WRITE,
	  .zh = "年度检查不合格的载体退出", .en = "Let a carrier go that failed its yearly check" },
	{ .name = "carrier_photo_add", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/carriers/{id}/photos",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.carrier.photo",
	  .query = INPUT(file_query, file_query_fields), .raw_body = true, .reply = file_shape,
	  .success = 201, .handler = carrier_photo_add, .limit = LIMIT_IMPORT,
	  .zh = "上传载体照片，认定后公开", .en = "Hand in a photo, public once recognised" },
	{ .name = "carrier_photo_list", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/carriers/{id}/photos",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.carrier.photos",
	  .list = true, .reply = file_shape, .stmt = &stmt_carrier_photo_list, .limit = LIMIT_READ,
	  .zh = "载体照片", .en = "List a carrier's photos" },
	{ .name = "carrier_photo_get", .method = METHOD_GET, .path = "/v1/entrepreneurship/carrier-photos/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.carrier.photo_get",
	  .media = "application/octet-stream", .handler = file_send, .limit = LIMIT_READ,
	  .zh = "下载载体照片", .en = "Download a photo" },
	{ .name = "carrier_file_get", .method = METHOD_GET, .path = "/v1/entrepreneurship/carrier-files/{id}",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "entrepreneurship.carrier.file_get",
	  .media = "application/octet-stream", .handler = file_send, .limit = LIMIT_READ,
	  .opens = OPENS_UNNAMED, .zh = "下载载体材料", .en = "Download a carrier's file" },
	ROUTE_END
};

/* JPEG or PNG show it; what else it may prove is not asked. */
static int
carrier_photo_add(struct call *c)
{
	const struct file_query	*q = c->query;
	struct file_for		 f = { .subject_kind = "carrier", .subject = c->id,
	    .org = &c->principal->org, .keep_until = DAY_NONE };
	struct db_rows		 rows;

	if (sql_carrier_own(c->db, &rows, &c->id, &c->principal->org) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(q->slot, "carrier_photo") != 0)
		return (call_reject(c, ERR_F_CHOICE, "slot"));
	f.county = db_text(&rows, 0, "county_code");
	f.area = db_text(&rows, 0, "area_code");
	return (file_keep(c, q, &f));
}
