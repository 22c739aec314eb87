/*
 * exam_visit.c -- officers look in on examinations that are drawn by lot.
 *
 * Invariant: the lot can be drawn again from its seed; an irregularity found
 * by one officer holds the certificates until another clears it.
 */
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "training.h"
#include "training_sql.h"

#define SEED_BYTES	16

struct draw_in {
	const char	*county_code;
	int32_t		 from_on, to_on;
	int64_t		 count;
};

struct visit_in {
	bool		 regular;
	int64_t		 present;
	const char	*note;
};

struct visit_query {
	const char	*state;
};

static int	exam_draw(struct call *);

static const char *const states[] = { "drawn", "regular", "irregular", "cleared", NULL };

static const struct field draw_in_fields[] = {
	FIELD_CHECK(draw_in, county_code, REQUIRED, check_county, "县区"),
	FIELD_DAY(draw_in, from_on, REQUIRED, "考试日期起"),
	FIELD_DAY(draw_in, to_on, REQUIRED, "考试日期止"),
	FIELD_INT(draw_in, count, REQUIRED, 1, 50, "抽取场次"),
	FIELD_END
};

static const struct field visit_in_fields[] = {
	FIELD_BOOL(visit_in, regular, REQUIRED, "考场正常"),
	FIELD_INT(visit_in, present, REQUIRED, 0, 500, "实到人数"),
	FIELD_TEXT(visit_in, note, REQUIRED, 2, 500, "督考情况"),
	FIELD_END
};

static const struct field clear_in_fields[] = {
	FIELD_TEXT(visit_in, note, REQUIRED, 2, 500, "核查结论"),
	FIELD_END
};

static const struct field visit_query_fields[] = {
	FIELD_ENUM(visit_query, state, OPTIONAL, states, "督考状态"),
	FIELD_END
};

static const struct shape visit_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "督考" },
	{ .name = "exam_id", .type = SHAPE_T_UUID, .help = "考试" },
	{ .name = "class_title", .type = SHAPE_T_TEXT, .help = "班级名称" },
	{ .name = "seed", .type = SHAPE_T_TEXT, .help = "抽签种子" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "exam_visit_states", .help = "督考状态" },
	{ .name = "present", .type = SHAPE_T_INT, .nullable = true, .help = "实到人数" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "督考情况" },
	{ .name = "visited_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "到场时间" },
	{ .name = "cleared_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "核查结论" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "抽取时间" },
	SHAPE_END
};

static const struct shape draw_shape[] = {
	{ .name = "seed", .type = SHAPE_T_TEXT, .help = "抽签种子" },
	{ .name = "visits", .type = SHAPE_T_LIST, .of = visit_shape, .help = "抽中的考试" },
	SHAPE_END
};

const struct route exam_visit_routes[] = {
	{ .name = "exam_draw", .method = METHOD_POST, .path = "/v1/training/exam-draws",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "training.exam.draw",
	  .body = INPUT(draw_in, draw_in_fields), .reply = draw_shape, .handler = exam_draw,
	  .limit = LIMIT_WRITE, .zh = "随机抽取督考的考试", .en = "Draw examinations to look in on" },
	{ .name = "exam_visit_record", .method = METHOD_POST, .path = "/v1/training/exam-visits/{id}/record",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "training.exam.visit", .body = INPUT(visit_in, visit_in_fields),
	  .reply = visit_shape, .success = 200, .stmt = &stmt_exam_visit_record, .limit = LIMIT_WRITE,
	  .zh = "登记督考情况", .en = "Record a visit to an examination" },
	{ .name = "exam_visit_clear", .method = METHOD_POST, .path = "/v1/training/exam-visits/{id}/clear",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "training.exam.clear",
	  .body = INPUT(visit_in, clear_in_fields), .reply = visit_shape, .success = 200,
	  .stmt = &stmt_exam_visit_clear, .limit = LIMIT_WRITE,
	  .zh = "核查后解除异常", .en = "Clear an irregularity after a look" },
	{ .name = "exam_visit_list", .method = METHOD_GET, .path = "/v1/training/exam-visits",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.exam.visits",
	  .query = INPUT(visit_query, visit_query_fields), .list = true, .reply = visit_shape,
	  .stmt = &stmt_exam_visit_list, .limit = LIMIT_READ,
	  .zh = "督考记录", .en = "List visits to examinations" },
	ROUTE_END
};

static int
exam_draw(struct call *c)
{
	const struct draw_in	*in = c->body;
	uint8_t			 seed[SEED_BYTES];
	struct db_rows		 rows;

	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	random_bytes(seed, sizeof(seed));
	if (sql_exam_draw(c->db, &rows, in->county_code, in->from_on, in->to_on, in->count,
	    hex_encode(c->arena, seed, sizeof(seed))) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
