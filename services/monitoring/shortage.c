/*
 * shortage.c -- a key firm's shortage as a task of its officer: seekers are
 * counted by the jobs service, offered, and the task is closed with its result.
 *
 * Invariant: only how many fit comes here; who they are stays in jobs. The SQL
 * is in sql/monitoring/queries/shortage.sql.
 */
#include <stdio.h>

#include "auth/auth.h"
#include "base/log.h"
#include "codes/codes.h"
#include "http/http.h"
#include "monitoring.h"
#include "monitoring_sql.h"
#include "svc/svc.h"

#define ROLE_TASK	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)
#define ROLE_READ	(ROLE_TASK | ROLE_AUDIT)
#define HEADS_MAX	1000000
#define MATCH_MS	5000
#define MATCH_SLICE	20
#define ASK_MS		3000
#define TURN_MS		60000

struct offer_in {
	int64_t		 offered, filled;
	const char	*note, *result;
};

struct shortage_query {
	const char	*state, *county_code;
	struct uuid	 officer_id, key_firm_id;
	bool		 is_overdue;
};

/* What jobs says: people who seek such work and agreed to be found. */
struct found {
	int64_t	seekers, seekers_county;
	bool	has_more;
};

static int	ask(struct arena *, const struct db_rows *, size_t row, struct found *);
static int	matched(struct arena *, const struct uuid *, const struct found *);
static void	shortage_match(void);
static void	key_turn(void);

static const char *const states[] = { "open", "offered", "closed", NULL };
static const char *const results[] = { "filled", "partly_filled", "no_seekers", "firm_withdrew",
	"terms_differ", NULL };

static const struct field offer_fields[] = {
	FIELD_INT(offer_in, offered, REQUIRED, 1, HEADS_MAX, "推荐人数"),
	FIELD_TEXT(offer_in, note, OPTIONAL, 2, 300, "推荐情况"),
	FIELD_END
};
static const struct field close_fields[] = {
	FIELD_ENUM(offer_in, result, REQUIRED, results, "结果"),
	FIELD_INT(offer_in, filled, REQUIRED, 0, HEADS_MAX, "到岗人数"),
	FIELD_TEXT(offer_in, note, OPTIONAL, 2, 300, "说明"),
	FIELD_END
};
static const struct field shortage_query_fields[] = {
	FIELD_ENUM(shortage_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(shortage_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(shortage_query, officer_id, OPTIONAL, "服务专员"),
	FIELD_UUID(shortage_query, key_firm_id, OPTIONAL, "重点企业"),
	FIELD_BOOL(shortage_query, is_overdue, OPTIONAL, "是否逾期"),
	FIELD_END
};

static const struct shape shortage_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "缺工任务" },
	{ .name = "key_firm_id", .type = SHAPE_T_UUID, .help = "重点企业" },
	{ .name = "report_id", .type = SHAPE_T_UUID, .help = "月报" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "headcount", .type = SHAPE_T_INT, .help = "缺工人数" },
	{ .name = "wage_low_cents", .type = SHAPE_T_INT, .nullable = true, .help = "月薪下限（分）" },
	{ .name = "wage_high_cents", .type = SHAPE_T_INT, .nullable = true, .help = "月薪上限（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "CNY" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .nullable = true, .help = "服务专员" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "shortage_states", .help = "状态" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "办理期限；未设定则为空" },
	{ .name = "is_overdue", .type = SHAPE_T_BOOL, .help = "逾期" },
	{ .name = "seekers", .type = SHAPE_T_INT, .nullable = true, .help = "合适的求职者人数；尚未匹配则为空" },
	{ .name = "seekers_county", .type = SHAPE_T_INT, .nullable = true, .help = "其中本县区" },
	{ .name = "has_more", .type = SHAPE_T_BOOL, .nullable = true, .help = "还有更多，未再计数" },
	{ .name = "matched_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "匹配时间" },
	{ .name = "offered", .type = SHAPE_T_INT, .nullable = true, .help = "已推荐人数" },
	{ .name = "offer_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "推荐情况" },
	{ .name = "offered_on", .type = SHAPE_T_DAY, .nullable = true, .help = "推荐日期" },
	{ .name = "result", .type = SHAPE_T_TEXT, .nullable = true, .help = "结果" },
	{ .name = "filled", .type = SHAPE_T_INT, .nullable = true, .help = "到岗人数" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "closed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "办结日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "生成时间" },
	SHAPE_END
};

const struct route shortage_routes[] = {
	{ .name = "shortage_list", .method = METHOD_GET, .path = "/v1/monitoring/shortages",
	  .callers = ROLE_EMPLOYER | ROLE_READ, .scope = SCOPE_CALLER, .action = "monitoring.shortage.list",
	  .query = INPUT(shortage_query, shortage_query_fields), .list = true, .reply = shortage_shape,
	  .stmt = &stmt_shortage_list, .limit = LIMIT_READ,
	  .zh = "缺工任务（含逾期清单）", .en = "List shortages; the overdue ones too" },
	{ .name = "shortage_get", .method = METHOD_GET, .path = "/v1/monitoring/shortages/{id}",
	  .callers = ROLE_EMPLOYER | ROLE_READ, .scope = SCOPE_CALLER, .action = "monitoring.shortage.get",
	  .reply = shortage_shape, .stmt = &stmt_shortage_get, .limit = LIMIT_READ,
	  .zh = "查看缺工任务", .en = "Read a shortage" },
	{ .name = "shortage_rematch", .method = METHOD_POST, .path = "/v1/monitoring/shortages/{id}/rematch",
	  .callers = ROLE_TASK, .scope = SCOPE_AREA, .action = "monitoring.shortage.rematch",
	  .reply = shortage_shape, .success = 200, .stmt = &stmt_shortage_rematch, .limit = LIMIT_WRITE,
	  .zh = "重新匹配求职者", .en = "Have the seekers counted anew" },
	{ .name = "shortage_offer", .method = METHOD_POST, .path = "/v1/monitoring/shortages/{id}/offer",
	  .callers = ROLE_TASK, .scope = SCOPE_AREA, .action = "monitoring.shortage.offer",
	  .body = INPUT(offer_in, offer_fields), .reply = shortage_shape, .success = 200,
	  .stmt = &stmt_shortage_offer, .emits = "monitoring.shortage.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "登记推荐情况（服务专员）", .en = "Tell the firm of people offered; its officer" },
	{ .name = "shortage_close", .method = METHOD_POST, .path = "/v1/monitoring/shortages/{id}/close",
	  .callers = ROLE_TASK, .scope = SCOPE_AREA, .action = "monitoring.shortage.close",
	  .body = INPUT(offer_in, close_fields), .reply = shortage_shape, .success = 200,
	  .stmt = &stmt_shortage_close, .emits = "monitoring.shortage.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "办结缺工任务（服务专员）", .en = "Close a shortage with its result; its officer" },
	ROUTE_END
};

/* Those that jobs was not asked about today, a slice at a time; a failure waits for the next turn. */
static void
shortage_match(void)
{
	struct arena	a;
	struct db	db;
	struct db_rows	rows;
	struct found	found;
	struct uuid	id;
	size_t		i;
	int		rc;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	rc = sql_shortage_unmatched(&db, &rows, MATCH_SLICE);
	db_rollback(&db);
	for (i = 0; rc == 0 && i < rows.count; i++) {
		id = db_uuid(&rows, i, "id");
		if (ask(&a, &rows, i, &found) == -1 || matched(&a, &id, &found) == -1)
			rc = -1;
	}
	if (rc == -1)
		log_warn("shortages were not matched with seekers; they will be next time");
	arena_release(&a);
}

static int
ask(struct arena *a, const struct db_rows *rows, size_t i, struct found *out)
{
	struct upstream		*jobs = svc_peer("jobs");
	const char		*token = mint_service(a, svc_name()), *path;
	const struct json	*said;
	struct http_result	 r;

	if (jobs == NULL || token == NULL)
		return (-1);
	path = arena_printf(a, "/internal/seeker-counts?occupation_code=%s&county_code=%s"
	    "&pay_low_cents=%lld&pay_high_cents=%lld", db_text(rows, i, "occupation_code"),
	    db_text(rows, i, "county_code"), (long long)db_int(rows, i, "wage_low_cents"),
	    (long long)db_int(rows, i, "wage_high_cents"));
	if (http_call(a, jobs, METHOD_GET, path, arena_printf(a, "Authorization: Bearer %s\r\n", token),
	    NULL, 0, ASK_MS, &r) == -1 || r.status != 200)
		return (-1);
	said = json_parse(a, r.body.p, r.body.len);
	if (!json_integer(json_get(said, "seekers"), &out->seekers) ||
	    !json_integer(json_get(said, "seekers_county"), &out->seekers_county))
		return (-1);
	out->has_more = json_is_true(json_get(said, "has_more"));
	return (0);
}

static int
matched(struct arena *a, const struct uuid *id, const struct found *found)
{
	struct db	db;
	struct db_rows	rows;
	int		rc;

	db_init(&db, a, DB_SYSTEM);
	rc = sql_shortage_matched(&db, &rows, id, found->seekers, found->seekers_county,
	    found->has_more);
	if (rc == 0)
		rc = db_commit(&db);
	db_rollback(&db);
	return (rc);
}

static void
key_turn(void)
{
	db_alone(&stmt_key_turn);
}

void
shortage_start(void)
{
	svc_every("monitoring.shortage", MATCH_MS, shortage_match);
	svc_every("monitoring.key_firm", TURN_MS, key_turn);
}
