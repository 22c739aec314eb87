/*
 * institution.c -- licences of institutions: filed by the organisation,
 * checked by one officer and decided by another, suspended and revoked; and
 * the public register of who may teach what.
 *
 * Invariant: nobody teaches under a licence that two officers have not seen,
 * neither of whom filed it. The SQL is in sql/training/queries/institution.sql.
 */
#include "base/log.h"
#include "conf/conf.h"
#include "institution.h"
#include "training_sql.h"

#define ROOMS_MAX	100
#define PLACES_MAX	50000
#define LAT_LEAST_E6	3000000
#define LAT_MOST_E6	54000000
#define LNG_LEAST_E6	73000000
#define LNG_MOST_E6	136000000

struct room_row {
	const char	*name, *place;
	int64_t		 seats, lat_e6, lng_e6;
};

struct institution_in {
	const char	*licence_no, *kind;
	int32_t		 valid_from, valid_to;
	int64_t		 places;
	struct list_of	 occupations, rooms;
	bool		 is_startup;
};

struct judge_in {
	bool		 pass;
	const char	*note;
};

struct institution_query {
	const char	*county_code, *occupation_code, *kind, *state;
	int64_t		 level;
	int32_t		 expires_by;
};

static int	move(struct call *, const char *);
static int	institution_file(struct call *);
static int	institution_check(struct call *);
static int	institution_decide(struct call *);
static int	institution_suspend(struct call *);
static int	institution_resume(struct call *);
static int	institution_revoke(struct call *);

static const char *const kinds[] = { "vocational_school", "technician_college", "private_school",
	"enterprise_centre", "public_base", NULL };
static const char *const states[] = { "filed", "checked", "licensed", "refused", "suspended", "revoked", NULL };

const struct field licensed_fields[] = {
	FIELD_CHECK(occupation_row, occupation_code, REQUIRED, check_occupation_class, "职业代码，或其上级分类代码"),
	FIELD_INT(occupation_row, level, REQUIRED, 1, 5, "可培训的最高等级"),
	FIELD_END
};
const struct field answer_fields[] = {
	FIELD_BOOL(answer_in, accept, REQUIRED, "是否同意"),
	FIELD_TEXT(answer_in, note, OPTIONAL, 2, 300, "说明"),
	FIELD_END
};
const struct field note_fields[] = {
	FIELD_TEXT(note_in, note, REQUIRED, 2, 300, "原因"),
	FIELD_END
};
static const struct field room_fields[] = {
	FIELD_TEXT(room_row, name, REQUIRED, 1, 60, "教室或实训场地"),
	FIELD_TEXT(room_row, place, REQUIRED, 2, 120, "地址"),
	FIELD_INT(room_row, seats, REQUIRED, 1, 5000, "可容纳人数"),
	FIELD_INT(room_row, lat_e6, OPTIONAL, LAT_LEAST_E6, LAT_MOST_E6, "纬度（WGS84，百万分之一度）"),
	FIELD_INT(room_row, lng_e6, OPTIONAL, LNG_LEAST_E6, LNG_MOST_E6, "经度（WGS84，百万分之一度）"),
	FIELD_END
};
static const struct field institution_fields[] = {
	FIELD_TEXT(institution_in, licence_no, REQUIRED, 2, 40, "办学许可证号或批准文号"),
	FIELD_ENUM(institution_in, kind, REQUIRED, kinds, "机构类型"),
	FIELD_DAY(institution_in, valid_from, REQUIRED, "有效期自"),
	FIELD_DAY(institution_in, valid_to, REQUIRED, "有效期至"),
	FIELD_INT(institution_in, places, REQUIRED, 1, PLACES_MAX, "同时可容纳的培训人数"),
	FIELD_LIST(institution_in, occupations, REQUIRED, 1, OCCUPATIONS_MAX, occupation_row, licensed_fields,
	    "可培训的职业和最高等级"),
	FIELD_BOOL(institution_in, is_startup, OPTIONAL, "可开展创业培训"),
	FIELD_LIST(institution_in, rooms, OPTIONAL, 0, ROOMS_MAX, room_row, room_fields, "培训场地"),
	FIELD_END
};
static const struct field judge_fields[] = {
	FIELD_BOOL(judge_in, pass, REQUIRED, "是否同意"),
	FIELD_TEXT(judge_in, note, OPTIONAL, 2, 300, "意见，不同意时必填"),
	FIELD_END
};
static const struct field public_query_fields[] = {
	FIELD_CHECK(institution_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_CHECK(institution_query, occupation_code, OPTIONAL, check_occupation, "可培训的职业"),
	FIELD_INT(institution_query, level, OPTIONAL, 1, 5, "可培训的等级"),
	FIELD_ENUM(institution_query, kind, OPTIONAL, kinds, "机构类型"),
	FIELD_END
};
static const struct field register_query_fields[] = {
	FIELD_CHECK(institution_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(institution_query, state, OPTIONAL, states, "状态"),
	FIELD_DAY(institution_query, expires_by, OPTIONAL, "有效期在此日或之前届满的"),
	FIELD_END
};

const struct shape licensed_shape[] = {
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码或其上级分类" },
	{ .name = "level", .type = SHAPE_T_INT, .nullable = true, .help = "最高等级" },
	{ .name = "headcount", .type = SHAPE_T_INT, .nullable = true, .help = "人数" },
	SHAPE_END
};
static const struct shape room_shape[] = {
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "场地" },
	{ .name = "place", .type = SHAPE_T_TEXT, .help = "地址" },
	{ .name = "seats", .type = SHAPE_T_INT, .help = "可容纳人数" },
	{ .name = "lat_e6", .type = SHAPE_T_INT, .nullable = true, .help = "纬度" },
	{ .name = "lng_e6", .type = SHAPE_T_INT, .nullable = true, .help = "经度" },
	SHAPE_END
};
static const struct shape institution_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "许可登记" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "机构" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "机构名称" },
	{ .name = "licence_no", .type = SHAPE_T_TEXT, .help = "办学许可证号" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "institution_kinds", .help = "机构类型" },
	{ .name = "valid_from", .type = SHAPE_T_DAY, .help = "有效期自" },
	{ .name = "valid_to", .type = SHAPE_T_DAY, .help = "有效期至" },
	{ .name = "places", .type = SHAPE_T_INT, .help = "同时可容纳人数" },
	{ .name = "occupations", .type = SHAPE_T_LIST, .of = licensed_shape, .help = "可培训的职业" },
	{ .name = "is_startup", .type = SHAPE_T_BOOL, .help = "可开展创业培训" },
	{ .name = "rooms", .type = SHAPE_T_LIST, .of = room_shape, .help = "培训场地" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "institution_states", .help = "状态" },
	{ .name = "is_valid", .type = SHAPE_T_BOOL, .help = "今日有效" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "decided_on", .type = SHAPE_T_DAY, .nullable = true, .help = "决定日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所在地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

#define MOVE(verb, text, english)								\
	{ .name = "institution_" #verb, .method = METHOD_POST,					\
	  .path = "/v1/training/institutions/{id}/" #verb, .callers = ROLE_APPROVE,		\
	  .scope = SCOPE_AREA, .action = "training.institution." #verb,				\
	  .body = INPUT(note_in, note_fields), .reply = institution_shape, .success = 200,	\
	  .handler = institution_##verb, .emits = "training.institution.changed.v1",		\
	  .limit = LIMIT_WRITE, .zh = text, .en = english }

const struct route institution_routes[] = {
	{ .name = "institution_file", .method = METHOD_POST, .path = "/v1/training/institutions",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.institution.file",
	  .body = INPUT(institution_in, institution_fields), .reply = institution_shape,
	  .handler = institution_file, .emits = "training.institution.changed.v1", .limit = LIMIT_WRITE,
	  .matter = "TR-13", .zh = "登记办学许可", .en = "File a training licence" },
	{ .name = "institution_check", .method = METHOD_POST, .path = "/v1/training/institutions/{id}/check",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "training.institution.check",
	  .body = INPUT(judge_in, judge_fields), .reply = institution_shape, .success = 200,
	  .handler = institution_check, .emits = "training.institution.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "核验办学许可", .en = "Check a training licence" },
	{ .name = "institution_decide", .method = METHOD_POST, .path = "/v1/training/institutions/{id}/decide",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "training.institution.decide",
	  .body = INPUT(judge_in, judge_fields), .reply = institution_shape, .success = 200,
	  .handler = institution_decide, .emits = "training.institution.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "决定办学许可登记", .en = "Decide about a training licence" },
	MOVE(suspend, "暂停办学许可", "Suspend a training licence"),
	MOVE(resume, "恢复办学许可", "Take up a suspended licence again"),
	MOVE(revoke, "撤销办学许可登记", "Revoke a training licence"),
	{ .name = "institution_list", .method = METHOD_GET, .path = "/v1/training/institutions",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.institution.list",
	  .query = INPUT(institution_query, public_query_fields), .list = true, .reply = institution_shape,
	  .stmt = &stmt_institution_list, .limit = LIMIT_READ,
	  .zh = "查找培训机构", .en = "Search institutions with a licence" },
	{ .name = "institution_get", .method = METHOD_GET, .path = "/v1/training/institutions/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.institution.get",
	  .reply = institution_shape, .stmt = &stmt_institution_get, .limit = LIMIT_READ,
	  .zh = "查看培训机构", .en = "Read a licence" },
	{ .name = "institution_list_org", .method = METHOD_GET, .path = "/v1/training/org/institutions",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.institution.list_org",
	  .list = true, .reply = institution_shape, .stmt = &stmt_institution_list_org, .limit = LIMIT_READ,
	  .zh = "本机构的办学许可", .en = "List one's own licences" },
	{ .name = "institution_register", .method = METHOD_GET, .path = "/v1/training/institution-register",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.institution.register",
	  .query = INPUT(institution_query, register_query_fields), .list = true, .reply = institution_shape,
	  .stmt = &stmt_institution_register, .limit = LIMIT_READ,
	  .zh = "辖区办学许可台账（含即将到期）", .en = "List the licences of the area, or those that run out" },
	ROUTE_END
};

int
check_occupation_class(const char *code)
{
	return (occupation_name(code) == NULL ? ERR_F_OCCUPATION : 0);
}

const char *
body_list_text(struct call *c, const char *name)
{
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	const struct json	*list = root == NULL ? NULL : json_get(root, name);

	return (list == NULL || json_is_null(list) ? NULL : json_text(c->arena, list));
}

static int
institution_file(struct call *c)
{
	const struct institution_in	*in = c->body;
	const struct room_row		*r = in->rooms.items;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;
	size_t				 i;

	if (in->valid_to < in->valid_from || in->valid_to < clock_today())
		return (call_reject(c, ERR_F_DATE_ORDER, "/valid_to"));
	for (i = 0; i < in->rooms.count; i++)
		if ((r[i].lat_e6 == 0) != (r[i].lng_e6 == 0))
			return (call_reject(c, ERR_F_MISSING, arena_printf(c->arena, "/rooms/%zu/%s", i,
			    r[i].lat_e6 == 0 ? "lat_e6" : "lng_e6")));
	call_object(c, &id);
	if (sql_institution_file(c->db, &rows, &id, &c->principal->org, in->licence_no, in->kind,
	    in->valid_from, in->valid_to, in->places, body_list_text(c, "occupations"), in->is_startup,
	    body_list_text(c, "rooms")) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
institution_check(struct call *c)
{
	const struct judge_in	*in = c->body;
	struct db_rows		 rows;

	if (!in->pass && in->note == NULL)
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_institution_check(c->db, &rows, &c->id, in->pass, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
institution_decide(struct call *c)
{
	const struct judge_in	*in = c->body;
	struct db_rows		 rows;

	if (!in->pass && in->note == NULL)
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_institution_decide(c->db, &rows, &c->id, in->pass, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
move(struct call *c, const char *state)
{
	const struct note_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_institution_move(c->db, &rows, &c->id, state, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int	institution_suspend(struct call *c)	{ return (move(c, "suspended")); }
static int	institution_resume(struct call *c)	{ return (move(c, "licensed")); }
static int	institution_revoke(struct call *c)	{ return (move(c, "revoked")); }

/* Tells institutions, once a licence, that it runs out. */
void
institution_tick(void)
{
	struct arena	a;
	struct db	db;
	struct db_rows	rows;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_institution_warn(&db, &rows, conf_int(CONF_LICENCE_WARN)) == -1 || db_commit(&db) == -1)
		log_warn("licences that run out were not looked at; they will be next time");
	db_rollback(&db);
	arena_release(&a);
}
