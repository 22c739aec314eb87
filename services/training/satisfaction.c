/*
 * satisfaction.c -- what trainees say of a completed training, what the
 * institution answers, and the two rates the policy wants: satisfaction of
 * 98 % and certificates of 95 %.
 *
 * Invariant: one word an enrolment, a bad one with a reason; whose it is, the
 * institution is not told. Shares are whole permille, their counts beside them.
 */
#include "conf/conf.h"
#include "training.h"
#include "training_sql.h"

#define REASONS_MAX	8

struct reason_in {
	const char	*code;
};

struct rating_in {
	int64_t		 stars;
	struct list_of	 reasons;
	const char	*note, *answer;
};

struct rating_query {
	struct uuid	 class_id;
	bool		 bad, overdue;
};

struct rate_query {
	const char	*by;
	int32_t		 from_on, to_on;
};

static int	satisfaction_rate(struct call *);
static int	satisfaction_list(struct call *);
static int	satisfaction_figures(struct call *);
static int	certificate_rate(struct call *);

static const char *const reasons[] = { "trainer", "content", "place", "time", "fee", "not_held",
	"exam", "service", NULL };
static const char *const groupings[] = { "class", "institution", "county", NULL };
static const char *const rate_groupings[] = { "class", "institution", "occupation", "county", NULL };

static const struct field reason_in_fields[] = {
	FIELD_ENUM(reason_in, code, REQUIRED, reasons, "原因"),
	FIELD_END
};

static const struct field rating_in_fields[] = {
	FIELD_INT(rating_in, stars, REQUIRED, 1, 5, "5 非常满意，4 满意，3 基本满意，2 不满意，1 非常不满意"),
	FIELD_LIST(rating_in, reasons, OPTIONAL, 0, REASONS_MAX, reason_in, reason_in_fields,
	    "原因；不满意时必填"),
	FIELD_TEXT(rating_in, note, OPTIONAL, 2, 500, "意见"),
	FIELD_END
};

static const struct field answer_in_fields[] = {
	FIELD_TEXT(rating_in, answer, REQUIRED, 5, 500, "答复和整改"),
	FIELD_END
};

static const struct field rating_query_fields[] = {
	FIELD_UUID(rating_query, class_id, OPTIONAL, "班级"),
	FIELD_BOOL(rating_query, bad, OPTIONAL, "只看差评"),
	FIELD_BOOL(rating_query, overdue, OPTIONAL, "只看逾期未答复的"),
	FIELD_END
};

static const struct field satisfaction_query_fields[] = {
	FIELD_ENUM(rate_query, by, REQUIRED, groupings, "按班级、机构或县区"),
	FIELD_DAY(rate_query, from_on, REQUIRED, "评价日期起"),
	FIELD_DAY(rate_query, to_on, REQUIRED, "评价日期止"),
	FIELD_END
};

static const struct field rate_query_fields[] = {
	FIELD_ENUM(rate_query, by, REQUIRED, rate_groupings, "按班级、机构、职业或县区"),
	FIELD_DAY(rate_query, from_on, REQUIRED, "计划结业日期起"),
	FIELD_DAY(rate_query, to_on, REQUIRED, "计划结业日期止"),
	FIELD_END
};

static const struct shape rating_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "评价" },
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "class_title", .type = SHAPE_T_TEXT, .help = "班级名称" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "stars", .type = SHAPE_T_INT, .codes = "rating_stars", .help = "评价" },
	{ .name = "reasons", .type = SHAPE_T_LIST, .codes = "rating_reasons", .help = "原因" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "rated_on", .type = SHAPE_T_DAY, .help = "评价日期" },
	{ .name = "answer_due", .type = SHAPE_T_DAY, .nullable = true, .help = "答复期限" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "机构答复" },
	{ .name = "answered_on", .type = SHAPE_T_DAY, .nullable = true, .help = "答复日期" },
	{ .name = "overdue", .type = SHAPE_T_BOOL, .nullable = true, .help = "逾期未答复" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	SHAPE_END
};

static const struct shape satisfaction_shape[] = {
	{ .name = "key", .type = SHAPE_T_TEXT, .codes = "areas", .help = "班级、机构或县区" },
	{ .name = "n", .type = SHAPE_T_INT, .nullable = true, .help = "评价人数" },
	{ .name = "satisfied", .type = SHAPE_T_INT, .nullable = true, .help = "基本满意及以上" },
	{ .name = "satisfied_permille", .type = SHAPE_T_INT, .nullable = true, .help = "满意率（千分之）" },
	{ .name = "target_permille", .type = SHAPE_T_INT, .help = "目标（永政办发〔2024〕15号）" },
	{ .name = "unanswered", .type = SHAPE_T_INT, .nullable = true, .help = "未答复的差评" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "人数过少，不予显示" },
	SHAPE_END
};

static const struct shape rate_shape[] = {
	{ .name = "key", .type = SHAPE_T_TEXT, .codes = "areas occupations",
	  .help = "班级、机构、职业代码或县区" },
	{ .name = "rate_of", .type = SHAPE_T_TEXT, .codes = "rate_bases", .help = "取证率的分母" },
	{ .name = "enrolled", .type = SHAPE_T_INT, .nullable = true, .help = "报名人数" },
	{ .name = "completed", .type = SHAPE_T_INT, .nullable = true, .help = "结业人数" },
	{ .name = "examined", .type = SHAPE_T_INT, .nullable = true, .help = "参加考核人数" },
	{ .name = "certified", .type = SHAPE_T_INT, .nullable = true, .help = "取证人数" },
	{ .name = "certified_permille", .type = SHAPE_T_INT, .nullable = true, .help = "取证率（千分之）" },
	{ .name = "target_permille", .type = SHAPE_T_INT, .help = "目标（永政办发〔2024〕15号）" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "人数过少，不予显示" },
	SHAPE_END
};

#define OF_FIGURES(q, f)	.callers = ROLE_STATS | ROLE_CASE_OFFICERS, .scope = SCOPE_AREA,	\
	.query = INPUT(q, f), .list = true, .limit = LIMIT_READ

const struct route satisfaction_routes[] = {
	{ .name = "satisfaction_rate", .method = METHOD_POST, .path = "/v1/training/enrolments/{id}/rating",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.rating.make",
	  .body = INPUT(rating_in, rating_in_fields), .reply = rating_shape, .handler = satisfaction_rate,
	  .limit = LIMIT_WRITE, .zh = "评价培训", .en = "Rate a completed training" },
	{ .name = "satisfaction_answer", .method = METHOD_POST, .path = "/v1/training/ratings/{id}/answer",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.rating.answer",
	  .body = INPUT(rating_in, answer_in_fields), .reply = rating_shape, .success = 200,
	  .stmt = &stmt_satisfaction_answer, .limit = LIMIT_WRITE,
	  .zh = "答复评价", .en = "Answer a rating" },
	{ .name = "satisfaction_list", .method = METHOD_GET, .path = "/v1/training/ratings",
	  .callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.rating.list", .query = INPUT(rating_query, rating_query_fields),
	  .list = true, .reply = rating_shape, .handler = satisfaction_list, .limit = LIMIT_READ,
	  .zh = "培训评价", .en = "List ratings" },
	{ .name = "satisfaction_figures", .method = METHOD_GET,
	  .path = "/v1/training/satisfaction-figures",
	  OF_FIGURES(rate_query, satisfaction_query_fields), .action = "training.rating.figures",
	  .reply = satisfaction_shape, .handler = satisfaction_figures,
	  .zh = "培训对象满意率", .en = "Satisfaction of trainees" },
	{ .name = "certificate_rate", .method = METHOD_GET, .path = "/v1/training/certificate-rates",
	  OF_FIGURES(rate_query, rate_query_fields), .action = "training.certificate.rates",
	  .reply = rate_shape, .handler = certificate_rate,
	  .zh = "培训取证率", .en = "Share of trainees with a certificate" },
	ROUTE_END
};

/* Statisticians see no cell of fewer than five. */
bool
small_cells_hidden(const struct call *c)
{
	return ((c->principal->roles & ROLE_CASE_OFFICERS) == 0);
}

static int
satisfaction_rate(struct call *c)
{
	const struct rating_in	*in = c->body;
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len), *list;
	struct db_rows		 rows;

	if (in->stars <= 2 && in->reasons.count == 0)
		return (call_reject(c, ERR_TRAINING_RATING_WHY, "/reasons"));
	list = json_get(root, "reasons");
	if (sql_satisfaction_rate(c->db, &rows, &c->id, &c->principal->person, in->stars,
	    in->reasons.count > 0 ? json_text(c->arena, list) : NULL, in->note,
	    conf_int(CONF_RATING_ANSWER_DAYS)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
satisfaction_list(struct call *c)
{
	const struct rating_query	*q = c->query;
	struct db_rows			 rows;

	if (q->overdue && conf_int(CONF_RATING_ANSWER_DAYS) == 0)
		return (call_reject(c, ERR_TRAINING_ANSWER_UNSET, NULL));
	if (sql_satisfaction_list(c->db, &rows, call_after(c), call_limit(c) + 1,
	    uuid_is_nil(&q->class_id) ? NULL : &q->class_id, q->bad, q->overdue) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}

static int
satisfaction_figures(struct call *c)
{
	const struct rate_query	*q = c->query;
	struct db_rows		 rows;

	if (sql_satisfaction_figures(c->db, &rows, q->by, q->from_on, q->to_on,
	    small_cells_hidden(c)) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, FIGURES_MAX));
}

static int
certificate_rate(struct call *c)
{
	const struct rate_query	*q = c->query;
	struct db_rows		 rows;

	if (sql_certificate_rate(c->db, &rows, q->by, conf_text(CONF_CERTIFICATE_RATE_OF), q->from_on,
	    q->to_on, small_cells_hidden(c)) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, FIGURES_MAX));
}
