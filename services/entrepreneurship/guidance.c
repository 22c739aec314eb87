/*
 * guidance.c -- 创业指导记录: written by the mentor, confirmed or disputed by the
 * founder, with files of either, and rated once.
 *
 * Invariant: only a meeting the founder confirmed counts, or can be rated. The
 * SQL is in sql/entrepreneurship/queries/guidance.sql.
 */
#include "codes/codes.h"
#include "entrepreneurship_sql.h"
#include "mentors.h"
#include "workflow/file.h"

struct guidance_in {
	const char	*topics, *advice, *next_steps;
	int32_t		 next_on;
};

struct dispute_in {
	const char	*reason;
};

struct rate_in {
	int64_t		 stars;
	const char	*reasons, *words;
};

static int	guidance_confirm(struct call *);
static int	guidance_dispute(struct call *);
static int	guidance_answer(struct call *, bool, const char *);
static int	guidance_file_add(struct call *);
static int	guidance_file_get(struct call *);

static const char *const states[] = { "given", "confirmed", "disputed", NULL };

static const struct field guidance_fields[] = {
	FIELD_JSON(guidance_in, topics, REQUIRED, WORDS_BYTES, "指导内容，一种或几种，见 mentor_fields"),
	FIELD_TEXT(guidance_in, advice, REQUIRED, 2, 2000, "指导意见"),
	FIELD_TEXT(guidance_in, next_steps, OPTIONAL, 0, 500, "下一步"),
	FIELD_DAY(guidance_in, next_on, OPTIONAL, "下次见面"),
	FIELD_END
};
static const struct field dispute_fields[] = {
	FIELD_TEXT(dispute_in, reason, REQUIRED, 2, 300, "异议"),
	FIELD_END
};
static const struct field rate_fields[] = {
	FIELD_INT(rate_in, stars, REQUIRED, 1, 5, "星级"),
	FIELD_JSON(rate_in, reasons, REQUIRED, WORDS_BYTES, "理由，一种或几种，见 mentor_rating_reasons"),
	FIELD_TEXT(rate_in, words, OPTIONAL, 0, 300, "想说的话"),
	FIELD_END
};
static const struct field state_query_fields[] = {
	FIELD_ENUM(state_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(state_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape guidance_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "指导记录" },
	{ .name = "booking_id", .type = SHAPE_T_UUID, .help = "预约" },
	{ .name = "mentor_id", .type = SHAPE_T_UUID, .help = "导师" },
	{ .name = "studio_id", .type = SHAPE_T_UUID, .help = "工作室" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "被指导人" },
	{ .name = "topics", .type = SHAPE_T_LIST, .help = "指导内容" },
	{ .name = "advice", .type = SHAPE_T_TEXT, .help = "指导意见" },
	{ .name = "next_steps", .type = SHAPE_T_TEXT, .nullable = true, .help = "下一步" },
	{ .name = "next_on", .type = SHAPE_T_DAY, .nullable = true, .help = "下次见面" },
	{ .name = "given_on", .type = SHAPE_T_DAY, .help = "指导日期" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "guidance_states", .help = "状态" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "异议" },
	{ .name = "files", .type = SHAPE_T_LIST, .of = file_shape, .help = "附件" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "记录时间" },
	SHAPE_END
};
static const struct shape rating_shape[] = {
	{ .name = "guidance_id", .type = SHAPE_T_UUID, .help = "指导记录" },
	{ .name = "mentor_id", .type = SHAPE_T_UUID, .help = "导师" },
	{ .name = "stars", .type = SHAPE_T_INT, .help = "星级" },
	{ .name = "reasons", .type = SHAPE_T_LIST, .help = "理由" },
	{ .name = "words", .type = SHAPE_T_TEXT, .nullable = true, .help = "想说的话" },
	SHAPE_END
};

const struct route guidance_routes[] = {
	{ .name = "guidance_give", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/bookings/{id}/guidance",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.guidance.give",
	  .body = INPUT(guidance_in, guidance_fields), .reply = guidance_shape,
	  .stmt = &stmt_guidance_give,
	  .emits = "entrepreneurship.guidance.moved.v1 entrepreneurship.booking.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "导师填写指导记录", .en = "Write down what was advised" },
	{ .name = "guidance_confirm", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/guidances/{id}/confirm",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.guidance.confirm",
	  .reply = guidance_shape, .success = 200, .handler = guidance_confirm,
	  .emits = "entrepreneurship.guidance.moved.v1 entrepreneurship.founder.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "确认指导记录", .en = "Confirm a guidance" },
	{ .name = "guidance_dispute", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/guidances/{id}/dispute",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.guidance.dispute",
	  .body = INPUT(dispute_in, dispute_fields), .reply = guidance_shape, .success = 200,
	  .handler = guidance_dispute, .emits = "entrepreneurship.guidance.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "对指导记录提出异议", .en = "Dispute a guidance" },
	{ .name = "guidance_rate", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/guidances/{id}/rating",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.guidance.rate",
	  .body = INPUT(rate_in, rate_fields), .reply = rating_shape, .stmt = &stmt_guidance_rate,
	  .emits = "entrepreneurship.guidance.rated.v1", .limit = LIMIT_WRITE,
	  .zh = "评价导师", .en = "Rate a mentor, once a guidance" },
	{ .name = "guidance_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/guidances",
	  .callers = ROLE_PERSON | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.guidance.list", .query = INPUT(state_query, state_query_fields),
	  .list = true, .reply = guidance_shape, .stmt = &stmt_guidance_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "指导记录（本人的、本人所写或辖区的）", .en = "List guidances" },
	{ .name = "guidance_file_add", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/guidances/{id}/files",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.guidance.file",
	  .query = INPUT(file_query, file_query_fields), .raw_body = true, .reply = file_shape,
	  .success = 201, .handler = guidance_file_add, .limit = LIMIT_IMPORT,
	  .zh = "上传指导附件", .en = "Hand in a file of a guidance" },
	{ .name = "guidance_file_get", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/guidance-files/{id}",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.guidance.file_get",
	  .media = "application/octet-stream", .handler = guidance_file_get, .lane = DB_SYSTEM,
	  .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "下载指导附件", .en = "Download a file of a guidance" },
	ROUTE_END
};

static int
guidance_confirm(struct call *c)
{
	return (guidance_answer(c, true, NULL));
}

static int
guidance_dispute(struct call *c)
{
	const struct dispute_in	*in = c->body;

	return (guidance_answer(c, false, in->reason));
}

static int
guidance_answer(struct call *c, bool yes, const char *why)
{
	struct db_rows	rows;

	if (sql_guidance_answer(c->db, &rows, &c->id, &c->principal->person, yes, why) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* It belongs to whoever hands it in, and is submitted with that. */
static int
guidance_file_add(struct call *c)
{
	struct file_for	f = { .subject_kind = "guidance", .subject = c->id,
	    .person = &c->principal->person, .keep_until = DAY_NONE };
	struct db_rows	rows;
	int		rc;

	if (sql_guidance_whose(c->db, &rows, &c->id, &c->principal->person) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	f.county = db_text(&rows, 0, "county_code");
	f.area = db_text(&rows, 0, "area_code");
	rc = file_keep(c, c->query, &f);
	if (call_status(c) == 201 && file_lock(c->db, &c->id) == -1)
		return (call_failed(c));
	return (rc);
}

/* Row-level security shows a file to its owner; here the other side reads it too. */
static int
guidance_file_get(struct call *c)
{
	struct db_rows	rows;

	if (sql_guidance_file_may(c->db, &rows, &c->id, &c->principal->person) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	return (file_send(c));
}
