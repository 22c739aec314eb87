/*
 * setting.c -- the numbers that the city sets for its own work: what there is to
 * set, what holds and since when, what is proposed.
 *
 * Invariant: a number holds from a day on that was not past when a second
 * officer of the city confirmed it; none is ever changed or forgotten. What may
 * be set and within which bounds is data (monitoring.setting_kind). The SQL is
 * in sql/monitoring/queries/setting.sql.
 */
#include "monitoring_sql.h"
#include "sharing.h"

struct setting_in {
	const char	*name, *part, *basis;
	int64_t		 value;
	int32_t		 from_on;
};

struct setting_query {
	const char	*topic, *name, *part, *state;
};

static int	setting_propose(struct call *);

static const char *const topics[] = { "survey", "key_firm", "layoff", "warning", "assessment", "fund", "rating",
	"work", NULL };
static const char *const states[] = { "proposed", "confirmed", "withdrawn", "replaced", NULL };

static const struct field setting_fields[] = {
	FIELD_TEXT(setting_in, name, REQUIRED, 3, 40, "哪一个数"),
	FIELD_TEXT(setting_in, part, OPTIONAL, 1, 20, "其中哪一类，如预警颜色"),
	FIELD_INT(setting_in, value, OPTIONAL, 0, INT32_MAX, "数值；不填：自该日起不再设定"),
	FIELD_TEXT(setting_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_DAY(setting_in, from_on, REQUIRED, "自何日起"),
	FIELD_END
};
static const struct field list_fields[] = {
	FIELD_ENUM(setting_query, topic, OPTIONAL, topics, "业务"),
	FIELD_TEXT(setting_query, name, OPTIONAL, 3, 40, "哪一个数"),
	FIELD_END
};
static const struct field history_fields[] = {
	FIELD_TEXT(setting_query, name, OPTIONAL, 3, 40, "哪一个数"),
	FIELD_TEXT(setting_query, part, OPTIONAL, 1, 20, "其中哪一类"),
	FIELD_ENUM(setting_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

#define VALUE									\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "设定" },			\
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "哪一个数" },		\
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" },		\
	{ .name = "part", .type = SHAPE_T_TEXT, .codes = "warning_colours key_firm_tiers", .nullable = true, .help = "其中哪一类" }, \
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "数值；空：自该日起不再设定" }, \
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },		\
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },		\
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "止；空：未定" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "setting_states", .help = "状态" },		\
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },	\
	{ .name = "confirmed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "确认时间" }

static const struct shape value_shape[] = { VALUE, SHAPE_END };
static const struct shape history_shape[] = {
	VALUE,
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "撤回理由" },
	{ .name = "proposed_by", .type = SHAPE_T_UUID, .help = "提出人" },
	{ .name = "confirmed_by", .type = SHAPE_T_UUID, .nullable = true, .help = "确认人" },
	{ .name = "withdrawn_by", .type = SHAPE_T_UUID, .nullable = true, .help = "撤回人" },
	SHAPE_END
};
static const struct shape setting_shape[] = {
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "哪一个数" },
	{ .name = "part", .type = SHAPE_T_TEXT, .codes = "warning_colours key_firm_tiers", .nullable = true, .help = "其中哪一类；空：不分类" },
	{ .name = "topic", .type = SHAPE_T_TEXT, .codes = "setting_topics", .help = "业务" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "title_en", .type = SHAPE_T_TEXT, .help = "英文名称" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .codes = "setting_units", .help = "单位" },
	{ .name = "smallest", .type = SHAPE_T_INT, .help = "最小" },
	{ .name = "largest", .type = SHAPE_T_INT, .help = "最大" },
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "用于何处，未设定时如何" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "所据制度" },
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "今日有效的数值；空：未设定" },
	{ .name = "is_set", .type = SHAPE_T_BOOL, .help = "已设定" },
	{ .name = "in_force", .type = SHAPE_T_OBJECT, .of = value_shape, .nullable = true, .help = "现行设定" },
	{ .name = "coming", .type = SHAPE_T_LIST, .of = value_shape, .help = "已确认、尚未起用的设定" },
	{ .name = "proposed", .type = SHAPE_T_OBJECT, .of = value_shape, .nullable = true,
	  .help = "待确认的设定，仅工作人员可见" },
	SHAPE_END
};

const struct route setting_routes[] = {
	{ .name = "setting_list", .method = METHOD_GET, .path = "/v1/monitoring/settings",
	  .callers = ROLE_ANYONE | ROLE_OFFICE | ROLE_STATS, .scope = SCOPE_CALLER, .action = "monitoring.setting.list",
	  .query = INPUT(setting_query, list_fields), .list = true, .reply = setting_shape,
	  .stmt = &stmt_setting_list, .limit = LIMIT_READ,
	  .zh = "市级设定的期限和数量", .en = "List the numbers that the city sets; none: not set" },
	{ .name = "setting_history", .method = METHOD_GET, .path = "/v1/monitoring/settings/history",
	  .callers = ROLE_OFFICE | ROLE_STATS, .scope = SCOPE_AREA, .action = "monitoring.setting.history",
	  .query = INPUT(setting_query, history_fields), .list = true, .reply = history_shape,
	  .stmt = &stmt_setting_history, .limit = LIMIT_READ,
	  .zh = "设定的提出、确认和撤回", .en = "List what was proposed, confirmed and withdrawn" },
	{ .name = "setting_propose", .method = METHOD_POST, .path = "/v1/monitoring/settings",
	  .callers = ROLE_SHARERS, .scope = SCOPE_AREA, .action = "monitoring.setting.propose",
	  .body = INPUT(setting_in, setting_fields), .reply = value_shape, .handler = setting_propose,
	  .limit = LIMIT_WRITE, .emits = "monitoring.setting.moved.v1",
	  .zh = "提出设定（市级）", .en = "Propose a number; an officer of the city" },
	{ .name = "setting_confirm", .method = METHOD_POST, .path = "/v1/monitoring/settings/{id}/confirm",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "monitoring.setting.confirm",
	  .reply = value_shape, .success = 200, .stmt = &stmt_setting_confirm, .limit = LIMIT_WRITE,
	  .emits = "monitoring.setting.moved.v1",
	  .zh = "确认设定（另一人）", .en = "Confirm a number; by another officer" },
	{ .name = "setting_withdraw", .method = METHOD_POST, .path = "/v1/monitoring/settings/{id}/withdraw",
	  .callers = ROLE_SHARERS, .scope = SCOPE_AREA, .action = "monitoring.setting.withdraw",
	  .body = INPUT(note_in, note_fields), .reply = value_shape, .success = 200,
	  .stmt = &stmt_setting_withdraw, .limit = LIMIT_WRITE, .emits = "monitoring.setting.moved.v1",
	  .zh = "撤回待确认的设定", .en = "Take back what is not confirmed" },
	ROUTE_END
};

/* No value is a value: from that day on there is none. */
static int
setting_propose(struct call *c)
{
	const struct setting_in	*in = c->body;
	const struct json	*given = json_get(json_parse(c->arena, c->raw.p, c->raw.len), "value");
	const int64_t		*value = given != NULL && !json_is_null(given) ? &in->value : NULL;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 said;

	if (sql_setting_faults(c->db, &rows, in->name, in->part, value, in->from_on) == -1)
		return (call_failed(c));
	if (!db_bool(&rows, 0, "is_city"))
		return (call_reject(c, ERR_AREA, NULL));
	if (faults_said(c, &rows, &said))
		return (said);
	call_object(c, &id);
	if (sql_setting_propose(c->db, &rows, &id, in->name, in->part, value, in->basis, in->from_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
