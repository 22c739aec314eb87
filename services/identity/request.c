/*
 * request.c -- what people ask about their own data: to correct it, to erase
 * it, to have a copy. Officers of the county take and decide; the clock runs.
 *
 * Invariant: who a person is (name, number, birth, sex) and an erasure need a
 * second officer; what a law keeps is restricted, never erased.
 */
#include "identity.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define ROLES_TAKE	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK)
#define ROLES_CONFIRM	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)
#define CALENDAR_SPARE	2	/* calendar days for a working day beyond the calendar */

struct request_in {
	const char	*kind;
	const char	*field;
	const char	*wanted;
	const char	*reason;
};

struct decide_in {
	const char	*decision;
	const char	*answer;
};

struct request_query {
	struct page_in	 page;
	const char	*state;
	bool		 overdue;
	bool		 escalated;
};

/* A request being decided, as its lock read it. */
struct request {
	struct uuid	 id, person, first;
	const char	*kind, *field, *state, *held_by, *wanted;
	bool		 mine, same_hand;
};

static int	data_request_file(struct call *);
static int	data_request_decide(struct call *);
static int	data_request_confirm(struct call *);
static int	data_copy_get(struct call *);
static enum error_code wanted_wrong(const struct request_in *);
static const char *wanted_shown(struct arena *, const struct request_in *);
static int32_t	due_day(void);
static int	request_lock(struct call *, struct request *);
static bool	needs_two(const struct request *);
static int	request_end(struct call *, const struct request *, const char *, bool first);
static int	request_apply(struct call *, struct request *, bool first);
static int	correct(struct call *, const struct request *, bool first);
static const char *copy_json(struct call *, const struct db_rows *);

static const char *const kinds[] = { "erase", "copy", "correct", NULL };
static const char *const field_names[] = {
	"name", "id_number", "birth_on", "sex", "area_code", NULL
};
static const char *const states[] = {
	"filed", "taken", "proposed", "done", "restricted", "refused", NULL
};
static const char *const decisions[] = { "accept", "refuse", NULL };

static const struct field request_in_fields[] = {
	FIELD_ENUM(request_in, kind, REQUIRED, kinds, "删除、复制、更正"),
	FIELD_ENUM(request_in, field, OPTIONAL, field_names, "更正的项目，仅更正时填写"),
	FIELD_TEXT(request_in, wanted, OPTIONAL, 1, 50, "正确的内容，仅更正时填写；加密保存"),
	FIELD_TEXT(request_in, reason, REQUIRED, 4, 500, "理由"),
	FIELD_END
};

static const struct field decide_in_fields[] = {
	FIELD_ENUM(decide_in, decision, REQUIRED, decisions, "同意、不同意"),
	FIELD_TEXT(decide_in, answer, REQUIRED, 4, 500, "答复，本人可见"),
	FIELD_END
};

static const struct field request_query_fields[] = {
	PAGE_QUERY(request_query),
	FIELD_ENUM(request_query, state, OPTIONAL, states, "状态"),
	FIELD_BOOL(request_query, overdue, OPTIONAL, "只看超期未办结的"),
	FIELD_BOOL(request_query, escalated, OPTIONAL, "只看已上报的"),
	FIELD_END
};

static const struct shape request_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "申请" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "data_request_kinds",
	  .help = "申请种类" },
	{ .name = "field", .type = SHAPE_T_TEXT, .codes = "data_request_fields", .nullable = true,
	  .help = "更正的项目" },
	{ .name = "wanted", .type = SHAPE_T_TEXT, .nullable = true, .help = "正确的内容（脱敏）" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "理由" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "data_request_states", .help = "状态" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "承办县区" },
	{ .name = "filed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "答复期限" },
	{ .name = "overdue", .type = SHAPE_T_BOOL, .help = "超期未办结" },
	{ .name = "escalated", .type = SHAPE_T_BOOL, .help = "已因超期上报" },
	{ .name = "decided_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "办结时间" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "答复" },
	{ .name = "held_by", .type = SHAPE_T_JSON, .nullable = true,
	  .help = "依法须保存、因而不能删除的依据：[{basis, law, until_on}]" },
	SHAPE_END
};

static const struct shape copy_shape[] = {
	{ .name = "exported_at", .type = SHAPE_T_INSTANT, .help = "导出时间" },
	{ .name = "name", .type = SHAPE_T_TEXT, .nullable = true, .help = "姓名" },
	{ .name = "id_number", .type = SHAPE_T_TEXT, .nullable = true, .help = "公民身份号码" },
	{ .name = "phone", .type = SHAPE_T_TEXT, .nullable = true, .help = "手机号码" },
	{ .name = "held", .type = SHAPE_T_JSON, .help = "登记、单位、授权、申请、明文查看、更正、登录" },
	{ .name = "limits", .type = SHAPE_T_TEXT, .help = "副本的范围" },
	SHAPE_END
};

const struct route request_routes[] = {
	{ .name = "data_request_file", .method = METHOD_POST, .path = "/v1/identity/me/data-requests",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.data_request.file",
	  .body = INPUT(request_in, request_in_fields), .reply = request_shape,
	  .handler = data_request_file, .limit = LIMIT_WRITE,
	  .zh = "申请更正、删除或复制个人信息", .en = "Ask to correct, erase or copy one's data" },
	{ .name = "data_request_own", .method = METHOD_GET, .path = "/v1/identity/me/data-requests",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.data_request.own",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = request_shape,
	  .stmt = &stmt_data_request_own, .limit = LIMIT_READ,
	  .zh = "本人的个人信息申请", .en = "One's own requests about one's data" },
	{ .name = "data_copy_get", .method = METHOD_GET,
	  .path = "/v1/identity/me/data-requests/{id}/copy",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.data_request.copy",
	  .reply = copy_shape, .handler = data_copy_get, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .zh = "下载个人信息副本", .en = "The copy of one's data" },
	{ .name = "data_request_list", .method = METHOD_GET, .path = "/v1/identity/data-requests",
	  .callers = ROLES_TAKE | ROLE_APPROVE | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "identity.data_request.list",
	  .query = INPUT(request_query, request_query_fields), .list = true, .reply = request_shape,
	  .stmt = &stmt_data_request_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "辖区的个人信息申请", .en = "Requests about personal data in the area" },
	{ .name = "data_request_take", .method = METHOD_POST,
	  .path = "/v1/identity/data-requests/{id}/take",
	  .callers = ROLES_TAKE, .scope = SCOPE_AREA, .action = "identity.data_request.take",
	  .reply = request_shape, .success = 200, .stmt = &stmt_data_request_take,
	  .limit = LIMIT_WRITE,
	  .zh = "受理个人信息申请", .en = "Take a request about personal data" },
	{ .name = "data_request_decide", .method = METHOD_POST,
	  .path = "/v1/identity/data-requests/{id}/decide",
	  .callers = ROLES_TAKE, .scope = SCOPE_AREA, .action = "identity.data_request.decide",
	  .body = INPUT(decide_in, decide_in_fields), .reply = request_shape, .success = 200,
	  .handler = data_request_decide, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.person.corrected.v1",
	  .zh = "承办人答复或者提出", .en = "Decide a request, or propose what needs a second officer" },
	{ .name = "data_request_confirm", .method = METHOD_POST,
	  .path = "/v1/identity/data-requests/{id}/confirm",
	  .callers = ROLES_CONFIRM, .scope = SCOPE_AREA, .action = "identity.data_request.confirm",
	  .body = INPUT(decide_in, decide_in_fields), .reply = request_shape, .success = 200,
	  .handler = data_request_confirm, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.person.corrected.v1 identity.person.restricted.v1 identity.access.revoked.v1",
	  .zh = "第二人确认更正或删除", .en = "A second officer confirms a correction or an erasure" },
	ROUTE_END
};

static int
data_request_file(struct call *c)
{
	const struct request_in	*in = c->body;
	bool			 correct = strcmp(in->kind, "correct") == 0;
	const char		*sealed = NULL;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	enum error_code		 wrong;

	if (!correct && (in->field != NULL || in->wanted != NULL))
		return (call_reject(c, ERR_F_UNKNOWN, in->field != NULL ? "/field" : "/wanted"));
	if (correct && (in->field == NULL || in->wanted == NULL))
		return (call_reject(c, ERR_F_MISSING, in->field == NULL ? "/field" : "/wanted"));
	if (correct && (wrong = wanted_wrong(in)) != ERR_NONE)
		return (call_reject(c, wrong, "/wanted"));
	if (correct)
		sealed = field_seal(c->arena, "data_request.wanted", in->wanted);
	if (sql_data_request_file(c->db, &rows, &id, &c->principal->person, in->kind, in->field,
	    sealed, correct ? wanted_shown(c->arena, in) : NULL, in->reason, due_day()) == -1) {
		if (c->db->error == DB_UNIQUE)
			return (call_reject(c, ERR_EXISTS, "/kind"));
		return (call_failed(c));
	}
	return (call_reply_row(c, 201, &rows));
}

static enum error_code
wanted_wrong(const struct request_in *in)
{
	if (strcmp(in->field, "id_number") == 0)
		return ((enum error_code)check_id_number(in->wanted));
	if (strcmp(in->field, "area_code") == 0)
		return (area_county(in->wanted) == NULL ? ERR_F_AREA : ERR_NONE);
	if (strcmp(in->field, "birth_on") == 0)
		return (day_parse(in->wanted) == DAY_NONE ? ERR_F_FORMAT :
		    day_parse(in->wanted) > clock_today() ? ERR_F_DATE_FUTURE : ERR_NONE);
	if (strcmp(in->field, "sex") == 0)
		return (strcmp(in->wanted, "1") == 0 || strcmp(in->wanted, "2") == 0 ?
		    ERR_NONE : ERR_F_CHOICE);
	return (utf8_count(in->wanted, strlen(in->wanted)) < 2 ? ERR_F_SHORT : ERR_NONE);
}

static const char *
wanted_shown(struct arena *a, const struct request_in *in)
{
	if (strcmp(in->field, "id_number") == 0)
		return (mask_id(a, in->wanted));
	if (strcmp(in->field, "name") == 0)
		return (mask_name(a, in->wanted));
	return (in->wanted);
}

/* The law says 及时; how many working days that is, is the city's setting. */
static int32_t
due_day(void)
{
	int	n = (int)conf_int(CONF_DATA_REQUEST_DAYS);
	int32_t	day = day_add_working(clock_today(), n);

	return (day == DAY_NONE ? clock_today() + n * CALENDAR_SPARE : day);
}

/* Whoever took it decides: refuses, does what one may do, or proposes. */
static int
data_request_decide(struct call *c)
{
	const struct decide_in	*in = c->body;
	struct request		 r;
	int			 said;

	if ((said = request_lock(c, &r)) != 0)
		return (said);
	if (strcmp(r.state, "taken") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	if (!r.mine)
		return (call_reject(c, ERR_DATA_REQUEST_TAKEN, NULL));
	if (strcmp(in->decision, "refuse") == 0)
		return (request_end(c, &r, "refused", true));
	if (needs_two(&r))
		return (request_end(c, &r, "proposed", true));
	return (request_apply(c, &r, true));
}

/* Refused by the second, it goes back to the first. */
static int
data_request_confirm(struct call *c)
{
	const struct decide_in	*in = c->body;
	struct request		 r;
	int			 said;

	if ((said = request_lock(c, &r)) != 0)
		return (said);
	if (strcmp(r.state, "proposed") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	if (r.same_hand)
		return (call_reject(c, ERR_SAME_HAND, NULL));
	if (strcmp(in->decision, "refuse") == 0)
		return (request_end(c, &r, "taken", false));
	return (request_apply(c, &r, false));
}

/* 0: locked; otherwise the reply. */
static int
request_lock(struct call *c, struct request *r)
{
	struct db_rows	 rows;

	if (sql_data_request_lock(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	*r = (struct request){
		.id = c->id, .person = db_uuid(&rows, 0, "person_id"),
		.kind = db_text(&rows, 0, "kind"), .field = db_text(&rows, 0, "field"),
		.state = db_text(&rows, 0, "state"), .held_by = db_text(&rows, 0, "held_by"),
		.wanted = db_text(&rows, 0, "wanted_sealed"),
		.mine = db_bool(&rows, 0, "mine"), .same_hand = db_bool(&rows, 0, "same_hand")
	};
	if (!db_null(&rows, 0, "first_by"))
		r->first = db_uuid(&rows, 0, "first_by");
	return (0);
}

static bool
needs_two(const struct request *r)
{
	return (r->field == NULL || strcmp(r->field, "area_code") != 0);
}

static int
request_end(struct call *c, const struct request *r, const char *state, bool first)
{
	const struct decide_in	*in = c->body;
	bool			 restricted = strcmp(state, "restricted") == 0;
	struct db_rows		 rows;

	if (sql_data_request_move(c->db, &rows, &r->id, state, first, in->answer,
	    restricted ? r->held_by : NULL) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
request_apply(struct call *c, struct request *r, bool first)
{
	struct db_rows	 rows;
	int		 said;

	if (strcmp(r->kind, "correct") == 0) {
		if ((said = correct(c, r, first)) != 0)
			return (said);
		return (request_end(c, r, "done", first));
	}
	if (sql_person_restrict(c->db, &rows, &r->person, r->held_by) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_STATE, NULL));
	return (request_end(c, r, r->held_by == NULL ? "done" : "restricted", first));
}

/* 0: done; otherwise the reply. The number carries birth and sex with it. */
static int
correct(struct call *c, const struct request *r, bool first)
{
	struct arena	*a = c->arena;
	char		*v = field_open(a, "data_request.wanted", r->wanted);
	bool		 id, name;
	int64_t		 sex;
	struct db_rows	 rows;

	if (v == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	id = strcmp(r->field, "id_number") == 0;
	name = strcmp(r->field, "name") == 0;
	if (id && v[17] == 'x')
		v[17] = 'X';
	sex = id ? id_sex(v) : strcmp(r->field, "sex") == 0 ? v[0] - '0' : 0;
	if (sql_person_correct(c->db, &rows, &r->id, &r->person, first ? NULL : &r->first, r->field,
	    id ? field_seal(a, "person.id", v) : NULL, id ? blind_index(a, "id", v) : NULL,
	    id ? mask_id(a, v) : NULL, name ? field_seal(a, "person.name", v) : NULL,
	    name ? mask_name(a, v) : NULL, sex,
	    id ? id_birth_day(v) : strcmp(r->field, "birth_on") == 0 ? day_parse(v) : DAY_NONE,
	    needs_two(r) ? NULL : area_county(v), needs_two(r) ? NULL : v) == -1) {
		if (c->db->error == DB_UNIQUE)
			return (call_reject(c, ERR_PERSON_EXISTS, NULL));
		return (call_failed(c));
	}
	return (rows.count == 0 ? call_reject(c, ERR_STATE, NULL) : 0);
}

/* Into the person's own hands only: not through a clerk's keyboard. */
static int
data_copy_get(struct call *c)
{
	struct db_rows	 rows;

	if (c->principal->has_actor)
		return (call_reject(c, ERR_ASSISTED, NULL));
	if (sql_data_copy_read(c->db, &rows, &c->id, &c->principal->person) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, 200, copy_json(c, &rows)));
}

static const char *
copy_json(struct call *c, const struct db_rows *rows)
{
	struct json_out	 out;
	struct buf	 b;
	const char	*json;

	buf_init(&b, (size_t)4 << 20);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_instant(&out, "exported_at", clock_now_us());
	json_put_text(&out, "name", field_open(c->arena, "person.name", db_text(rows, 0, "name_sealed")));
	json_put_text(&out, "id_number", field_open(c->arena, "person.id", db_text(rows, 0, "id_sealed")));
	json_put_text(&out, "phone", field_open(c->arena, "person.phone", db_text(rows, 0, "phone_sealed")));
	json_put_raw(&out, "held", db_text(rows, 0, "held"));
	json_put_text(&out, "limits",
	    "本副本为身份服务所持有的信息；就业、培训、创业、补贴信息请在各服务的本人页面查阅。");
	json_close(&out);
	json = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (json);
}

/* Periodic: what is overdue is shown to the city as well. */
void
requests_escalate(void)
{
	db_alone(&stmt_data_request_escalate);
}
