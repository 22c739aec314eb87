/*
 * notice.c -- 公示: approved claims are made public for their working days.
 *
 * Invariant: what the public sees was copied when the notice was published
 * (employer, masked names, amount) and does not change with the claims. The
 * last day is the policy's n-th working day after publication.
 */
#include "subsidies.h"

#include "base/log.h"
#include "codes/codes.h"
#include "policy.h"
#include "subsidies_sql.h"

#define NOTICE_CLAIMS	2000

struct notice_in {
	const char	*claim_ids;
	const char	*policy_code;
	const char	*county_code;
};

struct notice_query {
	const char	*county_code;
	const char	*policy_code;
};

struct withdraw_in {
	const char	*reason;
};

static int	notice_publish(struct call *);
static int	notice_withdraw(struct call *);
static bool	notice_claims(struct call *, const struct notice_in *, struct claim_move *, int *);
static int	notice_write(struct call *, const struct claim_move *);

static const struct field notice_in_fields[] = {
	FIELD_JSON(notice_in, claim_ids, OPTIONAL, 32768, "申领标识列表；不给则为县区内全部已审批"),
	FIELD_TEXT(notice_in, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_CHECK(notice_in, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_END
};

static const struct field notice_query_fields[] = {
	FIELD_CHECK(notice_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_TEXT(notice_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_END
};

static const struct shape notice_published_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "公示" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "标题" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "starts_on", .type = SHAPE_T_DAY, .help = "公示起" },
	{ .name = "ends_on", .type = SHAPE_T_DAY, .help = "公示止" },
	{ .name = "employers", .type = SHAPE_T_INT, .help = "单位数" },
	{ .name = "claims", .type = SHAPE_T_INT, .help = "笔数" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	SHAPE_END
};

static const struct shape notice_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "公示" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "标题" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "starts_on", .type = SHAPE_T_DAY, .help = "公示起" },
	{ .name = "ends_on", .type = SHAPE_T_DAY, .help = "公示止" },
	{ .name = "open", .type = SHAPE_T_BOOL, .help = "公示中" },
	{ .name = "withdrawn_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "撤下时间" },
	{ .name = "withdraw_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "撤下原因" },
	{ .name = "employers", .type = SHAPE_T_INT, .help = "单位数" },
	{ .name = "people", .type = SHAPE_T_INT, .help = "人数" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	SHAPE_END
};

static const struct field withdraw_in_fields[] = {
	FIELD_TEXT(withdraw_in, reason, REQUIRED, 2, 500, "撤下原因"),
	FIELD_END
};

static const struct shape notice_withdrawn_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "公示" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "withdrawn_at", .type = SHAPE_T_INSTANT, .help = "撤下时间" },
	{ .name = "withdraw_reason", .type = SHAPE_T_TEXT, .help = "撤下原因" },
	{ .name = "claims", .type = SHAPE_T_INT, .help = "待重新公示的笔数" },
	SHAPE_END
};

static const struct shape notice_line_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "公示条目" },
	{ .name = "payee_name", .type = SHAPE_T_TEXT, .help = "收款人（个人脱敏）" },
	{ .name = "people", .type = SHAPE_T_LIST, .help = "人员姓名（脱敏）" },
	{ .name = "count", .type = SHAPE_T_INT, .help = "人数" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	SHAPE_END
};

const struct route notice_routes[] = {
	{ .name = "notice_publish", .method = METHOD_POST, .path = "/v1/subsidies/notices",
	  .callers = ROLE_APPROVE | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "subsidies.notice.publish", .body = INPUT(notice_in, notice_in_fields),
	  .reply = notice_published_shape, .handler = notice_publish,
	  .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "发布公示", .en = "Publish a public notice" },
	{ .name = "notice_list", .method = METHOD_GET, .path = "/v1/subsidies/notices",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.notice.list",
	  .query = INPUT(notice_query, notice_query_fields), .list = true, .reply = notice_shape,
	  .stmt = &stmt_notice_list, .limit = LIMIT_READ,
	  .zh = "公示列表", .en = "List public notices" },
	{ .name = "notice_lines", .method = METHOD_GET, .path = "/v1/subsidies/notices/{id}/lines",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.notice.lines",
	  .list = true, .reply = notice_line_shape, .stmt = &stmt_notice_lines,
	  .limit = LIMIT_READ,
	  .zh = "公示内容", .en = "Read the lines of a notice" },
	{ .name = "notice_withdraw", .method = METHOD_POST,
	  .path = "/v1/subsidies/notices/{id}/withdraw",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.notice.withdraw",
	  .body = INPUT(withdraw_in, withdraw_in_fields), .reply = notice_withdrawn_shape, .success = 200,
	  .handler = notice_withdraw, .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "撤下公示，其中的申领可重新公示", .en = "Take down a notice; its claims can be published again" },
	ROUTE_END
};

static int
notice_publish(struct call *c)
{
	struct claim_move	m = { .from = "{approved}", .to = "public", .step = "publish" };
	struct db_rows		rows;
	int			said;

	if (!notice_claims(c, c->body, &m, &said))
		return (said);
	if (sql_claims_contested(c->db, &rows, m.ids) == -1)
		return (call_failed(c));
	if (db_int(&rows, 0, "contested") > 0)
		return (call_reject(c, ERR_SUBSIDIES_CONTESTED, NULL));
	if (!claims_move(c, &m, &said))
		return (said);
	return (notice_write(c, &m));
}

/* What is still public goes back to being approved; an objection to it stays. */
static int
notice_withdraw(struct call *c)
{
	const struct withdraw_in	*in = c->body;
	struct claim_move		 m = { .from = "{public}", .to = "approved",
	    .step = "withdraw_notice", .note = in->reason };
	struct db_rows			 rows;
	int				 said;

	if (sql_notice_withdraw(c->db, &rows, &c->id, in->reason) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	m.ids = db_text(&rows, 0, "ids");
	m.count = db_int(&rows, 0, "claims");
	if (m.count > 0 && !claims_move(c, &m, &said))
		return (said);
	return (call_reply_row(c, 200, &rows));
}

/* The claims named, or everything approved of one policy in one county. */
static bool
notice_claims(struct call *c, const struct notice_in *in, struct claim_move *m, int *said)
{
	struct db_rows	rows;

	if (in->claim_ids != NULL)
		return (claims_read(c, in->claim_ids, m, said));
	if (in->policy_code == NULL || in->county_code == NULL) {
		*said = call_reject(c, ERR_F_MISSING, in->policy_code == NULL ? "/policy_code" :
		    "/county_code");
		return (false);
	}
	if (sql_claims_approved(c->db, &rows, in->policy_code, in->county_code,
	    NOTICE_CLAIMS) == -1) {
		*said = call_failed(c);
		return (false);
	}
	m->ids = db_text(&rows, 0, "ids");
	m->count = db_int(&rows, 0, "picked");
	if (m->count == 0)
		*said = call_reject(c, ERR_STATE, NULL);
	return (m->count > 0);
}

static int
notice_write(struct call *c, const struct claim_move *m)
{
	struct uuid		 id = uuid_new(), version;
	const struct policy	*p;
	struct db_rows		 kinds, rows;
	int32_t			 ends_on;

	if (sql_claims_kinds(c->db, &kinds, m->ids) == -1)
		return (call_failed(c));
	if (db_int(&kinds, 0, "kinds") != 1)
		return (call_reject(c, ERR_F_CHOICE, "/claim_ids"));
	version = db_uuid(&kinds, 0, "policy_version_id");
	if (policy_load(c->db, &version, &p) == -1)
		return (call_failed(c));
	if (p == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	ends_on = day_add_working(clock_today(), (int)p->notice_working_days);
	if (ends_on == DAY_NONE) {
		log_error("the calendar of working days ends before this notice would");
		return (call_reject(c, ERR_INTERNAL, NULL));
	}
	if (sql_notice_add(c->db, &rows, &id, m->ids, db_text(&kinds, 0, "policy_code"),
	    db_text(&kinds, 0, "county_code"), arena_printf(c->arena, "%s拟发放名单公示", p->title),
	    ends_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
