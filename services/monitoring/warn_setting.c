/*
 * warn_setting.c -- the numbers of a rule: proposed by one officer of the city,
 * approved by another, from a day on.
 *
 * Invariant: what was approved is never overwritten; the levels of a setting
 * follow each other, and each is left no later than it is entered. The SQL is
 * in sql/monitoring/queries/warning.sql.
 */
#include "monitoring_sql.h"
#include "warning.h"

#define NUMBER_MOST	INT64_C(1000000000000)

struct level_in {
	const char	*colour;
	int64_t		 enter, leave;
};

struct setting_in {
	struct list_of	 levels;
	int64_t		 k, periods, years, window_days, wait_days;
	const char	*reference, *basis;
	int32_t		 from_on, to_on;
};

struct decide_in {
	bool		 approve;
	const char	*note;
};

struct setting_query {
	const char	*state;
};

static int	warning_setting_propose(struct call *);
static int	judge(struct call *, const struct db_rows *, int64_t *reference);
static int	judge_numbers(struct call *, int kind, int64_t *reference);
static int	judge_levels(struct call *, struct warn_model *);
static const char *levels_text(struct call *);
static const int64_t *given(const int64_t *);

static const char *const level_colours[] = { "blue", "yellow", "orange", "red", NULL };
static const char *const states[] = { "proposed", "approved", "refused", NULL };

static const struct field level_fields[] = {
	FIELD_ENUM(level_in, colour, REQUIRED, level_colours, "颜色"),
	FIELD_INT(level_in, enter, REQUIRED, -NUMBER_MOST, NUMBER_MOST, "达到即进入"),
	FIELD_INT(level_in, leave, REQUIRED, -NUMBER_MOST, NUMBER_MOST, "回到此数以内方解除"),
	FIELD_END
};
static const struct field setting_fields[] = {
	FIELD_LIST(setting_in, levels, REQUIRED, 1, 4, level_in, level_fields, "各色阈值，由轻到重"),
	FIELD_INT(setting_in, k, OPTIONAL, 0, NUMBER_MOST, "CUSUM：每期容许的偏离"),
	FIELD_JSON(setting_in, reference, OPTIONAL, 20, "CUSUM：常态值；不填：启用前若干期的平均"),
	FIELD_INT(setting_in, periods, OPTIONAL, 2, 400, "移动标准分的窗口期数；CUSUM 常态值的期数"),
	FIELD_INT(setting_in, years, OPTIONAL, 1, 5, "春节基线：以前几年"),
	FIELD_INT(setting_in, window_days, OPTIONAL, 1, 120, "春节基线：节前节后多少天以内按节日对齐"),
	FIELD_INT(setting_in, wait_days, OPTIONAL, 0, 60, "期满后等多少天再判定"),
	FIELD_TEXT(setting_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_DAY(setting_in, from_on, REQUIRED, "自何日起"),
	FIELD_DAY(setting_in, to_on, OPTIONAL, "至何日"),
	FIELD_END
};
static const struct field decide_fields[] = {
	FIELD_BOOL(decide_in, approve, REQUIRED, "批准，或不批准"),
	FIELD_TEXT(decide_in, note, REQUIRED, 2, 300, "理由"),
	FIELD_END
};
static const struct field setting_query_fields[] = {
	FIELD_ENUM(setting_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape level_shape[] = {
	{ .name = "colour", .type = SHAPE_T_TEXT, .codes = "warning_colours", .help = "颜色" },
	{ .name = "enter", .type = SHAPE_T_INT, .help = "进入" },
	{ .name = "leave", .type = SHAPE_T_INT, .help = "解除" },
	SHAPE_END
};
const struct shape warning_setting_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "数值" },
	{ .name = "rule_code", .type = SHAPE_T_TEXT, .help = "规则" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "levels", .type = SHAPE_T_LIST, .of = level_shape, .help = "各色阈值" },
	{ .name = "k", .type = SHAPE_T_INT, .nullable = true, .help = "每期容许的偏离" },
	{ .name = "reference", .type = SHAPE_T_INT, .nullable = true, .help = "常态值" },
	{ .name = "periods", .type = SHAPE_T_INT, .nullable = true, .help = "期数" },
	{ .name = "years", .type = SHAPE_T_INT, .nullable = true, .help = "年数" },
	{ .name = "window_days", .type = SHAPE_T_INT, .nullable = true, .help = "节日前后天数" },
	{ .name = "wait_days", .type = SHAPE_T_INT, .help = "等待天数" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "止" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "warning_setting_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "理由" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "decided_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "决定时间" },
	SHAPE_END
};

const struct route warning_setting_routes[] = {
	{ .name = "warning_setting_list", .method = METHOD_GET, .path = "/v1/monitoring/warning-rules/{rule_code}/settings",
	  .callers = ROLE_WARNING_READ, .scope = SCOPE_AREA, .action = "monitoring.warning_setting.list",
	  .query = INPUT(setting_query, setting_query_fields), .list = true, .reply = warning_setting_shape,
	  .stmt = &stmt_warning_setting_list, .limit = LIMIT_READ,
	  .zh = "规则的各版数值", .en = "List a rule's numbers, all versions" },
	{ .name = "warning_setting_propose", .method = METHOD_POST,
	  .path = "/v1/monitoring/warning-rules/{rule_code}/settings",
	  .callers = ROLE_WARNING, .scope = SCOPE_AREA, .action = "monitoring.warning_setting.propose",
	  .body = INPUT(setting_in, setting_fields), .reply = warning_setting_shape, .handler = warning_setting_propose,
	  .limit = LIMIT_WRITE, .zh = "提出规则的数值", .en = "Propose numbers for a rule" },
	{ .name = "warning_setting_decide", .method = METHOD_POST, .path = "/v1/monitoring/warning-settings/{id}/decide",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "monitoring.warning_setting.decide",
	  .body = INPUT(decide_in, decide_fields), .reply = warning_setting_shape, .success = 200,
	  .stmt = &stmt_warning_setting_decide, .limit = LIMIT_WRITE,
	  .zh = "批准规则的数值", .en = "Approve or refuse proposed numbers" },
	{ .name = "warning_setting_end", .method = METHOD_POST, .path = "/v1/monitoring/warning-settings/{id}/end",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "monitoring.warning_setting.end",
	  .body = INPUT(note_in, note_fields), .reply = warning_setting_shape, .success = 200,
	  .stmt = &stmt_warning_setting_end, .limit = LIMIT_WRITE,
	  .zh = "停用规则的数值", .en = "End a setting: today is its last day" },
	ROUTE_END
};

static int
warning_setting_propose(struct call *c)
{
	const struct setting_in	*in = c->body;
	const char		*rule = call_param(c, "rule_code");
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int64_t			 reference = 0;
	int			 rc;

	if (sql_warning_rule_model(c->db, &rows, rule) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (in->from_on < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/from_on"));
	if (in->to_on != DAY_NONE && in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if ((rc = judge(c, &rows, &reference)) != 0)
		return (rc);
	call_object(c, &id);
	if (sql_warning_setting_propose(c->db, &rows, &id, rule, levels_text(c), given(&in->k),
	    in->reference != NULL ? &reference : NULL, given(&in->periods), given(&in->years), given(&in->window_days),
	    in->wait_days, in->basis, in->from_on, in->to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* 0, or the refusal of what does not fit the rule's model. */
static int
judge(struct call *c, const struct db_rows *rule, int64_t *reference)
{
	struct warn_model	 m = { .kind = WARN_THRESHOLD };
	const char		*model = db_text(rule, 0, "model");
	int			 kind, rc;

	for (kind = 0; warn_kinds[kind] != NULL && strcmp(warn_kinds[kind], model) != 0; kind++)
		;
	if ((rc = judge_numbers(c, kind, reference)) != 0)
		return (rc);
	m.kind = kind < WARN_KINDS ? (enum warn_kind)kind : WARN_THRESHOLD;	/* reports are graded by heads */
	m.below = strcmp(db_text(rule, 0, "direction"), "below") == 0;
	return (judge_levels(c, &m));
}

/* Each model has its own numbers, and takes no others. */
static int
judge_numbers(struct call *c, int kind, int64_t *reference)
{
	const struct setting_in	*in = c->body;
	const struct json	*r = in->reference != NULL ?
	    json_parse(c->arena, in->reference, strlen(in->reference)) : NULL;
	bool			 cusum = kind == WARN_CUSUM, spring = kind == WARN_SPRING;

	if (in->reference != NULL && !json_integer(r, reference))
		return (call_reject(c, ERR_F_TYPE, "/reference"));
	if (in->reference != NULL && !cusum)
		return (call_reject(c, ERR_F_UNKNOWN, "/reference"));
	if (in->k != 0 && !cusum)
		return (call_reject(c, ERR_F_UNKNOWN, "/k"));
	if (in->years != 0 && !spring)
		return (call_reject(c, ERR_F_UNKNOWN, "/years"));
	if (in->window_days != 0 && !spring)
		return (call_reject(c, ERR_F_UNKNOWN, "/window_days"));
	if (in->periods != 0 && !cusum && kind != WARN_ZSCORE)
		return (call_reject(c, ERR_F_UNKNOWN, "/periods"));
	if (in->periods == 0 && (kind == WARN_ZSCORE || (cusum && in->reference == NULL)))
		return (call_reject(c, ERR_F_MISSING, "/periods"));
	if (spring && in->years == 0)
		return (call_reject(c, ERR_F_MISSING, "/years"));
	if (spring && in->window_days == 0)
		return (call_reject(c, ERR_F_MISSING, "/window_days"));
	return (0);
}

static int
judge_levels(struct call *c, struct warn_model *m)
{
	const struct setting_in	*in = c->body;
	const struct level_in	*l = in->levels.items;
	enum warn_colour	 fault;
	int			 colour, last = WARN_CLEAR;
	size_t			 i;

	for (i = 0; i < in->levels.count; i++, last = colour) {
		for (colour = WARN_BLUE; strcmp(warn_colours[colour], l[i].colour) != 0; colour++)
			;
		if (colour <= last)
			return (call_reject(c, ERR_F_DUPLICATE, arena_printf(c->arena, "/levels/%zu/colour", i)));
		m->level[colour] = (struct warn_level){ true, l[i].enter, l[i].leave };
	}
	if ((fault = warn_levels_fault(m)) == WARN_CLEAR)
		return (0);
	for (i = 0; strcmp(l[i].colour, warn_colours[fault]) != 0; i++)
		;
	return (call_reject(c, ERR_MONITORING_WARNING_LEVELS, arena_printf(c->arena, "/levels/%zu/leave", i)));
}

static const char *
levels_text(struct call *c)
{
	const struct setting_in	*in = c->body;
	const struct level_in	*l = in->levels.items;
	const char		*text = "[";
	size_t			 i;

	for (i = 0; i < in->levels.count; i++)
		text = arena_printf(c->arena, "%s%s{\"colour\":\"%s\",\"enter\":%lld,\"leave\":%lld}", text,
		    i == 0 ? "" : ",", l[i].colour, (long long)l[i].enter, (long long)l[i].leave);
	return (arena_printf(c->arena, "%s]", text));
}

static const int64_t *
given(const int64_t *n)
{
	return (*n == 0 ? NULL : n);
}
