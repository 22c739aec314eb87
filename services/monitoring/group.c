/*
 * group.c -- key groups (重点群体): stock, who came and went, help rate, employed
 * share and what is overdue, by county and town; families in which nobody works.
 * Whose data is behind a number stays with jobs: rows are named by ids.
 *
 * The definitions are rows of monitoring.key_group; the SQL is in
 * sql/monitoring/queries/group.sql.
 */
#include "ask.h"
#include "monitoring_sql.h"

static int	group_list(struct call *);
static int	group_get(struct call *);
static int	group_rows(struct call *);
static int	group_overdue(struct call *);
static int	listed(struct call *, int (*)(struct db *, struct db_rows *, const char *, const char *, const char *, int64_t));
static int	group_check(struct call *, const char *);

static const struct field group_query_fields[] = {
	ASK_FIELD_FROM, ASK_FIELD_TO, ASK_FIELD_AREA, FIELD_END
};
static const struct field rows_query_fields[] = {
	ASK_FIELDS_PAGE, ASK_FIELD_AREA, FIELD_END
};

#define NUMBERS									\
	{ .name = "is_hidden", .type = SHAPE_T_BOOL, .help = "人数过少，不予显示" },	\
	{ .name = "stock", .type = SHAPE_T_INT, .nullable = true, .help = "期末人数" },	\
	{ .name = "came", .type = SHAPE_T_INT, .nullable = true, .help = "本期进入人数" },	\
	{ .name = "went", .type = SHAPE_T_INT, .nullable = true, .help = "本期退出人数" },	\
	{ .name = "helped", .type = SHAPE_T_INT, .nullable = true, .help = "期末人员中已获服务的" },	\
	{ .name = "help_milli", .type = SHAPE_T_INT, .nullable = true, .help = "帮扶率（千分数）" },	\
	{ .name = "employed", .type = SHAPE_T_INT, .nullable = true, .help = "期末人员中在业的" },	\
	{ .name = "employed_milli", .type = SHAPE_T_INT, .nullable = true, .help = "在业率（千分数）" }, \
	{ .name = "overdue", .type = SHAPE_T_INT, .nullable = true, .help = "逾期帮扶事项" }

#define GROUP									\
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "群体" },			\
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },			\
	{ .name = "note", .type = SHAPE_T_TEXT, .help = "口径" },			\
	NUMBERS

#define ASKED									\
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区" },			\
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },			\
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止" },			\
	{ .name = "as_of", .type = SHAPE_T_INSTANT, .help = "统计时点" }

static const struct shape line_shape[] = { GROUP, SHAPE_END };

static const struct shape place_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "县级单位，或县内的乡镇街道" },
	NUMBERS,
	SHAPE_END
};

static const struct shape household_shape[] = {
	{ .name = "recognised", .type = SHAPE_T_INT, .nullable = true, .help = "本期认定户数" },
	{ .name = "placed", .type = SHAPE_T_INT, .nullable = true, .help = "其中至少一人就业的户数" },
	{ .name = "placed_milli", .type = SHAPE_T_INT, .nullable = true, .help = "帮扶率（千分数）" },
	{ .name = "open", .type = SHAPE_T_INT, .nullable = true, .help = "期末未清零户数" },
	{ .name = "waiting", .type = SHAPE_T_INT, .nullable = true, .help = "其中尚无人就业的户数" },
	{ .name = "overdue", .type = SHAPE_T_INT, .nullable = true, .help = "其中逾期的户数" },
	{ .name = "is_cleared", .type = SHAPE_T_BOOL, .help = "动态清零：没有逾期的户" },
	SHAPE_END
};

static const struct shape migrant_shape[] = {
	{ .name = "away", .type = SHAPE_T_INT, .nullable = true, .help = "期末脱贫人口务工人数（台账全员）" },
	{ .name = "target", .type = SHAPE_T_INT, .nullable = true, .help = "全市目标" },
	{ .name = "target_source", .type = SHAPE_T_TEXT, .nullable = true, .help = "目标出处" },
	{ .name = "target_milli", .type = SHAPE_T_INT, .nullable = true, .help = "完成率（千分数）" },
	SHAPE_END
};

static const struct shape group_list_shape[] = {
	ASKED,
	{ .name = "groups", .type = SHAPE_T_LIST, .of = line_shape, .help = "各群体" },
	{ .name = "households", .type = SHAPE_T_OBJECT, .of = household_shape, .help = "零就业家庭" },
	{ .name = "migrants", .type = SHAPE_T_OBJECT, .of = migrant_shape, .help = "脱贫人口务工" },
	SHAPE_END
};

static const struct shape group_shape[] = {
	GROUP,
	ASKED,
	{ .name = "areas", .type = SHAPE_T_LIST, .of = place_shape, .help = "分县，县内分乡镇街道" },
	SHAPE_END
};

static const struct shape member_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "认定、台账或登记记录" },
	{ .name = "on", .type = SHAPE_T_DAY, .help = "起始日期" },
	{ .name = "until", .type = SHAPE_T_DAY, .nullable = true, .help = "截止日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "乡镇街道或村" },
	SHAPE_END
};

static const struct shape overdue_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "帮扶事项或家庭" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "group_overdue_kinds",
	  .help = "逾期事项类别" },
	{ .name = "case_id", .type = SHAPE_T_UUID, .nullable = true, .help = "帮扶个案" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "应完成日期" },
	{ .name = "days_late", .type = SHAPE_T_INT, .help = "逾期天数" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "乡镇街道或村" },
	SHAPE_END
};

const struct route group_routes[] = {
	{ .name = "group_list", .method = METHOD_GET, .path = "/v1/monitoring/groups",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.group.read",
	  .query = INPUT(ask_query, group_query_fields), .reply = group_list_shape,
	  .handler = group_list, .limit = LIMIT_READ,
	  .zh = "重点群体就业情况", .en = "Key groups" },
	{ .name = "group_get", .method = METHOD_GET, .path = "/v1/monitoring/groups/{group_name}",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.group.read",
	  .query = INPUT(ask_query, group_query_fields), .reply = group_shape,
	  .handler = group_get, .limit = LIMIT_READ,
	  .zh = "一个重点群体（分县、分乡镇）", .en = "A key group by county or town" },
	{ .name = "group_rows", .method = METHOD_GET, .path = "/v1/monitoring/groups/{group_name}/rows",
	  .callers = ROLE_FIGURES & ~ROLE_STATS, .scope = SCOPE_AREA, .action = "monitoring.group.open",
	  .query = INPUT(ask_query, rows_query_fields), .list = true, .exports = true, .reply = member_shape,
	  .handler = group_rows, .limit = LIMIT_READ,
	  .zh = "重点群体今日人员的来源记录", .en = "The records that make today's members of a key group" },
	{ .name = "group_overdue", .method = METHOD_GET, .path = "/v1/monitoring/groups/{group_name}/overdue",
	  .callers = ROLE_FIGURES & ~ROLE_STATS, .scope = SCOPE_AREA, .action = "monitoring.group.open",
	  .query = INPUT(ask_query, rows_query_fields), .list = true, .exports = true, .reply = overdue_shape,
	  .handler = group_overdue, .limit = LIMIT_READ,
	  .zh = "重点群体的逾期事项", .en = "What is overdue for a key group" },
	ROUTE_END
};

static int
group_list(struct call *c)
{
	struct asked	a;
	struct db_rows	rows;
	int		said;

	if (!ask_where(c, ASK_TOWN, &a, &said))
		return (said);
	if (sql_group_list(c->db, &rows, a.area, a.from_on, a.to_on, a.hides) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
group_get(struct call *c)
{
	const char	*code = call_param(c, "group_name");
	struct asked	 a;
	struct db_rows	 rows;
	int		 said;

	if ((said = group_check(c, code)) != 0 || !ask_where(c, ASK_TOWN, &a, &said))
		return (said);
	if (sql_group_get(c->db, &rows, code, a.area, a.from_on, a.to_on, a.hides) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
group_rows(struct call *c)
{
	return (listed(c, sql_group_rows));
}

static int
group_overdue(struct call *c)
{
	return (listed(c, sql_group_overdue));
}

static int
listed(struct call *c, int (*list)(struct db *, struct db_rows *, const char *, const char *, const char *, int64_t))
{
	const struct ask_query	*q = c->query;
	const char		*code = call_param(c, "group_name");
	struct asked		 a;
	struct db_rows		 rows;
	int			 said;

	if ((said = group_check(c, code)) != 0 || !ask_area(c, q->area_code, ASK_TOWN, &a, &said))
		return (said);
	if (list(c->db, &rows, code, a.area, q->page.cursor, q->page.limit + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, q->page.limit));
}

/* Of an unknown group all that there are may have been meant. */
static int
group_check(struct call *c, const char *code)
{
	struct call_near	*near;
	struct db_rows		 rows;
	size_t			 i;

	if (sql_group_known(c->db, &rows) == -1)
		return (call_failed(c));
	near = arena_alloc(c->arena, (rows.count + 1) * sizeof(*near));
	for (i = 0; i < rows.count; i++) {
		near[i] = (struct call_near){ db_text(&rows, i, "code"), db_text(&rows, i, "name") };
		if (strcmp(near[i].code, code) == 0)
			return (0);
	}
	call_meant(c, "group_name", near, rows.count);
	return (call_reject(c, ERR_F_CHOICE, "group_name"));
}
