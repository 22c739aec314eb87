/*
 * round_review.c -- experts, reviewers, the lot, and reviews.
 *
 * Invariant: nobody scores before declaring that there is no conflict, or
 * where the data know of one; an officer scores for itself, an outside
 * expert's paper is typed by two people who must agree. Telephones are sealed.
 */
#include "workflow/round.h"

#include "codes/codes.h"
#include "crypt/crypt.h"
#include "platform_sql.h"

#define ROLE_REVIEWERS	(ROLE_RECHECK | ROLE_APPROVE | ROLE_FIRST_REVIEW)
#define ROLE_CHAIR	(ROLE_RECHECK | ROLE_APPROVE)

struct expert_in {
	const char	*name, *field, *unit, *unit_uscc, *id_number, *phone, *county_code;
};

struct reviewer_in {
	struct uuid	 officer_id, expert_id;
	const char	*name, *unit, *unit_uscc, *id_number;
};

struct draw_in {
	int32_t		 due_on;
};

struct declare_in {
	bool		 conflict;
	const char	*reason;
};

struct score_in {
	const char	*code;
	int64_t		 points_milli;
	const char	*note;
};

struct review_in {
	struct list_of	 scores;	/* struct score_in */
	const char	*reason;
};

struct review_query {
	struct uuid	 round_id;
	const char	*state, *field;
	bool		 mine, overdue;
};

static int		 expert_add(struct call *);
static int		 reviewer_add(struct call *);
static int		 round_review_score(struct call *);
static const char	*index_of(struct call *, const char *);

static const char *const states[] = { "drawn", "declared", "written", "scored", "conflicted", "withdrawn", NULL };

static const struct field expert_fields[] = {
	FIELD_TEXT(expert_in, name, REQUIRED, 2, 40, "姓名"),
	FIELD_TEXT(expert_in, field, REQUIRED, 2, 40, "专业领域"),
	FIELD_TEXT(expert_in, unit, REQUIRED, 2, 80, "工作单位"),
	FIELD_CHECK(expert_in, unit_uscc, OPTIONAL, check_uscc, "工作单位的统一社会信用代码，用于回避比对"),
	FIELD_CHECK(expert_in, id_number, OPTIONAL, check_id_number, "公民身份号码，只存索引，用于回避比对"),
	FIELD_CHECK(expert_in, phone, REQUIRED, check_mobile, "手机号码，加密保存"),
	FIELD_CHECK(expert_in, county_code, OPTIONAL, check_county, "县区；不填为市级"),
	FIELD_END
};

static const struct field reviewer_fields[] = {
	FIELD_UUID(reviewer_in, officer_id, OPTIONAL, "工作人员；与专家二选一"),
	FIELD_UUID(reviewer_in, expert_id, OPTIONAL, "专家"),
	FIELD_TEXT(reviewer_in, name, OPTIONAL, 2, 40, "工作人员姓名"),
	FIELD_TEXT(reviewer_in, unit, OPTIONAL, 2, 80, "工作人员单位"),
	FIELD_CHECK(reviewer_in, unit_uscc, OPTIONAL, check_uscc, "单位的统一社会信用代码，用于回避比对"),
	FIELD_CHECK(reviewer_in, id_number, OPTIONAL, check_id_number, "公民身份号码，只存索引，用于回避比对"),
	FIELD_END
};

static const struct field draw_fields[] = {
	FIELD_DAY(draw_in, due_on, REQUIRED, "评审期限"),
	FIELD_END
};

static const struct field declare_fields[] = {
	FIELD_BOOL(declare_in, conflict, REQUIRED, "有利害关系，申请回避"),
	FIELD_TEXT(declare_in, reason, OPTIONAL, 2, 200, "利害关系说明"),
	FIELD_END
};

static const struct field score_fields[] = {
	FIELD_TEXT(score_in, code, REQUIRED, 1, 20, "指标编号"),
	FIELD_INT(score_in, points_milli, REQUIRED, 0, 1000000, "得分（千分之一分）"),
	FIELD_TEXT(score_in, note, OPTIONAL, 2, 500, "评语"),
	FIELD_END
};

static const struct field review_score_fields[] = {
	FIELD_LIST(review_in, scores, REQUIRED, 1, 20, score_in, score_fields, "逐项得分"),
	FIELD_END
};

static const struct field reason_fields[] = {
	FIELD_TEXT(review_in, reason, REQUIRED, 2, 200, "原因"),
	FIELD_END
};

static const struct field review_query_fields[] = {
	FIELD_UUID(review_query, round_id, OPTIONAL, "评选"),
	FIELD_ENUM(review_query, state, OPTIONAL, states, "状态"),
	FIELD_BOOL(review_query, mine, OPTIONAL, "只看本人的"),
	FIELD_BOOL(review_query, overdue, OPTIONAL, "只看逾期的"),
	FIELD_END
};

static const struct field expert_query_fields[] = {
	FIELD_TEXT(review_query, field, OPTIONAL, 2, 40, "专业领域"),
	FIELD_END
};

static const struct shape expert_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "专家" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "姓名" },
	{ .name = "field", .type = SHAPE_T_TEXT, .help = "专业领域" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .help = "工作单位" },
	{ .name = "phone_masked", .type = SHAPE_T_TEXT, .help = "手机号码（脱敏）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

static const struct shape reviewer_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "评委" },
	{ .name = "round_id", .type = SHAPE_T_UUID, .help = "评选" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .nullable = true, .help = "工作人员" },
	{ .name = "expert_id", .type = SHAPE_T_UUID, .nullable = true, .help = "专家" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "姓名" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .help = "单位" },
	{ .name = "withdrawn", .type = SHAPE_T_TEXT, .nullable = true, .help = "退出原因" },
	{ .name = "reviews_withdrawn", .type = SHAPE_T_INT, .nullable = true, .help = "随之作废的评审" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "组织评选的县区" },
	SHAPE_END
};

static const struct shape drawn_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "评选" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "round_states", .help = "状态" },
	{ .name = "seed", .type = SHAPE_T_TEXT, .help = "抽签种子" },
	{ .name = "reviews", .type = SHAPE_T_INT, .help = "已分派的评审" },
	SHAPE_END
};

static const struct shape review_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "评审" },
	{ .name = "round_id", .type = SHAPE_T_UUID, .help = "评选" },
	{ .name = "round_title", .type = SHAPE_T_TEXT, .help = "公告标题" },
	{ .name = "entry_id", .type = SHAPE_T_UUID, .help = "申报" },
	{ .name = "reviewer_id", .type = SHAPE_T_UUID, .help = "评委" },
	{ .name = "reviewer", .type = SHAPE_T_TEXT, .help = "评委姓名" },
	{ .name = "mine", .type = SHAPE_T_BOOL, .help = "由本人评审" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "round_review_states", .help = "状态" },
	{ .name = "why", .type = SHAPE_T_TEXT, .codes = "round_conflicts", .nullable = true,
	  .help = "回避或作废的原因" },
	{ .name = "drawn_no", .type = SHAPE_T_INT, .help = "抽签顺序" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "评审期限" },
	{ .name = "overdue", .type = SHAPE_T_BOOL, .help = "逾期" },
	{ .name = "entrant", .type = SHAPE_T_TEXT, .nullable = true, .help = "申报者；匿名评审期间不显示" },
	{ .name = "statements", .type = SHAPE_T_JSON, .help = "逐项申报内容" },
	{ .name = "checks", .type = SHAPE_T_JSON, .help = "申报条件核对；null 为数据未知" },
	{ .name = "files", .type = SHAPE_T_JSON, .help = "佐证材料" },
	{ .name = "criteria", .type = SHAPE_T_JSON, .nullable = true, .help = "须评分的指标" },
	{ .name = "scores", .type = SHAPE_T_JSON, .nullable = true, .help = "得分；全部评完前只有本人可见" },
	{ .name = "scored_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "提交时间" },
	SHAPE_END
};

const struct route round_review_routes[] = {
	{ .name = "expert_add", .method = METHOD_POST, .path = "/v1/$/experts",
	  .callers = ROLE_CHAIR, .scope = SCOPE_AREA, .action = "$.round.expert",
	  .body = INPUT(expert_in, expert_fields), .reply = expert_shape, .handler = expert_add,
	  .limit = LIMIT_WRITE, .zh = "登记评审专家", .en = "Register an outside expert" },
	{ .name = "expert_list", .method = METHOD_GET, .path = "/v1/$/experts",
	  .callers = ROLE_CHAIR | ROLE_CLERK | ROLE_AUDIT, .scope = SCOPE_AREA, .action = "$.round.experts",
	  .query = INPUT(review_query, expert_query_fields), .list = true, .reply = expert_shape,
	  .stmt = &stmt_expert_list, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "评审专家库", .en = "List outside experts" },
	{ .name = "reviewer_add", .method = METHOD_POST, .path = "/v1/$/rounds/{id}/reviewers",
	  .callers = ROLE_CHAIR, .scope = SCOPE_AREA, .action = "$.round.reviewer",
	  .body = INPUT(reviewer_in, reviewer_fields), .reply = reviewer_shape, .handler = reviewer_add,
	  .limit = LIMIT_WRITE, .zh = "指定候选评委", .en = "Name a reviewer whom the lot may draw" },
	{ .name = "reviewer_list", .method = METHOD_GET, .path = "/v1/$/rounds/{id}/reviewers",
	  .callers = ROLE_CHAIR | ROLE_CLERK | ROLE_AUDIT, .scope = SCOPE_AREA, .action = "$.round.reviewers",
	  .list = true, .reply = reviewer_shape, .stmt = &stmt_reviewer_list, .limit = LIMIT_READ,
	  .opens = OPENS_UNNAMED, .zh = "评委名单", .en = "List a round's reviewers" },
	{ .name = "reviewer_withdraw", .method = METHOD_POST, .path = "/v1/$/round-reviewers/{id}/withdraw",
	  .callers = ROLE_CHAIR, .scope = SCOPE_AREA, .action = "$.round.reviewer",
	  .body = INPUT(review_in, reason_fields), .reply = reviewer_shape, .success = 200,
	  .stmt = &stmt_reviewer_withdraw, .limit = LIMIT_WRITE,
	  .zh = "评委退出，其评分作废并补抽", .en = "Withdraw a reviewer; others are drawn" },
	{ .name = "round_draw", .method = METHOD_POST, .path = "/v1/$/rounds/{id}/draw",
	  .callers = ROLE_CHAIR, .scope = SCOPE_AREA, .action = "$.round.draw",
	  .body = INPUT(draw_in, draw_fields), .reply = drawn_shape, .success = 200,
	  .stmt = &stmt_round_draw, .limit = LIMIT_WRITE,
	  .zh = "抽签分派评委，补足空缺", .en = "Draw reviewers by lot" },
	{ .name = "round_review_list", .method = METHOD_GET, .path = "/v1/$/round-reviews",
	  .callers = ROLE_REVIEWERS | ROLE_CLERK | ROLE_AUDIT, .scope = SCOPE_AREA, .action = "$.round.reviews",
	  .query = INPUT(review_query, review_query_fields), .list = true, .reply = review_shape,
	  .stmt = &stmt_round_review_list, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "评审列表", .en = "List reviews: one's own, and the area's" },
	{ .name = "round_review_get", .method = METHOD_GET, .path = "/v1/$/round-reviews/{id}",
	  .callers = ROLE_REVIEWERS | ROLE_CLERK | ROLE_AUDIT, .scope = SCOPE_AREA, .action = "$.round.reviews",
	  .reply = review_shape, .stmt = &stmt_round_review_get, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "查看评审", .en = "Read a review" },
	{ .name = "round_review_declare", .method = METHOD_POST, .path = "/v1/$/round-reviews/{id}/declare",
	  .callers = ROLE_REVIEWERS | ROLE_CLERK, .scope = SCOPE_AREA, .action = "$.round.review",
	  .body = INPUT(declare_in, declare_fields), .reply = review_shape, .success = 200,
	  .stmt = &stmt_round_review_declare, .limit = LIMIT_WRITE,
	  .zh = "利害关系声明", .en = "Declare a conflict of interest, or none" },
	{ .name = "round_review_score", .method = METHOD_POST, .path = "/v1/$/round-reviews/{id}/scores",
	  .callers = ROLE_REVIEWERS | ROLE_CLERK, .scope = SCOPE_AREA, .action = "$.round.review",
	  .body = INPUT(review_in, review_score_fields), .reply = review_shape, .success = 200,
	  .handler = round_review_score, .limit = LIMIT_WRITE,
	  .zh = "提交评分（书面，其后答辩）；专家纸质评分由两人录入", .en = "Hand in the scores, once" },
	{ .name = "round_review_withdraw", .method = METHOD_POST, .path = "/v1/$/round-reviews/{id}/withdraw",
	  .callers = ROLE_CHAIR, .scope = SCOPE_AREA, .action = "$.round.withdraw",
	  .body = INPUT(review_in, reason_fields), .reply = review_shape, .success = 200,
	  .stmt = &stmt_round_review_withdraw, .limit = LIMIT_WRITE,
	  .zh = "作废一份评审并补抽", .en = "Set a review aside; another is drawn" },
	ROUTE_END
};

static int
expert_add(struct call *c)
{
	const struct expert_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (sql_expert_add(c->db, &rows, &id, in->name, in->field, in->unit, in->unit_uscc,
	    index_of(c, in->id_number), field_seal(c->arena, "expert.phone", in->phone),
	    mask_phone(c->arena, in->phone), in->county_code != NULL ? in->county_code : AREA_CITY) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* An officer is named with name and unit; of an expert the register has both. */
static int
reviewer_add(struct call *c)
{
	const struct reviewer_in	*in = c->body;
	bool				 officer = !uuid_is_nil(&in->officer_id);
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;

	if (officer == !uuid_is_nil(&in->expert_id))
		return (call_reject(c, officer ? ERR_F_UNKNOWN : ERR_F_MISSING, "/expert_id"));
	if (officer && in->name == NULL)
		return (call_reject(c, ERR_F_MISSING, "/name"));
	if (officer && in->unit == NULL)
		return (call_reject(c, ERR_F_MISSING, "/unit"));
	if (sql_reviewer_add(c->db, &rows, &id, &c->id, officer ? &in->officer_id : NULL,
	    officer ? NULL : &in->expert_id, in->name, in->unit, in->unit_uscc,
	    index_of(c, in->id_number)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Typed twice is compared text by text: members in one order, without what was not said. */
static int
round_review_score(struct call *c)
{
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	struct db_rows		 rows;

	if (sql_round_review_score(c->db, &rows, &c->id, json_text(c->arena, json_get(root, "scores"))) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static const char *
index_of(struct call *c, const char *id_number)
{
	return (id_number != NULL ? blind_index(c->arena, "id", id_number) : NULL);
}
