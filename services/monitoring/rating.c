/*
 * rating.c -- 好差评 (国办发〔2019〕51号): what somebody may rate, their one word and one
 * addition, and the rates of all words.
 *
 * Invariant: a finished matter has at most one word, by whose matter it was; a
 * bad one has a reason. No officer reads whose it is, or of which case.
 */
#include "monitoring.h"
#include "codes/codes.h"
#include "monitoring_sql.h"

#define REASONS_MAX	10

struct reason_in {
	const char	*code;
};

struct rating_in {
	struct uuid	 case_id;
	const char	*uscc;
	int64_t		 stars;
	struct list_of	 reasons;
	const char	*note;
};

struct counter_query {
	const char	*uscc;
};

struct rating_query {
	bool		 bad;
	const char	*by, *service, *matter_code, *county_code;
	int32_t		 from_on, to_on;
};

static int	rating_counter(struct call *);
static const char *reasons_array(struct call *, const struct list_of *);
static int	satisfaction_rates(struct call *);

static const char *const reasons[] = { "attitude", "slow", "many_trips", "papers", "wrong_word",
	"system", "queue", "fee", "result", "other", NULL };
static const char *const cuts[] = { "group", "matter", "service", "county", "outlet", "channel", NULL };

static const struct field reason_in_fields[] = {
	FIELD_ENUM(reason_in, code, REQUIRED, reasons, "原因"),
	FIELD_END
};
#define WORD_FIELDS								\
	FIELD_UUID(rating_in, case_id, REQUIRED, "办件"),			\
	FIELD_INT(rating_in, stars, REQUIRED, 1, 5, "5 非常满意，4 满意，3 基本满意，2 不满意，1 非常不满意"), \
	FIELD_LIST(rating_in, reasons, OPTIONAL, 0, REASONS_MAX, reason_in, reason_in_fields,	\
	    "原因；不满意时必填"),						\
	FIELD_TEXT(rating_in, note, OPTIONAL, 2, 500, "意见")
static const struct field rating_in_fields[] = { WORD_FIELDS, FIELD_END };
static const struct field counter_in_fields[] = {
	WORD_FIELDS,
	FIELD_CHECK(rating_in, uscc, REQUIRED, check_uscc, "到场单位的统一社会信用代码"),
	FIELD_END
};
static const struct field counter_query_fields[] = {
	FIELD_CHECK(counter_query, uscc, REQUIRED, check_uscc, "到场单位的统一社会信用代码"),
	FIELD_END
};
static const struct field add_in_fields[] = {
	FIELD_TEXT(rating_in, note, REQUIRED, 2, 500, "追加的意见"),
	FIELD_END
};
static const struct field rating_query_fields[] = {
	FIELD_BOOL(rating_query, bad, OPTIONAL, "只看差评"),
	FIELD_TEXT(rating_query, service, OPTIONAL, 2, 20, "业务"),
	FIELD_TEXT(rating_query, matter_code, OPTIONAL, 5, 5, "事项编码"),
	FIELD_CHECK(rating_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_DAY(rating_query, from_on, OPTIONAL, "评价日期起，默认本年 1 月 1 日"),
	FIELD_DAY(rating_query, to_on, OPTIONAL, "评价日期止，默认今天"),
	FIELD_END
};
static const struct field satisfaction_fields[] = {
	FIELD_ENUM(rating_query, by, REQUIRED, cuts, "按对象、事项、业务、县区、网点或渠道"),
	FIELD_DAY(rating_query, from_on, OPTIONAL, "评价日期起，默认本年 1 月 1 日"),
	FIELD_DAY(rating_query, to_on, OPTIONAL, "评价日期止，默认今天"),
	FIELD_END
};

#define TO_RATE									\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "办件" },			\
	{ .name = "case_no", .type = SHAPE_T_TEXT, .help = "办件编号" },	\
	{ .name = "matter_code", .type = SHAPE_T_TEXT, .help = "事项编码" },	\
	{ .name = "service", .type = SHAPE_T_TEXT, .codes = "services", .help = "业务" }, \
	{ .name = "outcome", .type = SHAPE_T_TEXT, .codes = "finished_outcomes", .help = "办结结果" }, \
	{ .name = "finished_on", .type = SHAPE_T_DAY, .help = "办结日期" },	\
	{ .name = "rate_by", .type = SHAPE_T_DAY, .nullable = true, .help = "评价期限；空为未设定" }

static const struct shape to_rate_shape[] = { TO_RATE, SHAPE_END };
static const struct shape counter_shape[] = {
	TO_RATE,
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

#define WORD								\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "评价" },			\
	{ .name = "service", .type = SHAPE_T_TEXT, .codes = "services", .help = "业务" }, \
	{ .name = "matter_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "事项编码" },	\
	{ .name = "stars", .type = SHAPE_T_INT, .codes = "rating_stars", .help = "评价" }, \
	{ .name = "reasons", .type = SHAPE_T_LIST, .codes = "matter_rating_reasons rating_reasons mentor_rating_reasons", \
	  .help = "原因" }, \
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },	\
	{ .name = "rated_on", .type = SHAPE_T_DAY, .help = "评价日期" },		\
	{ .name = "added_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "追评" },	\
	{ .name = "added_on", .type = SHAPE_T_DAY, .nullable = true, .help = "追评日期" },	\
	{ .name = "at_counter", .type = SHAPE_T_BOOL, .help = "窗口代单位填写" },	\
	{ .name = "withdrawn_on", .type = SHAPE_T_DAY, .nullable = true, .help = "单位撤回日期，不计入" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }

static const struct shape own_shape[] = {
	WORD,
	{ .name = "case_id", .type = SHAPE_T_UUID, .help = "办件" },
	{ .name = "redress_state", .type = SHAPE_T_TEXT, .codes = "redress_states", .nullable = true,
	  .help = "差评处理状态" },
	{ .name = "answer_by", .type = SHAPE_T_DAY, .nullable = true, .help = "答复期限；空为未设定" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "答复" },
	SHAPE_END
};
static const struct shape rating_shape[] = {
	WORD,
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "rating_sources", .help = "评价来源" },
	{ .name = "group", .type = SHAPE_T_TEXT, .codes = "rating_groups", .help = "满意度对象" },
	{ .name = "outlet_id", .type = SHAPE_T_UUID, .nullable = true, .help = "网点" },
	{ .name = "channel", .type = SHAPE_T_TEXT, .codes = "finished_channels", .help = "渠道" },
	{ .name = "void", .type = SHAPE_T_BOOL, .help = "不计入：经两人核实为恶意，或已撤回" },
	SHAPE_END
};
static const struct shape satisfaction_shape[] = {
	{ .name = "key", .type = SHAPE_T_TEXT, .codes = "rating_groups finished_channels services areas",
	  .help = "分组" },
	{ .name = "n", .type = SHAPE_T_INT, .nullable = true, .help = "评价数" },
	{ .name = "satisfied", .type = SHAPE_T_INT, .nullable = true, .help = "基本满意及以上" },
	{ .name = "bad", .type = SHAPE_T_INT, .nullable = true, .help = "差评" },
	{ .name = "satisfied_milli", .type = SHAPE_T_INT, .nullable = true, .help = "满意率（千分之）；空为无人评价" },
	{ .name = "target_milli", .type = SHAPE_T_INT, .nullable = true, .help = "目标（永政办发〔2024〕15号）" },
	{ .name = "unrated", .type = SHAPE_T_INT, .nullable = true, .help = "期内办结而未评价的办件" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "评价数过少，对统计人员隐去" },
	SHAPE_END
};

const struct route rating_routes[] = {
	{ .name = "matter_to_rate", .method = METHOD_GET, .path = "/v1/monitoring/my/matters",
	  .callers = ROLE_SERVED, .scope = SCOPE_CALLER, .action = "monitoring.rating.open", .list = true,
	  .reply = to_rate_shape, .stmt = &stmt_matter_to_rate, .limit = LIMIT_READ,
	  .zh = "本人、本单位待评价的办件", .en = "Finished matters of one's own to rate" },
	{ .name = "rating_make", .method = METHOD_POST, .path = "/v1/monitoring/ratings",
	  .callers = ROLE_SERVED, .scope = SCOPE_CALLER, .action = "monitoring.rating.make",
	  .body = INPUT(rating_in, rating_in_fields), .reply = own_shape, .stmt = &stmt_rating_make,
	  .emits = "monitoring.rating.given.v1 monitoring.redress.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "评价办件", .en = "Rate a finished matter" },
	{ .name = "rating_add", .method = METHOD_POST, .path = "/v1/monitoring/ratings/{id}/additions",
	  .callers = ROLE_SERVED, .scope = SCOPE_CALLER, .action = "monitoring.rating.add",
	  .body = INPUT(rating_in, add_in_fields), .reply = own_shape, .stmt = &stmt_rating_add,
	  .limit = LIMIT_WRITE, .zh = "追加评价", .en = "Add to one's rating, once" },
	{ .name = "counter_matters", .method = METHOD_GET, .path = "/v1/monitoring/counter-matters",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "monitoring.rating.counter_open",
	  .query = INPUT(counter_query, counter_query_fields), .list = true, .reply = counter_shape,
	  .stmt = &stmt_counter_matters, .limit = LIMIT_READ,
	  .zh = "到场单位待评价的办件", .en = "Finished matters of the firm at the counter, to rate" },
	{ .name = "rating_counter", .method = METHOD_POST, .path = "/v1/monitoring/counter-ratings",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "monitoring.rating.counter",
	  .body = INPUT(rating_in, counter_in_fields), .reply = own_shape, .handler = rating_counter,
	  .emits = "monitoring.rating.given.v1 monitoring.redress.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "窗口代到场单位评价办件", .en = "Rate for the firm at the counter" },
	{ .name = "counter_withdraw", .method = METHOD_POST, .path = "/v1/monitoring/ratings/{id}/withdraw",
	  .callers = ROLE_SERVED & ~(uint32_t)ROLE_PERSON, .scope = SCOPE_ORG, .action = "monitoring.rating.withdraw",
	  .reply = own_shape, .success = 200, .stmt = &stmt_counter_withdraw,
	  .emits = "monitoring.rating.voided.v1 monitoring.redress.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "撤回窗口代为的评价", .en = "Take back what a clerk wrote for the firm" },
	{ .name = "rating_mine", .method = METHOD_GET, .path = "/v1/monitoring/my/ratings",
	  .callers = ROLE_SERVED, .scope = SCOPE_CALLER, .action = "monitoring.rating.mine", .list = true,
	  .reply = own_shape, .stmt = &stmt_rating_mine, .limit = LIMIT_READ,
	  .zh = "本人、本单位的评价和答复", .en = "One's own ratings and their answers" },
	{ .name = "matter_ratings", .method = METHOD_GET, .path = "/v1/monitoring/ratings",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "monitoring.rating.list",
	  .query = INPUT(rating_query, rating_query_fields), .list = true, .reply = rating_shape,
	  .stmt = &stmt_matter_ratings, .limit = LIMIT_READ,
	  .zh = "评价（不显示评价人）", .en = "Ratings, without whose they are" },
	{ .name = "satisfaction_rates", .method = METHOD_GET, .path = "/v1/monitoring/satisfaction",
	  .callers = ROLE_FIGURES | ROLE_CLERK, .scope = SCOPE_AREA, .action = "monitoring.rating.rates",
	  .query = INPUT(rating_query, satisfaction_fields), .list = true, .reply = satisfaction_shape,
	  .handler = satisfaction_rates, .limit = LIMIT_READ,
	  .zh = "满意率", .en = "Rates of satisfaction" },
	ROUTE_END
};

/* A clerk's own outlet is where the firm stands. */
static int
rating_counter(struct call *c)
{
	const struct rating_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (!c->principal->has_outlet)
		return (call_reject(c, ERR_NO_OUTLET, NULL));
	call_object(c, &id);
	if (sql_rating_counter(c->db, &rows, &id, &in->case_id, in->uscc, &c->principal->outlet, in->stars,
	    reasons_array(c, &in->reasons), in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* As PostgreSQL reads an array: they are words of ours. */
static const char *
reasons_array(struct call *c, const struct list_of *list)
{
	const struct reason_in	*in = list->items;
	const char		*all = "";
	size_t			 i;

	for (i = 0; i < list->count; i++)
		all = arena_printf(c->arena, "%s%s%s", all, i == 0 ? "" : ",", in[i].code);
	return (arena_printf(c->arena, "{%s}", all));
}

static int
satisfaction_rates(struct call *c)
{
	const struct rating_query	*q = c->query;
	struct db_rows			 rows;

	if (sql_satisfaction_rates(c->db, &rows, q->by, q->from_on, q->to_on, few_hidden(c), call_after(c),
	    call_limit(c) + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}
