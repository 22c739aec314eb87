/*
 * objection.c -- anybody may object to a line of an open notice.
 *
 * Invariant: an open objection holds every claim of its line, because no
 * batch takes them. Somebody with no hand in them looks into it by a day that
 * is put off once at most. Upheld, it ends the claims and frees their money in
 * the same transaction; corrected, they begin anew with less. Who objected is
 * sealed, and follows it by a number nobody else has.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "crypt/crypt.h"
#include "subsidies_sql.h"

#define EXTEND_MAX	10	/* working days */

struct objection_in {
	struct uuid	 line_id;
	const char	*content;
	const char	*contact;
};

struct assign_in {
	struct uuid	 officer_id;
};

struct extend_in {
	int64_t		 working_days;
	const char	*reason;
};

struct finding_in {
	const char	*finding;
};

struct resolve_in {
	const char	*decision;
	const char	*answer;
	const char	*corrections;
};

struct objection_query {
	const char	*state;
	const char	*county_code;
	struct uuid	 officer_id;
	bool		 overdue;
};

static int	objection_file(struct call *);
static int	objection_extend(struct call *);
static int	objection_resolve(struct call *);
static int	correct(struct call *, const struct resolve_in *, struct claim_move *);
static bool	corrections_read(struct call *, const char *, int *);

static const char *const decisions[] = { "dismissed", "upheld", "corrected", NULL };
static const char *const states[] = { "open", "dismissed", "upheld", "corrected", NULL };

static const struct field objection_in_fields[] = {
	FIELD_UUID(objection_in, line_id, REQUIRED, "公示条目"),
	FIELD_TEXT(objection_in, content, REQUIRED, 5, 1000, "异议内容"),
	FIELD_TEXT(objection_in, contact, OPTIONAL, 2, 100, "联系方式，加密保存"),
	FIELD_END
};

static const struct field assign_in_fields[] = {
	FIELD_UUID(assign_in, officer_id, REQUIRED, "核查人；不得是经办过其中申领的人"),
	FIELD_END
};

static const struct field extend_in_fields[] = {
	FIELD_INT(extend_in, working_days, REQUIRED, 1, EXTEND_MAX, "延长的工作日"),
	FIELD_TEXT(extend_in, reason, REQUIRED, 2, 500, "延长原因"),
	FIELD_END
};

static const struct field finding_in_fields[] = {
	FIELD_TEXT(finding_in, finding, REQUIRED, 2, 2000, "核查情况"),
	FIELD_END
};

static const struct field resolve_in_fields[] = {
	FIELD_ENUM(resolve_in, decision, REQUIRED, decisions, "不成立、成立、更正金额"),
	FIELD_TEXT(resolve_in, answer, REQUIRED, 2, 1000, "核查结论"),
	FIELD_JSON(resolve_in, corrections, OPTIONAL, 32768, "更正金额：[{claim_id, amount_cents}]，须小于原金额"),
	FIELD_END
};

static const struct field objection_query_fields[] = {
	FIELD_ENUM(objection_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(objection_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_UUID(objection_query, officer_id, OPTIONAL, "核查人"),
	FIELD_BOOL(objection_query, overdue, OPTIONAL, "只列超过时限的"),
	FIELD_END
};

static const struct shape objection_filed_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "异议" },
	{ .name = "objection_no", .type = SHAPE_T_TEXT, .help = "查询编号，请保管" },
	{ .name = "notice_line_id", .type = SHAPE_T_UUID, .help = "公示条目" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "objection_states", .help = "状态" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "核查期限" },
	SHAPE_END
};

static const struct shape objection_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "异议" },
	{ .name = "objection_no", .type = SHAPE_T_TEXT, .help = "查询编号" },
	{ .name = "notice_line_id", .type = SHAPE_T_UUID, .help = "公示条目" },
	{ .name = "payee_name", .type = SHAPE_T_TEXT, .help = "收款人（个人脱敏）" },
	{ .name = "content", .type = SHAPE_T_TEXT, .help = "异议内容" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "objection_states", .help = "状态" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "核查结论" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "filed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "resolved_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "办结时间" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "核查期限" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .nullable = true, .help = "核查人" },
	{ .name = "assigned_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "分派时间" },
	{ .name = "extend_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "延长原因" },
	{ .name = "finding", .type = SHAPE_T_TEXT, .nullable = true, .help = "核查情况" },
	{ .name = "found_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "核查完成时间" },
	{ .name = "overdue", .type = SHAPE_T_BOOL, .help = "已超过时限" },
	SHAPE_END
};

static const struct shape objection_progress_shape[] = {
	{ .name = "objection_no", .type = SHAPE_T_TEXT, .help = "查询编号" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "objection_states", .help = "状态" },
	{ .name = "filed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "核查期限" },
	{ .name = "assigned", .type = SHAPE_T_BOOL, .help = "已分派核查人" },
	{ .name = "extend_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "延长原因" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "核查结论" },
	{ .name = "resolved_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "办结时间" },
	SHAPE_END
};

static const struct shape objection_resolved_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "异议" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "objection_states", .help = "状态" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .help = "核查结论" },
	SHAPE_END
};

const struct route objection_routes[] = {
	{ .name = "objection_file", .method = METHOD_POST,
	  .path = "/v1/subsidies/notices/{id}/objections",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.objection.file",
	  .body = INPUT(objection_in, objection_in_fields), .reply = objection_filed_shape,
	  .handler = objection_file, .limit = LIMIT_WRITE,
	  .matter = "SU-02", .zh = "对公示提出异议", .en = "Object to a line of a notice" },
	{ .name = "objection_follow", .method = METHOD_GET,
	  .path = "/v1/subsidies/objection-progress/{objection_no}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.objection.follow",
	  .reply = objection_progress_shape, .stmt = &stmt_objection_follow, .limit = LIMIT_READ,
	  .zh = "凭编号查询异议办理", .en = "Follow an objection by its number" },
	{ .name = "objection_list", .method = METHOD_GET, .path = "/v1/subsidies/objections",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.objection.list",
	  .query = INPUT(objection_query, objection_query_fields), .list = true,
	  .reply = objection_shape, .stmt = &stmt_objection_list, .limit = LIMIT_READ,
	  .zh = "辖区内的异议", .en = "List objections of the area" },
	{ .name = "objection_get", .method = METHOD_GET, .path = "/v1/subsidies/objections/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.objection.get",
	  .reply = objection_shape, .stmt = &stmt_objection_get, .limit = LIMIT_READ,
	  .zh = "查看异议", .en = "Read an objection" },
	{ .name = "objection_assign", .method = METHOD_POST,
	  .path = "/v1/subsidies/objections/{id}/assign",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.objection.assign",
	  .body = INPUT(assign_in, assign_in_fields), .reply = objection_shape, .success = 200,
	  .stmt = &stmt_objection_assign, .limit = LIMIT_WRITE,
	  .zh = "分派核查人", .en = "Give an objection to an officer" },
	{ .name = "objection_extend", .method = METHOD_POST,
	  .path = "/v1/subsidies/objections/{id}/extend",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.objection.extend",
	  .body = INPUT(extend_in, extend_in_fields), .reply = objection_shape, .success = 200,
	  .handler = objection_extend, .limit = LIMIT_WRITE,
	  .zh = "延长核查期限（一次）", .en = "Put off the day, once" },
	{ .name = "objection_find", .method = METHOD_POST,
	  .path = "/v1/subsidies/objections/{id}/finding",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "subsidies.objection.find", .body = INPUT(finding_in, finding_in_fields),
	  .reply = objection_shape, .success = 200, .stmt = &stmt_objection_find, .limit = LIMIT_WRITE,
	  .zh = "登记核查情况", .en = "Note what was found" },
	{ .name = "objection_resolve", .method = METHOD_POST,
	  .path = "/v1/subsidies/objections/{id}/resolve",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.objection.resolve",
	  .body = INPUT(resolve_in, resolve_in_fields), .reply = objection_resolved_shape,
	  .success = 200, .handler = objection_resolve, .emits = "subsidies.claim.moved.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "答复异议", .en = "Resolve an objection" },
	ROUTE_END
};

static int
objection_file(struct call *c)
{
	const struct objection_in	*in = c->body;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;
	const char			*contact = NULL;
	int32_t				 due = DAY_NONE;

	if (in->contact != NULL)
		contact = field_seal(c->arena, "objection.contact", in->contact);
	if (sql_clock_days(c->db, &rows, "objection") == -1)
		return (call_failed(c));
	if (!db_null(&rows, 0, "days"))
		due = day_add_working(clock_today(), (int)db_int(&rows, 0, "days"));
	if (sql_objection_file(c->db, &rows, &id, &c->id, &in->line_id, in->content, contact,
	    due) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
objection_extend(struct call *c)
{
	const struct extend_in	*in = c->body;
	struct db_rows		 rows;
	int32_t			 due;

	if (sql_objection_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if ((due = db_day(&rows, 0, "due_on")) == DAY_NONE)
		return (call_reject(c, ERR_STATE, NULL));
	due = day_add_working(due, (int)in->working_days);
	if (sql_objection_extend(c->db, &rows, &c->id, due, in->reason) == -1)
		return (call_failed(c));
	return (rows.count == 0 ? call_reject(c, ERR_STATE, NULL) : call_reply_row(c, 200, &rows));
}

/* Upheld: the claims of the line are rejected, wherever they stand now. */
static int
objection_resolve(struct call *c)
{
	const struct resolve_in	*in = c->body;
	struct claim_move	 m = { .from = "{public,suspended}", .to = "rejected",
	    .step = "objection_upheld", .funds = "available", .note = in->answer };
	struct db_rows		 rows;
	int			 said;

	if (sql_objection_before(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&rows, 0, "ready"))
		return (call_reject(c, ERR_SUBSIDIES_FINDING, NULL));
	if (strcmp(in->decision, "corrected") == 0 && (said = correct(c, in, &m)) != 0)
		return (said);
	if (sql_objection_resolve(c->db, &rows, &c->id, in->decision, in->answer) == -1)
		return (objection_refused(c, &c->id));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(in->decision, "upheld") == 0) {
		m.ids = db_text(&rows, 0, "ids");
		m.count = db_int(&rows, 0, "claims");
		if (m.count > 0 && !claims_move(c, &m, &said))
			return (said);
	}
	return (call_reply_row(c, 200, &rows));
}

/* Less money: it is freed, and the claimant confirms the new amount. 0: done. */
static int
correct(struct call *c, const struct resolve_in *in, struct claim_move *m)
{
	struct db_rows	rows;
	int		said;

	if (in->corrections == NULL)
		return (call_reject(c, ERR_F_MISSING, "/corrections"));
	if (!corrections_read(c, in->corrections, &said))
		return (said);
	if (sql_objection_corrections(c->db, &rows, &c->id, in->corrections) == -1)
		return (call_failed(c));
	if (!db_bool(&rows, 0, "known"))
		return (call_reject(c, ERR_F_CHOICE, "/corrections"));
	m->ids = db_text(&rows, 0, "ids");
	m->count = db_int(&rows, 0, "claims");
	m->to = "notified";
	m->step = "correct_amount";
	if (!claims_move(c, m, &said))
		return (said);
	return (sql_claims_corrected(c->db, NULL, in->corrections) == -1 ? call_failed(c) : 0);
}

static bool
corrections_read(struct call *c, const char *text, int *said)
{
	const struct json	*list = json_parse(c->arena, text, strlen(text)), *e;
	struct uuid		 id;
	int64_t			 cents;
	size_t			 i;

	if (!json_is_array(list) || json_count(list) == 0) {
		*said = call_reject(c, ERR_F_COUNT, "/corrections");
		return (false);
	}
	for (i = 0; i < json_count(list); i++) {
		e = json_at(list, i);
		if (json_string(json_get(e, "claim_id")) != NULL &&
		    uuid_parse(json_string(json_get(e, "claim_id")), &id) &&
		    json_integer(json_get(e, "amount_cents"), &cents) && json_count(e) == 2)
			continue;
		*said = call_reject(c, ERR_F_FORMAT, arena_printf(c->arena, "/corrections/%zu", i));
		return (false);
	}
	return (true);
}
