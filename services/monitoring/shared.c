/*
 * shared.c -- a department reads what is shared with it, by its own client: rows
 * as a snapshot and then as changes, for as long as it keeps asking; aggregates
 * by the month.
 *
 * Invariant: a read that is answered is written down and counted in the same
 * transaction; who applies every page in order holds exactly the rows of the
 * dataset. The rules are the database's (sql/monitoring/071).
 */
#include <stdlib.h>
#include <string.h>

#include "monitoring_sql.h"
#include "sharing.h"

struct cells_query {
	const char	*period;
};

static int	shared_read(struct call *);
static int	shared_cells_get(struct call *);
static const struct uuid *request_of(struct call *);

static const struct field cells_query_fields[] = {
	FIELD_TEXT(cells_query, period, REQUIRED, 7, 7, "月份，例：2025-06"),
	FIELD_END
};

static const struct shape row_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "row：现为此；tombstone：已撤去" },
	{ .name = "row_id", .type = SHAPE_T_TEXT, .help = "行号，同一版本内不变" },
	{ .name = "fields", .type = SHAPE_T_JSON, .nullable = true, .help = "字段，已按规则脱敏" },
	SHAPE_END
};
static const struct shape cell_shape[] = {
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "县级单位；全市或所选县合计为 431100、all" },
	{ .name = "tag", .type = SHAPE_T_TEXT, .nullable = true, .help = "维度的值，空为合计" },
	{ .name = "n", .type = SHAPE_T_INT, .nullable = true, .help = "数值，隐去的为空" },
	{ .name = "is_hidden", .type = SHAPE_T_BOOL, .help = "因数小而隐去" },
	SHAPE_END
};
static const struct shape cells_shape[] = {
	{ .name = "dataset_code", .type = SHAPE_T_TEXT, .help = "数据集" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "period", .type = SHAPE_T_TEXT, .help = "月份" },
	{ .name = "grain", .type = SHAPE_T_TEXT, .help = "当月或年初至当月" },
	{ .name = "least_n", .type = SHAPE_T_INT, .help = "小于此数的隐去" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = cell_shape, .help = "各格" },
	SHAPE_END
};

const struct route shared_routes[] = {
	{ .name = "shared_read", .method = METHOD_GET, .path = "/v1/monitoring/shared/{dataset_code}",
	  .callers = ROLE_PARTNER, .scope = SCOPE_ORG, .action = "monitoring.shared.read", .lane = DB_WRITE,
	  .list = true, .reply = row_shape, .handler = shared_read, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "共享明细：全量及其后的变更，游标始终给出", .en = "Shared rows, then their changes; there is always a cursor" },
	{ .name = "shared_cells", .method = METHOD_GET, .path = "/v1/monitoring/shared/{dataset_code}/cells",
	  .callers = ROLE_PARTNER | ROLE_FIGURES, .scope = SCOPE_CALLER, .action = "monitoring.shared.cells",
	  .lane = DB_WRITE, .query = INPUT(cells_query, cells_query_fields), .reply = cells_shape,
	  .handler = shared_cells_get, .limit = LIMIT_READ,
	  .zh = "共享汇总，小数隐去", .en = "A shared aggregate, small cells hidden" },
	ROUTE_END
};

static int
shared_read(struct call *c)
{
	const char	**items;
	struct db_rows	 rows;
	size_t		 i;

	if (sql_shared_page(c->db, &rows, call_param(c, "dataset_code"), call_after(c), call_limit(c), request_of(c)) == -1)
		return (call_failed(c));
	/* the first row has only the cursor, which there always is */
	items = arena_alloc(c->arena, (rows.count + 1) * sizeof(*items));
	for (i = 1; i < rows.count; i++)
		items[i - 1] = db_text(&rows, i, "item");
	return (call_reply_page(c, items, rows.count - 1, db_text(&rows, 0, "next")));
}

/* Only months that are over: a number that still moves gives away who moved it. */
static int
shared_cells_get(struct call *c)
{
	const struct cells_query	*q = c->query;
	char				*end;
	struct db_rows			 rows;
	long				 year, month;
	int32_t				 day;

	year = strtol(q->period, &end, 10);
	month = *end == '-' ? strtol(end + 1, &end, 10) : 0;
	if (*end != '\0' || year < 2000 || year > 2100 || month < 1 || month > 12)
		return (call_reject(c, ERR_F_FORMAT, "period"));
	day = day_make((int)year, (int)month, 1);
	if (day_make((int)(year + month / 12), (int)(month % 12 + 1), 1) > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "period"));
	if (sql_shared_cells(c->db, &rows, call_param(c, "dataset_code"), day, request_of(c)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static const struct uuid *
request_of(struct call *c)
{
	struct uuid	*id = arena_alloc(c->arena, sizeof(*id));

	return (uuid_parse(c->request_id, id) ? id : NULL);
}
