/*
 * dryrun.c -- 试算: a policy maker has a drafted rule judged over the facts of a
 * period and sees winners, losers, cost by county and the day the money ends.
 *
 * Invariant: a dry run is asked for here and worked by dryrun_work.c; it reads
 * facts and budgets, and writes nothing but itself.
 */
#include "codes/codes.h"
#include "policy.h"
#include "subsidies.h"
#include "subsidies_sql.h"

struct dry_in {
	const char	*document;
	int32_t		 from_on, to_on;
	const char	*county_code;
};

struct dry_query {
	const char	*policy_code;
	const char	*state;
};

struct dry_rows_query {
	const char	*change;
	const char	*county_code;
};

static int	dry_run_start(struct call *);
static bool	dry_policy(struct call *, const char *, const struct policy **, int *);

static const char *const states[] = { "queued", "running", "done", "failed", "cancelled", NULL };
static const char *const changes[] = { "winner", "loser", "more", "less", NULL };

static const struct field dry_in_fields[] = {
	FIELD_JSON(dry_in, document, REQUIRED, 131072, "政策草案全文"),
	FIELD_DAY(dry_in, from_on, REQUIRED, "期间起"),
	FIELD_DAY(dry_in, to_on, REQUIRED, "期间止，至多一年"),
	FIELD_CHECK(dry_in, county_code, OPTIONAL, check_county, "县区；不给则为全市"),
	FIELD_END
};

static const struct field dry_query_fields[] = {
	FIELD_TEXT(dry_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_ENUM(dry_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct field dry_rows_query_fields[] = {
	FIELD_ENUM(dry_rows_query, change, OPTIONAL, changes, "变化"),
	FIELD_CHECK(dry_rows_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

#define DRY_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "试算" }, \
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" }, \
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "期间起" }, \
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "期间止" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区；431100 为全市" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "dry_run_states", .help = "状态" }, \
	{ .name = "judged", .type = SHAPE_T_INT, .help = "已判断的记录" }, \
	{ .name = "requested_at", .type = SHAPE_T_INSTANT, .help = "提交时间" }, \
	{ .name = "ended_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "完成时间" }

static const struct shape dry_shape[] = { DRY_ROWS, SHAPE_END };
static const struct shape dry_full_shape[] = {
	DRY_ROWS,
	{ .name = "report", .type = SHAPE_T_JSON, .nullable = true,
	  .help = "受益、受损、分县金额、资金用尽日期" },
	{ .name = "document", .type = SHAPE_T_JSON, .help = "政策草案" },
	SHAPE_END
};
static const struct shape dry_cancelled_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "试算" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "dry_run_states", .help = "状态" },
	SHAPE_END
};
static const struct shape dry_row_shape[] = {
	{ .name = "subject_id", .type = SHAPE_T_UUID, .help = "判断对象" },
	{ .name = "change", .type = SHAPE_T_TEXT, .codes = "dry_run_changes", .help = "变化" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" },
	{ .name = "person_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "姓名（脱敏）" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称" },
	{ .name = "subject_on", .type = SHAPE_T_DAY, .help = "判断对象的日期" },
	{ .name = "before_cents", .type = SHAPE_T_INT, .nullable = true, .help = "现行金额（分）" },
	{ .name = "after_cents", .type = SHAPE_T_INT, .nullable = true, .help = "草案金额（分）" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "受损的决定性条件" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

#define ROLE_POLICY_MAKERS	(ROLE_APPROVE | ROLE_FISCAL | ROLE_AUDIT)

const struct route dry_run_routes[] = {
	{ .name = "dry_run_start", .method = METHOD_POST, .path = "/v1/subsidies/dry-runs",
	  .callers = ROLE_APPROVE | ROLE_FISCAL, .scope = SCOPE_AREA,
	  .action = "subsidies.dry_run.start", .body = INPUT(dry_in, dry_in_fields),
	  .reply = dry_shape, .success = 202, .handler = dry_run_start, .limit = LIMIT_WRITE,
	  .zh = "试算政策草案", .en = "Judge a drafted policy over a period's facts" },
	{ .name = "dry_run_list", .method = METHOD_GET, .path = "/v1/subsidies/dry-runs",
	  .callers = ROLE_POLICY_MAKERS, .scope = SCOPE_AREA, .action = "subsidies.dry_run.list",
	  .query = INPUT(dry_query, dry_query_fields), .list = true, .reply = dry_shape,
	  .stmt = &stmt_dry_run_list, .limit = LIMIT_READ,
	  .zh = "试算记录", .en = "List dry runs" },
	{ .name = "dry_run_get", .method = METHOD_GET, .path = "/v1/subsidies/dry-runs/{id}",
	  .callers = ROLE_POLICY_MAKERS, .scope = SCOPE_AREA, .action = "subsidies.dry_run.get",
	  .reply = dry_full_shape, .stmt = &stmt_dry_run_get, .limit = LIMIT_READ,
	  .zh = "试算进度和结果", .en = "Progress and report of a dry run" },
	{ .name = "dry_run_rows", .method = METHOD_GET, .path = "/v1/subsidies/dry-runs/{id}/rows",
	  .callers = ROLE_APPROVE | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.dry_run.rows",
	  .query = INPUT(dry_rows_query, dry_rows_query_fields), .list = true,
	  .reply = dry_row_shape, .stmt = &stmt_dry_run_rows, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "试算中的受益和受损对象", .en = "Winners and losers of a dry run" },
	{ .name = "dry_run_cancel", .method = METHOD_POST,
	  .path = "/v1/subsidies/dry-runs/{id}/cancel",
	  .callers = ROLE_APPROVE | ROLE_FISCAL, .scope = SCOPE_AREA,
	  .action = "subsidies.dry_run.cancel", .reply = dry_cancelled_shape, .success = 200,
	  .stmt = &stmt_dry_run_cancel, .limit = LIMIT_WRITE,
	  .zh = "取消试算", .en = "Cancel a dry run" },
	ROUTE_END
};

/* A county's officers may ask for their county; all of them, for the city's. */
static int
dry_run_start(struct call *c)
{
	const struct dry_in	*in = c->body;
	const char		*county = in->county_code != NULL ? in->county_code : AREA_CITY;
	const struct policy	*p;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 said;

	if (!call_in_area(c, county))
		return (call_reject(c, ERR_AREA, "/county_code"));
	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (in->to_on - in->from_on > 366)
		return (call_reject(c, ERR_F_LARGE, "/to_on"));
	if (!dry_policy(c, in->document, &p, &said))
		return (said);
	if (sql_dry_run_add(c->db, &rows, &id, p->code, in->document, in->from_on, in->to_on,
	    county) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 202, &rows));
}

/* Mistakes are named where they are: below /document. */
static bool
dry_policy(struct call *c, const char *text, const struct policy **out, int *said)
{
	struct json_errors	errors = { .count = 0 };
	size_t			i;

	if ((*out = policy_check(c->arena, text, strlen(text), &errors)) != NULL)
		return (true);
	for (i = 0; i < errors.count; i++)
		errors.list[i].pointer = arena_printf(c->arena, "/document%s",
		    errors.list[i].pointer);
	*said = call_reject_fields(c, &errors);
	return (false);
}
