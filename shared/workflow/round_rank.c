/*
 * round_rank.c -- from scores to the list, the meeting's decision, 公示 and
 * objections.
 *
 * Invariant: a ranking is kept with all it was computed from and can be
 * computed again, byte for byte; the decision names whom it treats otherwise
 * than the list, each with a reason, and is taken by nobody who reviewed.
 */
#include "workflow/round.h"

#include "base/log.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "http/reply_out.h"
#include "platform_sql.h"
#include "workflow/score.h"

struct change_in {
	struct uuid	 entry_id;
	bool		 selected;
	const char	*reason;
};

struct decide_in {
	struct list_of	 changes;	/* struct change_in */
	const char	*note;
};

struct object_in {
	struct uuid	 entry_id;
	const char	*content, *contact;
};

struct resolve_in {
	const char	*decision, *answer;
};

struct objection_query {
	const char	*state;
	struct uuid	 round_id;
};

static int	round_rank(struct call *);
static int	round_replay(struct call *);
static int	round_decide(struct call *);
static int	round_notice(struct call *);
static int	round_object(struct call *);
static int	score_refused(struct call *, enum score_fault);

static const char *const decisions[] = { "dismissed", "upheld", NULL };
static const char *const objection_states[] = { "open", "dismissed", "upheld", NULL };

static const struct field change_fields[] = {
	FIELD_UUID(change_in, entry_id, REQUIRED, "申报"),
	FIELD_BOOL(change_in, selected, REQUIRED, "入选"),
	FIELD_TEXT(change_in, reason, REQUIRED, 2, 500, "理由"),
	FIELD_END
};

static const struct field decide_fields[] = {
	FIELD_LIST(decide_in, changes, OPTIONAL, 0, 100, change_in, change_fields, "不按名次处理的，或同分须研究确定的"),
	FIELD_TEXT(decide_in, note, OPTIONAL, 2, 500, "会议决定"),
	FIELD_END
};

static const struct field object_fields[] = {
	FIELD_UUID(object_in, entry_id, REQUIRED, "公示的申报"),
	FIELD_TEXT(object_in, content, REQUIRED, 5, 1000, "异议内容"),
	FIELD_TEXT(object_in, contact, OPTIONAL, 2, 100, "联系方式，加密保存"),
	FIELD_END
};

static const struct field resolve_fields[] = {
	FIELD_ENUM(resolve_in, decision, REQUIRED, decisions, "不成立、成立"),
	FIELD_TEXT(resolve_in, answer, REQUIRED, 2, 1000, "核查结论"),
	FIELD_END
};

static const struct field objection_query_fields[] = {
	FIELD_ENUM(objection_query, state, OPTIONAL, objection_states, "状态"),
	FIELD_UUID(objection_query, round_id, OPTIONAL, "评选"),
	FIELD_END
};

static const struct shape ranked_shape[] = {
	{ .name = "entry_id", .type = SHAPE_T_UUID, .help = "申报" },
	{ .name = "rank", .type = SHAPE_T_INT, .help = "名次" },
	{ .name = "score_milli", .type = SHAPE_T_INT, .help = "得分（千分之一分，舍去零头）" },
	{ .name = "data_milli", .type = SHAPE_T_INT, .help = "数据得分" },
	{ .name = "reviews_milli", .type = SHAPE_T_INT, .help = "计入的评委评分合计" },
	{ .name = "counted", .type = SHAPE_T_INT, .help = "计入的评委人数" },
	{ .name = "dropped", .type = SHAPE_T_LIST, .help = "去掉的最低、最高分" },
	{ .name = "passed", .type = SHAPE_T_BOOL, .help = "达到最低分" },
	{ .name = "tied", .type = SHAPE_T_BOOL, .help = "同分，须研究确定" },
	{ .name = "by", .type = SHAPE_T_TEXT, .help = "与前一名分出先后的依据：得分、指标编号、抽签、并列" },
	{ .name = "name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称，个人脱敏" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申报单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申报人" },
	SHAPE_END
};

static const struct shape ranking_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "排名" },
	{ .name = "round_id", .type = SHAPE_T_UUID, .help = "评选" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "组织评选的县区" },
	{ .name = "ranked_at", .type = SHAPE_T_INSTANT, .help = "排名时间" },
	{ .name = "output_hash", .type = SHAPE_T_TEXT, .help = "排名结果的 SHA-256" },
	{ .name = "entries", .type = SHAPE_T_LIST, .of = ranked_shape, .help = "排名" },
	SHAPE_END
};

static const struct shape replay_shape[] = {
	{ .name = "round_id", .type = SHAPE_T_UUID, .help = "评选" },
	{ .name = "identical", .type = SHAPE_T_BOOL, .help = "重算结果逐字节一致" },
	{ .name = "same_input", .type = SHAPE_T_BOOL, .help = "评分数据与排名时一致" },
	{ .name = "stored", .type = SHAPE_T_JSON, .help = "原结果" },
	{ .name = "replayed", .type = SHAPE_T_JSON, .help = "重算结果" },
	SHAPE_END
};

static const struct shape objected_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "异议" },
	{ .name = "entry_id", .type = SHAPE_T_UUID, .help = "申报" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "objection_states", .help = "状态" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

static const struct shape objection_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "异议" },
	{ .name = "round_id", .type = SHAPE_T_UUID, .help = "评选" },
	{ .name = "entry_id", .type = SHAPE_T_UUID, .help = "申报" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "单位名称，个人脱敏" },
	{ .name = "content", .type = SHAPE_T_TEXT, .help = "异议内容" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "objection_states", .help = "状态" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "核查结论" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "filed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "resolved_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "办结时间" },
	SHAPE_END
};

static const struct shape resolved_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "异议" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "objection_states", .help = "状态" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .help = "核查结论" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

const struct route round_rank_routes[] = {
	{ .name = "round_rank", .method = METHOD_POST, .path = "/v1/$/rounds/{id}/rank",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "$.round.rank",
	  .reply = ranking_shape, .handler = round_rank, .limit = LIMIT_WRITE,
	  .zh = "全部评分后排名", .en = "Rank the entries when all scores are in" },
	{ .name = "ranking_get", .method = METHOD_GET, .path = "/v1/$/rounds/{id}/ranking",
	  .callers = ROLE_SELECTION_OFFICERS, .scope = SCOPE_AREA, .action = "$.round.ranking",
	  .reply = ranking_shape, .stmt = &stmt_ranking_get, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "提交会议的排名", .en = "Read the list for the meeting" },
	{ .name = "round_replay", .method = METHOD_POST, .path = "/v1/$/rounds/{id}/replay",
	  .callers = ROLE_SELECTION_OFFICERS, .scope = SCOPE_AREA, .action = "$.round.replay",
	  .reply = replay_shape, .success = 200, .handler = round_replay, .limit = LIMIT_WRITE, .key = KEY_NONE,
	  .zh = "重算排名并比对", .en = "Compute the ranking again and compare" },
	{ .name = "round_decide", .method = METHOD_POST, .path = "/v1/$/rounds/{id}/decide",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "$.round.decide",
	  .body = INPUT(decide_in, decide_fields), .reply = round_shape, .success = 200,
	  .handler = round_decide, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "决定入选名单（非评委）", .en = "Decide the winners; nobody who reviewed may" },
	{ .name = "round_notice", .method = METHOD_POST, .path = "/v1/$/rounds/{id}/notice",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "$.round.notice",
	  .reply = round_shape, .success = 200, .handler = round_notice, .limit = LIMIT_WRITE,
	  .zh = "公示评选结果", .en = "Make the results public for their working days" },
	{ .name = "round_object", .method = METHOD_POST, .path = "/v1/$/rounds/{id}/objections",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "$.round.object",
	  .body = INPUT(object_in, object_fields), .reply = objected_shape, .handler = round_object,
	  .limit = LIMIT_WRITE, .matter = "$-36",
	  .zh = "对评选结果提出异议", .en = "Object to a result made public" },
	{ .name = "round_objection_list", .method = METHOD_GET, .path = "/v1/$/round-objections",
	  .callers = ROLE_SELECTION_OFFICERS, .scope = SCOPE_AREA, .action = "$.round.objections",
	  .query = INPUT(objection_query, objection_query_fields), .list = true, .reply = objection_shape,
	  .stmt = &stmt_round_objection_list, .limit = LIMIT_READ,
	  .zh = "对评选结果的异议", .en = "List objections to results" },
	{ .name = "round_objection_resolve", .method = METHOD_POST,
	  .path = "/v1/$/round-objections/{id}/resolve",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "$.round.resolve",
	  .body = INPUT(resolve_in, resolve_fields), .reply = resolved_shape, .success = 200,
	  .stmt = &stmt_round_objection_resolve, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "答复对评选结果的异议", .en = "Resolve an objection to a result" },
	ROUTE_END
};

static int
round_rank(struct call *c)
{
	enum score_fault	 fault;
	const char		*input, *output;
	struct db_rows		 rows;

	if (sql_round_rankable(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	input = db_text(&rows, 0, "input");
	if ((fault = score_rank(c->arena, input, &output)) != SCORE_OK)
		return (score_refused(c, fault));
	if (sql_ranking_add(c->db, &rows, &c->id, input, output) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
score_refused(struct call *c, enum score_fault fault)
{
	if (fault == SCORE_FEW)
		return (call_reject(c, ERR_SELECTION_REVIEWS, NULL));
	log_error("a round's input cannot be ranked: %d", (int)fault);
	return (call_reject(c, ERR_INTERNAL, NULL));
}

static int
round_replay(struct call *c)
{
	const char		*stored, *again;
	struct reply_out	 out;
	struct db_rows		 rows;

	if (sql_ranking_full(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	stored = db_text(&rows, 0, "output");
	if (score_rank(c->arena, db_text(&rows, 0, "input"), &again) != SCORE_OK)
		return (call_reject(c, ERR_INTERNAL, NULL));
	reply_open(&out);
	json_put_uuid(&out.json, "round_id", &c->id);
	json_put_bool(&out.json, "identical", strcmp(stored, again) == 0);
	json_put_bool(&out.json, "same_input", db_bool(&rows, 0, "same_input"));
	json_put_raw(&out.json, "stored", stored);
	json_put_raw(&out.json, "replayed", again);
	return (reply_close(c, 200, &out));
}

static int
round_decide(struct call *c)
{
	const struct decide_in	*in = c->body;
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	struct db_rows		 rows;

	if (sql_round_decide(c->db, &rows, &c->id, in->changes.count == 0 ? "[]" :
	    json_text(c->arena, json_get(root, "changes")), in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
round_notice(struct call *c)
{
	struct db_rows	rows;
	int32_t		ends_on;

	if (sql_round_notice_days(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	ends_on = day_add_working(clock_today(), (int)db_int(&rows, 0, "days"));
	if (ends_on == DAY_NONE) {
		log_error("the calendar of working days ends before this notice would");
		return (call_reject(c, ERR_INTERNAL, NULL));
	}
	if (sql_round_notice(c->db, &rows, &c->id, ends_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
round_object(struct call *c)
{
	const struct object_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (sql_round_object(c->db, &rows, &id, &c->id, &in->entry_id, in->content,
	    in->contact == NULL ? NULL : field_seal(c->arena, "round_objection.contact", in->contact)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
