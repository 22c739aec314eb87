/*
 * mentor.c -- 创业导师: asked by a studio, confirmed by the person, shown to the
 * public as the person's own card says and only if they agree.
 *
 * Invariant: nobody is a mentor who did not say so, and no average of fewer
 * than five ratings leaves the database. The SQL is in queries/mentor.sql.
 */
#include "codes/codes.h"
#include "entrepreneurship_sql.h"
#include "mentors.h"

struct ask_in {
	struct uuid	person_id;
};

struct card_in {
	const char	*name, *employer, *fields, *intro;
	bool		 shown;
};

struct accept_in {
	bool	accept;
};

struct mentor_query {
	const char	*county_code, *field;
};

struct idle_query {
	int64_t		 year;
	const char	*county_code;
};

static const char *const seat_states[] = { "asked", "confirmed", "declined", "ended", NULL };

static const struct field ask_fields[] = {
	FIELD_UUID(ask_in, person_id, REQUIRED, "邀请的人员"),
	FIELD_END
};
static const struct field card_fields[] = {
	FIELD_TEXT(card_in, name, REQUIRED, 2, 30, "对外显示的姓名"),
	FIELD_TEXT(card_in, employer, REQUIRED, 2, 60, "工作单位"),
	FIELD_JSON(card_in, fields, REQUIRED, WORDS_BYTES, "指导领域，一种或几种，见 mentor_fields"),
	FIELD_TEXT(card_in, intro, OPTIONAL, 0, 500, "简介"),
	FIELD_BOOL(card_in, shown, REQUIRED, "同意公开显示"),
	FIELD_END
};
static const struct field accept_fields[] = {
	FIELD_BOOL(accept_in, accept, REQUIRED, "是否接受"),
	FIELD_END
};
static const struct field mentor_query_fields[] = {
	FIELD_CHECK(mentor_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(mentor_query, field, OPTIONAL, mentor_fields, "指导领域"),
	FIELD_END
};
static const struct field seat_query_fields[] = {
	FIELD_ENUM(state_query, state, OPTIONAL, seat_states, "状态"),
	FIELD_CHECK(state_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};
static const struct field idle_query_fields[] = {
	FIELD_INT(idle_query, year, OPTIONAL, 2020, 2100, "年度，默认今年"),
	FIELD_CHECK(idle_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape at_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "工作室" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "工作室名称" },
	SHAPE_END
};
static const struct shape mentor_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "导师" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "姓名" },
	{ .name = "employer", .type = SHAPE_T_TEXT, .help = "工作单位" },
	{ .name = "fields", .type = SHAPE_T_LIST, .codes = "mentor_fields", .help = "指导领域" },
	{ .name = "intro", .type = SHAPE_T_TEXT, .nullable = true, .help = "简介" },
	{ .name = "shown", .type = SHAPE_T_BOOL, .help = "本人同意公开显示" },
	{ .name = "active", .type = SHAPE_T_BOOL, .help = "在聘" },
	{ .name = "studios", .type = SHAPE_T_LIST, .of = at_shape, .help = "所在工作室" },
	{ .name = "rating_count", .type = SHAPE_T_INT, .nullable = true, .help = "评价人次，少于 5 不显示" },
	{ .name = "rating_centi", .type = SHAPE_T_INT, .nullable = true, .help = "平均星级的百倍，少于 5 次不显示" },
	{ .name = "last_guided_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最近一次指导" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape seat_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "聘任" },
	{ .name = "studio_id", .type = SHAPE_T_UUID, .help = "工作室" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "工作室所在单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "mentor_seat_states", .help = "状态" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .nullable = true, .help = "受聘日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "结束日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "邀请时间" },
	SHAPE_END
};

const struct route mentor_routes[] = {
	{ .name = "mentor_ask", .method = METHOD_POST, .path = "/v1/entrepreneurship/studios/{id}/mentors",
	  .callers = ROLE_ORGS, .scope = SCOPE_ORG, .right = RIGHT_MANAGE,
	  .action = "entrepreneurship.mentor.ask", .body = INPUT(ask_in, ask_fields), .reply = seat_shape,
	  .stmt = &stmt_mentor_ask, .emits = "entrepreneurship.mentor.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "邀请创业导师", .en = "Ask a person to be a mentor" },
	{ .name = "mentor_card", .method = METHOD_POST, .path = "/v1/entrepreneurship/my/mentor",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.mentor.card",
	  .body = INPUT(card_in, card_fields), .reply = mentor_shape, .success = 200,
	  .stmt = &stmt_mentor_card, .limit = LIMIT_WRITE,
	  .zh = "填写本人的导师名片", .en = "Write one's own card as a mentor" },
	{ .name = "mentor_own", .method = METHOD_GET, .path = "/v1/entrepreneurship/my/mentor",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.mentor.own",
	  .reply = mentor_shape, .stmt = &stmt_mentor_own, .limit = LIMIT_READ,
	  .zh = "本人的导师名片", .en = "Read one's own card" },
	{ .name = "mentor_answer", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/mentor-seats/{id}/answer",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.mentor.answer",
	  .body = INPUT(accept_in, accept_fields), .reply = seat_shape, .success = 200,
	  .stmt = &stmt_mentor_answer, .emits = "entrepreneurship.mentor.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "接受或谢绝担任导师", .en = "Accept or decline to be a mentor" },
	{ .name = "mentor_end", .method = METHOD_POST, .path = "/v1/entrepreneurship/mentor-seats/{id}/end",
	  .callers = ROLE_PERSON | ROLE_ORGS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.mentor.end", .reply = seat_shape, .success = 200,
	  .stmt = &stmt_mentor_end, .emits = "entrepreneurship.mentor.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "结束导师聘任", .en = "End being a mentor at a studio" },
	{ .name = "mentor_seat_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/mentor-seats",
	  .callers = ROLE_PERSON | ROLE_ORGS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.mentor.seat_list", .query = INPUT(state_query, seat_query_fields),
	  .list = true, .reply = seat_shape, .stmt = &stmt_mentor_seat_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "导师聘任（本人、本单位或辖区）", .en = "List who is a mentor where" },
	{ .name = "mentor_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/mentors",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.mentor.list",
	  .query = INPUT(mentor_query, mentor_query_fields), .list = true, .reply = mentor_shape,
	  .stmt = &stmt_mentor_list, .limit = LIMIT_READ,
	  .zh = "查找创业导师", .en = "Search mentors who agreed to be shown" },
	{ .name = "mentor_get", .method = METHOD_GET, .path = "/v1/entrepreneurship/mentors/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.mentor.get",
	  .reply = mentor_shape, .stmt = &stmt_mentor_get, .limit = LIMIT_READ,
	  .zh = "查看创业导师", .en = "Read a mentor's card" },
	{ .name = "mentor_idle", .method = METHOD_GET, .path = "/v1/entrepreneurship/idle-mentors",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "entrepreneurship.mentor.idle",
	  .query = INPUT(idle_query, idle_query_fields), .list = true, .reply = mentor_shape,
	  .stmt = &stmt_mentor_idle, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "当年没有指导记录的导师", .en = "Mentors without guidance in a year" },
	ROUTE_END
};
