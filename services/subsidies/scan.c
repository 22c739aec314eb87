/*
 * scan.c -- 免申即享: an officer has everybody of an area judged, sees how far
 * it is and what came of it.
 *
 * Invariant: a scan decides nothing by itself; it puts on the list whoever
 * would be decided otherwise than now (scan_job.c), and the evaluator works
 * that list off. Scanning twice finds nothing twice.
 */
#include "subsidies.h"

#include "co/co.h"
#include "codes/codes.h"
#include "subsidies_sql.h"

#define WAIT_US		INT64_C(15000000)	/* then the job goes on by itself */
#define LOOK_MS		20

struct scan_in {
	const char	*policy_code;
	const char	*county_code;
};

struct scan_query {
	const char	*state;
};

struct summary_query {
	const char	*policy_code;
	const char	*county_code;
};

static int	scan_run(struct call *);
static bool	scan_over(struct call *, const struct uuid *);

static const char *const states[] = { "queued", "scanning", "judging", "done", "cancelled", NULL };

static const struct field scan_in_fields[] = {
	FIELD_TEXT(scan_in, policy_code, OPTIONAL, 2, 16, "政策代码；不给则为全部政策"),
	FIELD_CHECK(scan_in, county_code, OPTIONAL, check_county, "县区；不给则为全部辖区"),
	FIELD_END
};

static const struct field scan_query_fields[] = {
	FIELD_ENUM(scan_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct field summary_query_fields[] = {
	FIELD_TEXT(summary_query, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_CHECK(summary_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

#define SUMMARY_ROWS(null) \
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .nullable = null, .help = "政策代码" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "县区" }, \
	{ .name = "decisions", .type = SHAPE_T_JSON, .nullable = null, .help = "各结论件数" }, \
	{ .name = "refused_by_reason", .type = SHAPE_T_JSON, .nullable = null, .help = "不符合的原因" }, \
	{ .name = "waiting_for", .type = SHAPE_T_JSON, .nullable = null, .help = "待补充的条件" }, \
	{ .name = "claims", .type = SHAPE_T_JSON, .nullable = null, .help = "各状态申领笔数和金额" }

static const struct shape summary_shape[] = { SUMMARY_ROWS(false), SHAPE_END };

#define SCAN_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "扫描" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "scan_states", .help = "状态" }, \
	{ .name = "people", .type = SHAPE_T_INT, .help = "已看人数" }, \
	{ .name = "people_total", .type = SHAPE_T_INT, .help = "总人数" }, \
	{ .name = "remaining", .type = SHAPE_T_INT, .help = "尚未看的人数" }, \
	{ .name = "subjects", .type = SHAPE_T_INT, .help = "判断次数（对象×政策）" }, \
	{ .name = "eligible", .type = SHAPE_T_INT, .help = "符合条件" }, \
	{ .name = "refused", .type = SHAPE_T_INT, .help = "不符合条件" }, \
	{ .name = "waiting", .type = SHAPE_T_INT, .help = "待核实" }, \
	{ .name = "unconcerned", .type = SHAPE_T_INT, .help = "与政策无关" }, \
	{ .name = "candidates", .type = SHAPE_T_INT, .help = "新发现的申领" }, \
	{ .name = "candidate_cents", .type = SHAPE_T_INT, .help = "新发现申领的金额（分）" }, \
	{ .name = "changed", .type = SHAPE_T_INT, .help = "结论有变、重新判断的人和单位" }, \
	{ .name = "judged", .type = SHAPE_T_INT, .help = "随后已判断的人和单位" }, \
	{ .name = "seconds", .type = SHAPE_T_JSON, .help = "用时（秒）" }, \
	{ .name = "requested_by", .type = SHAPE_T_UUID, .help = "发起人" }, \
	{ .name = "requested_at", .type = SHAPE_T_INSTANT, .help = "发起时间" }, \
	{ .name = "finished_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "结束时间" }

static const struct shape scan_shape[] = { SCAN_ROWS, SUMMARY_ROWS(true), SHAPE_END };

static const struct shape scan_row_shape[] = {
	SCAN_ROWS,
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "政策代码；空为全部" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区；431100为发起人的全部辖区" },
	SHAPE_END
};

const struct route scan_routes[] = {
	{ .name = "scan_run", .method = METHOD_POST, .path = "/v1/subsidies/scans",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "subsidies.scan.run", .body = INPUT(scan_in, scan_in_fields),
	  .reply = scan_shape, .handler = scan_run, .also = 202,
	  .limit = LIMIT_WRITE, .lane = DB_SLOW,
	  .zh = "免申即享扫描：按政策和辖区逐人判断", .en = "Have an area judged, under a policy or all" },
	{ .name = "scan_list", .method = METHOD_GET, .path = "/v1/subsidies/scans",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.scan.list",
	  .query = INPUT(scan_query, scan_query_fields), .list = true, .reply = scan_row_shape,
	  .stmt = &stmt_scan_list, .limit = LIMIT_READ,
	  .zh = "扫描记录", .en = "List scans" },
	{ .name = "scan_get", .method = METHOD_GET, .path = "/v1/subsidies/scans/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.scan.get",
	  .reply = scan_row_shape, .stmt = &stmt_scan_get, .limit = LIMIT_READ,
	  .zh = "扫描进度", .en = "How far a scan is" },
	{ .name = "scan_cancel", .method = METHOD_POST, .path = "/v1/subsidies/scans/{id}/cancel",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "subsidies.scan.cancel", .reply = scan_row_shape, .success = 200,
	  .stmt = &stmt_scan_cancel, .limit = LIMIT_WRITE,
	  .zh = "停止扫描", .en = "Stop a scan" },
	{ .name = "summary_get", .method = METHOD_GET, .path = "/v1/subsidies/summary",
	  .callers = ROLE_CASE_OFFICERS | ROLE_FISCAL, .scope = SCOPE_AREA,
	  .action = "subsidies.summary.get",
	  .query = INPUT(summary_query, summary_query_fields), .reply = summary_shape,
	  .stmt = &stmt_summary_get, .limit = LIMIT_READ,
	  .zh = "政策办理汇总", .en = "Decisions and claims of a policy, counted" },
	ROUTE_END
};

static int
scan_run(struct call *c)
{
	const struct scan_in	*in = c->body;
	struct uuid		 id = uuid_new();
	const char		*summary = NULL;
	struct db_rows		 rows;
	bool			 over;

	if (in->county_code != NULL && !call_in_area(c, in->county_code))
		return (call_reject(c, ERR_AREA, "/county_code"));
	if (sql_scan_add(c->db, &rows, &id, in->policy_code,
	    in->county_code != NULL ? in->county_code : AREA_CITY,
	    caller_counties(c, in->county_code)) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_F_CHOICE, "/policy_code"));
	if (db_commit(c->db) == -1)
		return (call_failed(c));
	scan_kick();
	over = scan_over(c, &id);
	if (in->policy_code != NULL) {
		if (sql_summary_get(c->db, &rows, in->policy_code, in->county_code) == -1)
			return (call_failed(c));
		summary = db_text(&rows, 0, "reply");
	}
	if (sql_scan_reply(c->db, &rows, &id, summary) == -1)
		return (call_failed(c));
	return (call_reply_row(c, over ? 201 : 202, &rows));
}

/* A small one is over at once; what takes longer is asked for again. */
static bool
scan_over(struct call *c, const struct uuid *id)
{
	int64_t		until = clock_mono_us() + WAIT_US;
	struct db_rows	rows;

	while (clock_mono_us() < until) {
		if (sql_scan_state(c->db, &rows, id) == -1 || rows.count == 0)
			return (false);
		if (db_bool(&rows, 0, "over"))
			return (true);
		co_sleep(LOOK_MS);
	}
	return (false);
}
