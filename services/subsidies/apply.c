/*
 * apply.c -- 申请, the applicant's part: a draft, its files, submitting it.
 *
 * Invariant: a draft is its owner's alone; submitted, it is a claim that holds
 * its share, its files stay as they are, and every piece of evidence that the
 * policy needs has a file.
 */
#include "apply.h"

#include "claim_account.h"
#include "codes/codes.h"
#include "subsidies_sql.h"
#include "workflow/file.h"

struct draft_in {
	const char	*policy_code;
	struct uuid	 subject_id;
	int32_t		 from_on, to_on;
	const char	*code;
	const char	*numbers;
	const char	*uscc;
	const char	*note;
};

struct application_query {
	const char	*policy_code;
	const char	*county_code;
	const char	*state;
};

static int	apply_draft(struct call *);
static int	draft_put(struct call *, const struct db_rows *);
static int	apply_amend(struct call *);
static int	apply_file_add(struct call *);
static int	apply_submit(struct call *);
static bool	mine_open(struct call *, struct db_rows *, int *);
static const struct uuid *uuid_or_null(const struct db_rows *, const char *, struct uuid *);

static const char *const states[] = { "draft", "submitted", "asked", "accepted", "granted",
	"refused", "withdrawn", NULL };

#define SAID_FIELDS								\
	FIELD_DAY(draft_in, from_on, OPTIONAL, "事实起始日；已有判断对象时可不给"),	\
	FIELD_DAY(draft_in, to_on, OPTIONAL, "事实终止日"),				\
	FIELD_TEXT(draft_in, code, OPTIONAL, 1, 40, "代码，含义随判断对象的种类"),	\
	FIELD_JSON(draft_in, numbers, OPTIONAL, 512, "数值列表，含义随判断对象的种类"),	\
	FIELD_CHECK(draft_in, uscc, OPTIONAL, check_uscc, "所在单位的统一社会信用代码"),	\
	FIELD_TEXT(draft_in, note, OPTIONAL, 1, 500, "说明")

static const struct field draft_in_fields[] = {
	FIELD_TEXT(draft_in, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_UUID(draft_in, subject_id, OPTIONAL, "已知的判断对象，如一本证书"),
	SAID_FIELDS,
	FIELD_END
};

static const struct field amend_in_fields[] = { SAID_FIELDS, FIELD_END };

static const struct field application_query_fields[] = {
	FIELD_TEXT(application_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_CHECK(application_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_ENUM(application_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

#define APPLICATION_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "申请；提交后也是申领的标识" }, \
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" }, \
	{ .name = "payee_kind", .type = SHAPE_T_TEXT, .help = "申请人是个人还是单位" }, \
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申请人" }, \
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申请单位" }, \
	{ .name = "subject_kind", .type = SHAPE_T_TEXT, .codes = "policy_subjects", \
	  .help = "判断对象的种类" }, \
	{ .name = "subject_id", .type = SHAPE_T_UUID, .help = "判断对象" }, \
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "事实起始日" }, \
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "事实终止日" }, \
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "代码" }, \
	{ .name = "numbers", .type = SHAPE_T_JSON, .help = "数值" }, \
	{ .name = "uscc", .type = SHAPE_T_TEXT, .nullable = true, .help = "所在单位" }, \
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "apply_states", .help = "状态" }, \
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "补正、不予受理或未能继续的原因" }, \
	{ .name = "answer_by", .type = SHAPE_T_DAY, .nullable = true, .help = "补正期限" }, \
	{ .name = "accepted_by", .type = SHAPE_T_UUID, .nullable = true, .help = "受理人" }, \
	{ .name = "assisted_by", .type = SHAPE_T_UUID, .nullable = true, .help = "窗口帮办的工作人员" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }, \
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "乡镇街道" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "起草时间" }, \
	{ .name = "submitted_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "首次提交时间" }, \
	{ .name = "moved_at", .type = SHAPE_T_INSTANT, .help = "最近变动" }

static const struct shape application_shape[] = { APPLICATION_ROWS, SHAPE_END };

static const struct shape evidence_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "材料代码" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "材料名称" },
	{ .name = "needed", .type = SHAPE_T_BOOL, .help = "需要提交" },
	{ .name = "accepted", .type = SHAPE_T_BOOL, .nullable = true, .help = "审看结果；空为未审看" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "审看意见" },
	{ .name = "files", .type = SHAPE_T_LIST, .of = file_shape, .help = "文件" },
	SHAPE_END
};

const struct shape application_full_shape[] = {
	APPLICATION_ROWS,
	{ .name = "evidence", .type = SHAPE_T_LIST, .of = evidence_shape, .help = "材料" },
	{ .name = "claim_state", .type = SHAPE_T_TEXT, .nullable = true, .help = "申领状态；空为未提交" },
	{ .name = "promised_on", .type = SHAPE_T_DAY, .nullable = true, .help = "承诺办结日" },
	SHAPE_END
};

static const struct shape gone_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "已删除" },
	SHAPE_END
};

#define APPLICANTS	(ROLE_PERSON | ROLE_EMPLOYER)
#define READERS		(APPLICANTS | ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | ROLE_AUDIT)

const struct route apply_routes[] = {
	{ .name = "apply_draft", .method = METHOD_POST, .path = "/v1/subsidies/applications",
	  .callers = APPLICANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.application.draft", .body = INPUT(draft_in, draft_in_fields),
	  .reply = application_full_shape, .handler = apply_draft, .limit = LIMIT_WRITE,
	  .zh = "起草补贴申请", .en = "Draft an application" },
	{ .name = "apply_list", .method = METHOD_GET, .path = "/v1/subsidies/applications",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "subsidies.application.list",
	  .query = INPUT(application_query, application_query_fields), .list = true,
	  .reply = application_shape, .stmt = &stmt_apply_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "补贴申请列表（本人、本单位或辖区）", .en = "List applications" },
	{ .name = "apply_get", .method = METHOD_GET, .path = "/v1/subsidies/applications/{id}",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "subsidies.application.get",
	  .reply = application_full_shape, .stmt = &stmt_apply_get, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "查看申请及材料", .en = "Read an application with its evidence" },
	{ .name = "apply_amend", .method = METHOD_POST,
	  .path = "/v1/subsidies/applications/{id}/amend",
	  .callers = APPLICANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.application.amend", .body = INPUT(draft_in, amend_in_fields),
	  .reply = application_full_shape, .success = 200, .handler = apply_amend,
	  .limit = LIMIT_WRITE, .zh = "修改未提交的申请", .en = "Change what is not submitted yet" },
	{ .name = "apply_drop", .method = METHOD_DELETE, .path = "/v1/subsidies/applications/{id}",
	  .callers = APPLICANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.application.drop", .reply = gone_shape, .success = 200,
	  .stmt = &stmt_apply_drop, .limit = LIMIT_WRITE,
	  .zh = "删除草稿", .en = "Delete a draft" },
	{ .name = "apply_file_add", .method = METHOD_POST,
	  .path = "/v1/subsidies/applications/{id}/files",
	  .callers = APPLICANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.application.file", .query = INPUT(file_query, file_query_fields),
	  .raw_body = true, .reply = file_shape, .success = 201, .handler = apply_file_add,
	  .limit = LIMIT_IMPORT, .zh = "上传材料", .en = "Hand in a file" },
	{ .name = "apply_submit", .method = METHOD_POST,
	  .path = "/v1/subsidies/applications/{id}/submit",
	  .callers = APPLICANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.claim.confirm", .body = INPUT(account_in, account_in_fields),
	  .reply = application_full_shape, .success = 200, .handler = apply_submit,
	  .emits = "subsidies.claim.found.v1", .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .matter = "SU-11", .zh = "提交申请，或补正后再次提交", .en = "Submit, or submit again" },
	{ .name = "apply_file_get", .method = METHOD_GET, .path = "/v1/subsidies/files/{id}",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "subsidies.file.get",
	  .media = "application/octet-stream", .handler = file_send, .limit = LIMIT_READ,
	  .opens = OPENS_UNNAMED, .zh = "下载材料", .en = "Download a file" },
	{ .name = "apply_file_drop", .method = METHOD_DELETE, .path = "/v1/subsidies/files/{id}",
	  .callers = APPLICANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.file.drop", .reply = gone_shape, .success = 200,
	  .handler = file_drop, .limit = LIMIT_WRITE, .zh = "删除未提交的材料", .en = "Delete a file" },
	ROUTE_END
};

static int
apply_draft(struct call *c)
{
	const struct draft_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_apply_policy(c->db, &rows, in->policy_code,
	    uuid_is_nil(&in->subject_id) ? NULL : &in->subject_id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_F_CHOICE, "/policy_code"));
	if (strcmp(db_text(&rows, 0, "mode"), "apply") != 0 ||
	    strcmp(db_text(&rows, 0, "subject"), "employment") == 0)
		return (call_reject(c, ERR_SUBSIDIES_MODE, NULL));
	if (!db_bool(&rows, 0, "is_theirs"))
		return (call_reject(c, ERR_SUBSIDIES_PAYEE, NULL));
	if (!db_bool(&rows, 0, "subject_known"))
		return (call_reject(c, ERR_F_CHOICE, "/subject_id"));
	if (db_null(&rows, 0, "county_code"))
		return (call_reject(c, ERR_SUBSIDIES_PERSON, NULL));
	if (in->from_on == DAY_NONE && db_null(&rows, 0, "from_on"))
		return (call_reject(c, ERR_F_MISSING, "/from_on"));
	return (draft_put(c, &rows));
}

/* What is not said is as it is known of the subject. */
static int
draft_put(struct call *c, const struct db_rows *rows)
{
	const struct draft_in	*in = c->body;
	struct uuid		 id = uuid_new(), version = db_uuid(rows, 0, "id");
	int32_t			 from = in->from_on, to = in->to_on;
	const char		*numbers;
	int			 said;

	if (!numbers_read(c, in->numbers, &numbers, &said))
		return (said);
	if (from == DAY_NONE)
		from = db_day(rows, 0, "from_on");
	if (to == DAY_NONE)
		to = db_day(rows, 0, "to_on");
	if (to != DAY_NONE && to < from)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (from > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/from_on"));
	if (sql_application_add(c->db, NULL, &id, in->policy_code, &version, db_text(rows, 0, "subject"),
	    uuid_is_nil(&in->subject_id) ? NULL : &in->subject_id, from, to,
	    in->code != NULL ? in->code : db_text(rows, 0, "code"),
	    numbers != NULL ? numbers : db_text(rows, 0, "numbers"), in->uscc, in->note,
	    db_text(rows, 0, "county_code"), db_text(rows, 0, "area_code")) == -1 ||
	    sql_application_items(c->db, NULL, &id) == -1)
		return (call_failed(c));
	c->id = id;
	call_object(c, &id);
	return (application_reply(c, 201));
}

static int
apply_amend(struct call *c)
{
	const struct draft_in	*in = c->body;
	struct db_rows		 mine;
	const char		*numbers;
	int			 said;

	if (!mine_open(c, &mine, &said) || !numbers_read(c, in->numbers, &numbers, &said))
		return (said);
	if (in->from_on != DAY_NONE && in->from_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/from_on"));
	if (sql_apply_amend(c->db, NULL, &c->id, in->from_on, in->to_on, in->code, numbers,
	    in->uscc, in->note) == -1) {
		if (c->db->error == DB_CHECK)
			return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
		return (call_failed(c));
	}
	if (sql_application_items(c->db, NULL, &c->id) == -1)
		return (call_failed(c));
	return (application_reply(c, 200));
}

static int
apply_file_add(struct call *c)
{
	const struct file_query	*q = c->query;
	struct uuid		 person, org;
	struct file_for		 f = { .subject_kind = "application", .subject = c->id,
	    .keep_until = DAY_NONE };
	struct db_rows		 mine, slot;
	int			 said;

	if (!mine_open(c, &mine, &said))
		return (said);
	if (sql_application_slot(c->db, &slot, &c->id, q->slot) == -1)
		return (call_failed(c));
	if (slot.count == 0)
		return (call_reject(c, ERR_F_CHOICE, "slot"));
	f.person = uuid_or_null(&mine, "person_id", &person);
	f.org = uuid_or_null(&mine, "org_id", &org);
	f.county = db_text(&mine, 0, "county_code");
	f.area = db_text(&mine, 0, "area_code");
	return (file_keep(c, q, &f));
}

static int
apply_submit(struct call *c)
{
	struct claim_move	 m = { .ids = claim_one(c), .count = 1 };
	struct db_rows		 rows;
	const char		*outcome;
	int			 said;

	if (!mine_open(c, &rows, &said))
		return (said);
	m.from = "{applied}";
	if (sql_application_items(c->db, NULL, &c->id) == -1)
		return (call_failed(c));
	said = (int)db_int(&rows, 0, "days");
	if (sql_application_missing(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count > 0)
		return (call_reject(c, ERR_SUBSIDIES_EVIDENCE,
		    arena_printf(c->arena, "/evidence/%s", db_text(&rows, 0, "code"))));
	if (sql_apply_submit(c->db, &rows, &c->id,
	    day_add_working(clock_today(), said)) == -1)
		return (call_failed(c));
	outcome = db_text(&rows, 0, "outcome");
	if (strcmp(outcome, "done") != 0)
		return (call_reject(c, strcmp(outcome, "taken") == 0 ? ERR_SUBSIDIES_TWICE : ERR_STATE,
		    NULL));
	if (!account_note(c, &m, m.from, c->body, &said))
		return (said);
	if (file_lock(c->db, &c->id) == -1)
		return (call_failed(c));
	return (application_reply(c, 200));
}

/* The caller's own that can still be changed, locked. False: *said. */
static bool
mine_open(struct call *c, struct db_rows *rows, int *said)
{
	if (sql_application_mine(c->db, rows, &c->id) == -1)
		*said = call_failed(c);
	else if (rows->count == 0)
		*said = call_reject(c, ERR_NOT_FOUND, NULL);
	else if (!db_bool(rows, 0, "open"))
		*said = call_reject(c, ERR_STATE, NULL);
	else
		return (true);
	return (false);
}

bool
numbers_read(struct call *c, const char *json, const char **array, int *said)
{
	const struct json	*list;
	const char		*out = "";
	int64_t			 n;
	size_t			 i;

	*array = NULL;
	if (json == NULL)
		return (true);
	list = json_parse(c->arena, json, strlen(json));
	if (!json_is_array(list) || json_count(list) > 10) {
		*said = call_reject(c, ERR_F_COUNT, "/numbers");
		return (false);
	}
	for (i = 0; i < json_count(list); i++) {
		if (!json_integer(json_at(list, i), &n)) {
			*said = call_reject(c, ERR_F_TYPE, arena_printf(c->arena, "/numbers/%zu", i));
			return (false);
		}
		out = arena_printf(c->arena, "%s%s%lld", out, i == 0 ? "" : ",", (long long)n);
	}
	*array = arena_printf(c->arena, "{%s}", out);
	return (true);
}

int
application_reply(struct call *c, int status)
{
	struct db_rows	rows;

	if (sql_apply_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, status, &rows));
}

static const struct uuid *
uuid_or_null(const struct db_rows *rows, const char *col, struct uuid *out)
{
	*out = db_uuid(rows, 0, col);
	return (db_null(rows, 0, col) ? NULL : out);
}
