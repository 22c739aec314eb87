/*
 * household.c -- 零就业家庭: applied for with its members, checked at home,
 * recognised by two officers.
 *
 * Invariant: nobody is in two open households, and a household in which
 * somebody works is not recognised. The members are named by id or by identity
 * number, of which only the blind index is used. What follows the recognition
 * is household_care.c; the SQL is in sql/jobs/queries/household.sql.
 */
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "household.h"
#include "jobs_sql.h"

#define MEMBERS_MAX	12
#define MEMBER_TEXT	200

struct member_in {
	struct uuid	 person_id;
	const char	*id_number;
	const char	*relation;
};

struct household_in {
	struct uuid	 person_id;
	const char	*address;
	const char	*situation;
	struct list_of	 members;
};

struct review_in {
	const char	*decision;
	const char	*note;
};

struct household_query {
	const char	*county_code;
	const char	*state;
	bool		 is_overdue;
	bool		 is_escalated;
};

static int	household_apply(struct call *);
static int	household_first_review(struct call *);
static int	household_recheck(struct call *);
static int	members_refused(struct call *, const struct list_of *);
static char    *members_text(struct call *, const struct list_of *);
static bool	review_sound(const struct review_in *);

static const char *const relations[] = { "self", "spouse", "child", "parent", "sibling",
	"grandparent", "grandchild", "other", NULL };
static const char *const states[] = { "applied", "visited", "first_reviewed", "recognised",
	"placed", "cleared", "exited", "rejected", "withdrawn", NULL };
static const char *const decisions[] = { "pass", "reject", NULL };

static const struct field member_fields[] = {
	FIELD_UUID(member_in, person_id, OPTIONAL, "成员，与 id_number 二选一"),
	FIELD_CHECK(member_in, id_number, OPTIONAL, check_id_number, "公民身份号码，不留存"),
	FIELD_ENUM(member_in, relation, REQUIRED, relations, "与申请人关系"),
	FIELD_END
};

static const struct field household_fields[] = {
	FIELD_UUID(household_in, person_id, OPTIONAL, "窗口代办的申请人；本人办理时不填"),
	FIELD_TEXT(household_in, address, REQUIRED, 2, 120, "家庭住址"),
	FIELD_TEXT(household_in, situation, REQUIRED, 2, 500, "家庭就业情况"),
	FIELD_LIST(household_in, members, REQUIRED, 1, MEMBERS_MAX, member_in, member_fields,
	    "家庭成员，含申请人"),
	FIELD_END
};

static const struct field review_fields[] = {
	FIELD_ENUM(review_in, decision, REQUIRED, decisions, "审核意见"),
	FIELD_TEXT(review_in, note, OPTIONAL, 2, 500, "说明；不予认定时必填"),
	FIELD_END
};

static const struct field household_query_fields[] = {
	FIELD_CHECK(household_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(household_query, state, OPTIONAL, states, "状态"),
	FIELD_BOOL(household_query, is_overdue, OPTIONAL, "超过清零时限"),
	FIELD_BOOL(household_query, is_escalated, OPTIONAL, "已上报市级"),
	FIELD_END
};

static const struct shape member_shape[] = {
	{ .name = "member_id", .type = SHAPE_T_UUID, .help = "成员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "relation", .type = SHAPE_T_TEXT, .help = "与申请人关系" },
	SHAPE_END
};

const struct shape household_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "零就业家庭" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "申请人" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "address", .type = SHAPE_T_TEXT, .help = "家庭住址" },
	{ .name = "situation", .type = SHAPE_T_TEXT, .help = "家庭就业情况" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "household_states", .help = "状态" },
	{ .name = "applied_on", .type = SHAPE_T_DAY, .help = "申请日期" },
	{ .name = "first_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "初审意见" },
	{ .name = "recheck_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "复核意见" },
	{ .name = "recognised_on", .type = SHAPE_T_DAY, .nullable = true, .help = "认定日期" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "清零时限" },
	{ .name = "is_overdue", .type = SHAPE_T_BOOL, .help = "已超时限" },
	{ .name = "escalated_on", .type = SHAPE_T_DAY, .nullable = true, .help = "上报市级日期" },
	{ .name = "placed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "至少一人就业的日期" },
	{ .name = "cleared_on", .type = SHAPE_T_DAY, .nullable = true, .help = "销号日期" },
	{ .name = "exit_reason", .type = SHAPE_T_TEXT, .codes = "household_exits", .nullable = true,
	  .help = "退出原因" },
	{ .name = "close_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "销号或退出说明" },
	{ .name = "refusals", .type = SHAPE_T_INT, .help = "拒绝岗位次数" },
	{ .name = "last_reached_on", .type = SHAPE_T_DAY, .help = "最近联系上的日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申请时间" },
	{ .name = "members", .type = SHAPE_T_LIST, .of = member_shape, .help = "家庭成员" },
	SHAPE_END
};

const struct route household_routes[] = {
	{ .name = "household_apply", .method = METHOD_POST, .path = "/v1/jobs/households",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER, .action = "jobs.household.apply",
	  .body = INPUT(household_in, household_fields), .reply = household_shape,
	  .handler = household_apply, .key = KEY_REQUIRED, .limit = LIMIT_WRITE, .matter = "JB-21",
	  .zh = "申请零就业家庭认定", .en = "Apply for a household without work" },
	{ .name = "household_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/households",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.household.list_person",
	  .list = true, .reply = household_shape, .stmt = &stmt_household_list_person,
	  .limit = LIMIT_READ, .zh = "我申请的零就业家庭", .en = "List the caller's households" },
	{ .name = "household_get", .method = METHOD_GET, .path = "/v1/jobs/households/{id}",
	  .callers = ROLE_PERSON | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.household.get", .reply = household_shape, .stmt = &stmt_household_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看零就业家庭", .en = "Read a household" },
	{ .name = "household_list", .method = METHOD_GET, .path = "/v1/jobs/households",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.household.list",
	  .query = INPUT(household_query, household_query_fields), .list = true,
	  .reply = household_shape, .stmt = &stmt_household_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "辖区内的零就业家庭", .en = "List the households of the area" },
	{ .name = "household_first_review", .method = METHOD_POST,
	  .path = "/v1/jobs/households/{id}/first-review", .callers = ROLE_FIRST_REVIEW,
	  .scope = SCOPE_AREA, .action = "jobs.household.first_review",
	  .body = INPUT(review_in, review_fields), .reply = household_shape, .success = 200,
	  .handler = household_first_review, .limit = LIMIT_WRITE,
	  .zh = "零就业家庭初审", .en = "First review of a household" },
	{ .name = "household_recheck", .method = METHOD_POST,
	  .path = "/v1/jobs/households/{id}/recheck", .callers = ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "jobs.household.recheck", .body = INPUT(review_in, review_fields),
	  .reply = household_shape, .success = 200, .handler = household_recheck,
	  .emits = "jobs.household.recognised.v1", .limit = LIMIT_WRITE,
	  .zh = "零就业家庭复核认定", .en = "Recognise a household" },
	ROUTE_END
};

/* The household, then its members, whose rows lean on it. */
static int
household_apply(struct call *c)
{
	const struct household_in	*in = c->body;
	const struct principal		*who = c->principal;
	const struct uuid		*person = who->has_person ? &who->person : &in->person_id;
	struct db_rows			 made, rows;
	struct uuid			 id;
	char				*members;

	if (who->has_person && !uuid_is_nil(&in->person_id) &&
	    !uuid_equal(&in->person_id, &who->person))
		return (call_reject(c, ERR_FORBIDDEN, "/person_id"));
	if (uuid_is_nil(person))
		return (call_reject(c, ERR_F_MISSING, "/person_id"));
	if (members_refused(c, &in->members) != 0)
		return (call_status(c));
	members = members_text(c, &in->members);
	if (sql_household_apply(c->db, &made, person, members, in->address, in->situation) == -1)
		return (call_failed(c));
	id = db_uuid(&made, 0, "id");
	if (sql_household_join(c->db, &rows, &id, members) == -1 ||
	    sql_household_get(c->db, &rows, &id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* 0, or the refusal that it made: each member by id or by number, not both. */
static int
members_refused(struct call *c, const struct list_of *list)
{
	const struct member_in	*m = list->items;
	size_t			 i;

	for (i = 0; i < list->count; i++)
		if (uuid_is_nil(&m[i].person_id) == (m[i].id_number == NULL)) {
			(void)call_reject(c, ERR_JOBS_WHO,
			    arena_printf(c->arena, "/members/%zu/person_id", i));
			return (1);
		}
	return (0);
}

static char *
members_text(struct call *c, const struct list_of *list)
{
	const struct member_in	*m = list->items;
	struct json_out		 out;
	struct buf		 buf;
	char			*text;
	size_t			 i;

	buf_init(&buf, MEMBERS_MAX * MEMBER_TEXT);
	json_out_init(&out, &buf);
	json_open_list(&out, NULL);
	for (i = 0; i < list->count; i++) {
		json_open(&out, NULL);
		if (m[i].id_number != NULL)
			json_put_text(&out, "id_index", blind_index(c->arena, "id", m[i].id_number));
		else
			json_put_uuid(&out, "person_id", &m[i].person_id);
		json_put_text(&out, "relation", m[i].relation);
		json_close(&out);
	}
	json_close_list(&out);
	text = arena_printf(c->arena, "%s", buf_cstr(&buf));
	buf_release(&buf);
	return (text);
}

static int
household_first_review(struct call *c)
{
	const struct review_in	*in = c->body;
	struct db_rows		 rows;

	if (!review_sound(in))
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_household_first_review(c->db, &rows, &c->id, in->decision, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
household_recheck(struct call *c)
{
	const struct review_in	*in = c->body;
	struct db_rows		 rows;

	if (!review_sound(in))
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_household_recheck(c->db, &rows, &c->id, in->decision, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Whoever turns a family down says why. */
static bool
review_sound(const struct review_in *in)
{
	return (in->note != NULL || strcmp(in->decision, "pass") == 0);
}
