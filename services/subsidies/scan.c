/*
 * scan.c -- 免申即享: an officer has everybody of an area judged, and sees
 * what came of it.
 *
 * Invariant: a scan decides nothing by itself; it puts what was never judged
 * by the newest version on the list of due employments and works that list
 * off, as the periodic job does. Scanning twice finds nothing twice.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "subsidies_sql.h"

#define SCAN_US		INT64_C(20000000)	/* then the job goes on */

struct scan_in {
	const char	*policy_code;
	const char	*county_code;
};

struct summary_query {
	const char	*policy_code;
	const char	*county_code;
};

static int	scan_run(struct call *);
static int	scan_judge(const char *, const char *, int64_t *, int64_t *);

static const struct field scan_in_fields[] = {
	FIELD_TEXT(scan_in, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_CHECK(scan_in, county_code, OPTIONAL, check_county, "县区；不给则为全部辖区"),
	FIELD_END
};

static const struct field summary_query_fields[] = {
	FIELD_TEXT(summary_query, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_CHECK(summary_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

#define SUMMARY_ROWS \
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "县区" }, \
	{ .name = "decisions", .type = SHAPE_T_JSON, .help = "各结论件数" }, \
	{ .name = "refused_by_reason", .type = SHAPE_T_JSON, .help = "不符合的原因" }, \
	{ .name = "waiting_for", .type = SHAPE_T_JSON, .help = "待补充的条件" }, \
	{ .name = "claims", .type = SHAPE_T_JSON, .help = "各状态申领笔数和金额" }

static const struct shape summary_shape[] = { SUMMARY_ROWS, SHAPE_END };

static const struct shape scan_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "扫描" },
	{ .name = "judged", .type = SHAPE_T_INT, .help = "本次判断的就业登记" },
	{ .name = "remaining", .type = SHAPE_T_INT, .help = "尚待判断，后台继续" },
	{ .name = "requested_at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SUMMARY_ROWS,
	SHAPE_END
};

const struct route scan_routes[] = {
	{ .name = "scan_run", .method = METHOD_POST, .path = "/v1/subsidies/scans",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "subsidies.scan.run", .body = INPUT(scan_in, scan_in_fields),
	  .reply = scan_shape, .handler = scan_run,
	  .emits = "subsidies.claim.found.v1 subsidies.claim.refused.v1", .limit = LIMIT_WRITE,
	  .lane = DB_SLOW,
	  .zh = "免申即享扫描", .en = "Have an area judged under a policy" },
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
	int64_t			 judged, remaining;
	struct db_rows		 rows, made;

	if (in->county_code != NULL && !call_in_area(c, in->county_code))
		return (call_reject(c, ERR_AREA, "/county_code"));
	switch (scan_judge(in->policy_code, caller_counties(c, in->county_code), &judged,
	    &remaining)) {
	case -1:
		return (call_reject(c, ERR_BUSY, NULL));
	case 0:
		return (call_reject(c, ERR_F_CHOICE, "/policy_code"));
	}
	if (sql_summary_get(c->db, &rows, in->policy_code, in->county_code) == -1 ||
	    sql_scan_add(c->db, &made, &id, in->policy_code,
	    in->county_code != NULL ? in->county_code : AREA_CITY, judged, remaining,
	    db_text(&rows, 0, "reply")) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &made));
}

/*
 * On connections of its own: each chunk is a transaction, seen by the summary.
 * 1: done; 0: no such policy; -1: the database would not.
 */
static int
scan_judge(const char *policy, const char *counties, int64_t *judged, int64_t *remaining)
{
	int64_t		until = clock_mono_us() + SCAN_US;
	struct db_rows	rows;
	struct arena	arena;
	struct db	db;
	int		taken = 1, rc = -1;

	*judged = *remaining = 0;
	arena_init(&arena);
	db_init(&db, &arena, DB_SYSTEM);
	if (sql_due_add(&db, &rows, policy, counties) == -1 || db_commit(&db) == -1)
		taken = -1;
	else if (!db_bool(&rows, 0, "known"))
		taken = rc = 0;
	while (taken > 0 && clock_mono_us() < until) {
		arena_clear(&arena);
		db_init(&db, &arena, DB_SYSTEM);
		if ((taken = evaluate_chunk(&db, counties)) > 0)
			*judged += taken;
	}
	if (taken != -1 && rc != 0 && sql_due_count(&db, &rows, counties) == 0) {
		*remaining = db_int(&rows, 0, "waiting");
		rc = 1;
	}
	db_rollback(&db);
	arena_release(&arena);
	return (rc);
}
