/*
 * figure_rows.c -- the rows behind a figure at a revision, and how a past period
 * was revised. All pages of one list are of the revision of its first.
 */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "monitoring_sql.h"

static int	board_rows(struct call *);
static int	figure_revisions(struct call *);

static const struct field rows_fields[] = {
	ASK_FIELDS_PAGE,
	ASK_FIELD_AREA, ASK_FIELD_TAG, ASK_FIELD_FROM, ASK_FIELD_TO, ASK_FIELD_REVISION,
	FIELD_CHECK(ask_query, county_code, OPTIONAL, check_county, "县级单位代码，同 area_code"),
	FIELD_BOOL(ask_query, denominator, OPTIONAL, "比率的分母，默认分子"),
	FIELD_END
};
static const struct field revisions_fields[] = {
	ASK_FIELDS_PAGE,
	ASK_FIELD_AREA, ASK_FIELD_FROM, ASK_FIELD_TO,
	FIELD_END
};

static const struct shape row_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "业务记录" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "record_kinds", .help = "记录类别" },
	{ .name = "measure", .type = SHAPE_T_TEXT, .help = "计数项代码" },
	{ .name = "measure_name", .type = SHAPE_T_TEXT, .help = "计数项" },
	{ .name = "on", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "计入的数" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "乡镇或村" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "金额（分）" },
	{ .name = "since_revision", .type = SHAPE_T_INT, .help = "自哪一数据版次起计入" },
	SHAPE_END
};
static const struct shape about_shape[] = {
	{ .name = "revision", .type = SHAPE_T_INT, .help = "数据版次" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "口径版本" },
	{ .name = "definition_hash", .type = SHAPE_T_TEXT, .help = "口径指纹" },
	SHAPE_END
};
static const struct shape revision_shape[] = {
	{ .name = "on", .type = SHAPE_T_DAY, .help = "得知之日" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "services", .help = "来源服务" },
	{ .name = "added", .type = SHAPE_T_INT, .help = "补计" },
	{ .name = "withdrawn", .type = SHAPE_T_INT, .help = "撤减" },
	{ .name = "from_revision", .type = SHAPE_T_INT, .help = "数据版次自" },
	{ .name = "to_revision", .type = SHAPE_T_INT, .help = "数据版次至" },
	{ .name = "from_seq", .type = SHAPE_T_INT, .help = "来源事件序号自" },
	{ .name = "to_seq", .type = SHAPE_T_INT, .help = "来源事件序号至" },
	SHAPE_END
};

const struct route figure_row_routes[] = {
	{ .name = "board_rows", .method = METHOD_GET, .path = "/v1/monitoring/indicators/{indicator_name}/rows",
	  .callers = ROLE_FIGURES & ~ROLE_STATS, .scope = SCOPE_AREA, .action = "monitoring.board.open",
	  .query = INPUT(ask_query, rows_fields), .list = true, .exports = true, .reply = row_shape, .extra = about_shape,
	  .handler = board_rows, .limit = LIMIT_READ,
	  .zh = "指标明细", .en = "The rows behind a figure, at a revision" },
	{ .name = "figure_revisions", .method = METHOD_GET,
	  .path = "/v1/monitoring/indicators/{indicator_name}/revisions",
	  .callers = ROLE_FIGURES & ~ROLE_STATS, .scope = SCOPE_AREA, .action = "monitoring.figure_revisions",
	  .query = INPUT(ask_query, revisions_fields), .list = true, .reply = revision_shape,
	  .handler = figure_revisions, .limit = LIMIT_READ,
	  .zh = "已过去的期间此后的修订", .en = "How a past period was revised" },
	ROUTE_END
};

static int
board_rows(struct call *c)
{
	const struct ask_query	*q = c->query;
	const char		*after = call_after(c), **items;
	struct asked		 a;
	struct db_rows		 rows, about;
	int64_t			 revision;
	size_t			 n, i;
	int			 said;

	if (!ask(c, &a, &said))
		return (said);
	/* "revision place": the first page's revision goes on with the place */
	if (after != NULL) {
		a.revision = strtoll(after, NULL, 10);
		after = strchr(after, ' ') + 1;
	}
	if (sql_figure_about(c->db, &about, a.indicator, a.to_on, a.revision != 0 ? &a.revision : NULL) == -1)
		return (call_failed(c));
	revision = db_int(&about, 0, "revision");
	if (sql_board_rows(c->db, &rows, a.indicator, a.county, a.area, a.tag, a.from_on, a.to_on, revision,
	    q->denominator, after, call_limit(c) + 1) == -1)
		return (call_failed(c));
	n = rows.count > (size_t)call_limit(c) ? (size_t)call_limit(c) : rows.count;
	items = arena_alloc(c->arena, (n + 1) * sizeof(*items));
	for (i = 0; i < n; i++)
		items[i] = db_text(&rows, i, "reply");
	after = n < rows.count ? arena_printf(c->arena, "%lld %s", (long long)revision,
	    db_text(&rows, n - 1, "cursor")) : NULL;
	return (call_reply_page_with(c, items, n, after, db_text(&about, 0, "members")));
}

static int
figure_revisions(struct call *c)
{
	struct asked	a;
	struct db_rows	rows;
	int		said;

	if (!ask(c, &a, &said))
		return (said);
	if (sql_figure_revisions(c->db, &rows, a.indicator, a.county, a.area, a.from_on, a.to_on,
	    call_after(c), call_limit(c) + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}
