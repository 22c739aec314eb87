/*
 * gig_shift.c -- who signed up for a gig, came, finished, was paid, and what
 * both sides say of each other.
 *
 * Invariant: where a shift may go from its state, its place, the waiting list,
 * messages and events are the triggers' affair (086_follow_gigs.sql); which
 * shifts a caller reaches is row-level security's. A wrong code is counted even
 * though its request is refused. The SQL is in sql/jobs/queries/gig.sql.
 */
#include "gig.h"

#include "codes/codes.h"
#include "jobs.h"
#include "jobs_sql.h"
#include "svc/svc.h"

#define PAID_MOST_CENTS	INT64_C(100000000)	/* 100 万元 */
#define SWEEP_MS	5000

struct sign_up_in {
	bool	is_declared;
};

struct reason_in {
	const char	*reason;
};

struct come_in {
	const char	*code;
	int64_t		 lat_e6, lng_e6;
};

struct done_in {
	int64_t	 pieces;
	bool	 is_declared;
};

struct pay_in {
	int64_t		 paid_cents;
	int32_t		 paid_on;
	const char	*paid_way;
};

struct dispute_in {
	int64_t		 owed_cents;
	const char	*reason;
};

struct answer_in {
	const char	*result, *answer;
};

struct rate_in {
	int64_t		 stars;
	const char	*words;
};

struct shift_query {
	const char	*state, *county_code, *pay_state;
};

static int	gig_shift_accept(struct call *);
static int	gig_shift_decline(struct call *);
static int	gig_shift_drop(struct call *);
static int	gig_shift_no_show(struct call *);
static int	gig_shift_move(struct call *, const char *, const char *);
static int	gig_shift_check_in(struct call *);
static int	gig_code_wrong(struct call *);
static void	gig_sweep(void);

static const char *const states[] = { "applied", "waiting", "accepted", "working", "done",
	"declined", "cancelled", "dropped", "no_show", NULL };
static const char *const pay_states[] = { "unpaid", "stated", "received", "disputed", "settled",
	"wage_clue", "unfounded", NULL };
static const char *const results[] = { "settled", "wage_clue", "unfounded", NULL };
static const char *const ways[] = { "cash", "bank", "wechat", "alipay", "other", NULL };

static const struct field sign_up_fields[] = {
	FIELD_BOOL(sign_up_in, is_declared, OPTIONAL, "本人申报为灵活就业"),
	FIELD_END
};
static const struct field reason_fields[] = {
	FIELD_TEXT(reason_in, reason, REQUIRED, 2, 200, "原因，会告知对方"),
	FIELD_END
};
static const struct field come_fields[] = {
	FIELD_TEXT(come_in, code, OPTIONAL, 6, 6, "现场显示的签到码；窗口代为签到时不填"),
	FIELD_INT(come_in, lat_e6, OPTIONAL, 20000000, 35000000, "您的纬度（百万分之一度）"),
	FIELD_INT(come_in, lng_e6, OPTIONAL, 105000000, 120000000, "您的经度（百万分之一度）"),
	FIELD_END
};
static const struct field done_fields[] = {
	FIELD_INT(done_in, pieces, OPTIONAL, 0, 1000000, "件数，计件时填写"),
	FIELD_BOOL(done_in, is_declared, OPTIONAL, "本人申报为灵活就业"),
	FIELD_END
};
static const struct field pay_fields[] = {
	FIELD_INT(pay_in, paid_cents, REQUIRED, 1, PAID_MOST_CENTS, "支付金额（分）"),
	FIELD_DAY(pay_in, paid_on, REQUIRED, "支付日期"),
	FIELD_ENUM(pay_in, paid_way, REQUIRED, ways, "支付方式"),
	FIELD_END
};
static const struct field dispute_fields[] = {
	FIELD_INT(dispute_in, owed_cents, REQUIRED, 1, PAID_MOST_CENTS, "认为尚欠的金额（分）"),
	FIELD_TEXT(dispute_in, reason, REQUIRED, 2, 500, "情况说明"),
	FIELD_END
};
static const struct field answer_fields[] = {
	FIELD_ENUM(answer_in, result, REQUIRED, results, "处理结果"),
	FIELD_TEXT(answer_in, answer, REQUIRED, 2, 500, "处理说明"),
	FIELD_END
};
static const struct field rate_fields[] = {
	FIELD_INT(rate_in, stars, REQUIRED, 1, 5, "评分"),
	FIELD_TEXT(rate_in, words, REQUIRED, 2, 200, "理由"),
	FIELD_END
};
static const struct field shift_query_fields[] = {
	FIELD_ENUM(shift_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};
static const struct field dispute_query_fields[] = {
	FIELD_CHECK(shift_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(shift_query, pay_state, OPTIONAL, pay_states, "报酬状态，默认待处理的争议"),
	FIELD_END
};

#define SHIFT_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "报名" }, \
	{ .name = "post_id", .type = SHAPE_T_UUID, .help = "零工" }, \
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" }, \
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" }, \
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "用人单位" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "gig_shift_states", .help = "状态" }, \
	{ .name = "starts_at", .type = SHAPE_T_INSTANT, .help = "开始" }, \
	{ .name = "ends_at", .type = SHAPE_T_INSTANT, .help = "结束" }, \
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "原因" }, \
	{ .name = "is_late", .type = SHAPE_T_BOOL, .help = "临时取消" }, \
	{ .name = "days", .type = SHAPE_T_INT, .help = "到岗天数" }, \
	{ .name = "pieces", .type = SHAPE_T_INT, .nullable = true, .help = "件数" }, \
	{ .name = "due_cents", .type = SHAPE_T_INT, .nullable = true, .help = "应付报酬（分）" }, \
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" }, \
	{ .name = "is_declared", .type = SHAPE_T_BOOL, .help = "本人申报为灵活就业" }, \
	{ .name = "worker_done_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "劳动者确认完成" }, \
	{ .name = "poster_done_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "用工方确认完成" }, \
	{ .name = "by_clock", .type = SHAPE_T_BOOL, .help = "另一方逾期未答复，视为确认" }, \
	{ .name = "pay_state", .type = SHAPE_T_TEXT, .codes = "gig_pay_states", .help = "报酬状态" }, \
	{ .name = "paid_cents", .type = SHAPE_T_INT, .nullable = true, .help = "用工方称已付（分）" }, \
	{ .name = "paid_on", .type = SHAPE_T_DAY, .nullable = true, .help = "支付日期" }, \
	{ .name = "paid_way", .type = SHAPE_T_TEXT, .codes = "gig_pay_ways", .nullable = true, \
	  .help = "支付方式" }, \
	{ .name = "owed_cents", .type = SHAPE_T_INT, .nullable = true, .help = "劳动者称尚欠（分）" }, \
	{ .name = "dispute_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "争议情况" }, \
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "处理说明" }, \
	{ .name = "worker_stars", .type = SHAPE_T_INT, .nullable = true, .help = "对劳动者的评分" }, \
	{ .name = "worker_words", .type = SHAPE_T_TEXT, .nullable = true, .help = "对劳动者的评价" }, \
	{ .name = "poster_stars", .type = SHAPE_T_INT, .nullable = true, .help = "对用工方的评分" }, \
	{ .name = "poster_words", .type = SHAPE_T_TEXT, .nullable = true, .help = "对用工方的评价" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }, \
	{ .name = "moved_at", .type = SHAPE_T_INSTANT, .help = "最近变动" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "报名时间" }

static const struct shape shift_shape[] = { SHIFT_ROWS, SHAPE_END };
static const struct shape shift_seen_shape[] = {
	SHIFT_ROWS,
	{ .name = "worker_done", .type = SHAPE_T_INT, .help = "此人完成的零工" },
	{ .name = "worker_no_shows", .type = SHAPE_T_INT, .help = "未到岗次数" },
	{ .name = "worker_late_cancels", .type = SHAPE_T_INT, .help = "临时取消次数" },
	{ .name = "worker_stars_tenths", .type = SHAPE_T_INT, .nullable = true, .help = "平均评分（十分之一星）" },
	SHAPE_END
};
static const struct shape day_shape[] = {
	{ .name = "on_day", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "how", .type = SHAPE_T_TEXT, .help = "签到方式" },
	{ .name = "metres", .type = SHAPE_T_INT, .nullable = true, .help = "距工作地多少米" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "签到时间" },
	SHAPE_END
};
static const struct shape step_shape[] = {
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "gig_shift_states", .help = "状态" },
	{ .name = "pay_state", .type = SHAPE_T_TEXT, .codes = "gig_pay_states", .help = "报酬状态" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};
static const struct shape shift_full_shape[] = {
	SHIFT_ROWS,
	{ .name = "gig", .type = SHAPE_T_OBJECT, .of = gig_shape, .help = "零工" },
	{ .name = "present", .type = SHAPE_T_LIST, .of = day_shape, .help = "到岗记录" },
	{ .name = "steps", .type = SHAPE_T_LIST, .of = step_shape, .help = "经过" },
	SHAPE_END
};

#define BOTH_SIDES	(ROLE_PERSON | ROLE_EMPLOYER)
#define POSTER(noun, verb, fn, in_, zh_, en_) \
	{ .name = "gig_shift_" noun, .method = METHOD_POST, .path = "/v1/jobs/gig-shifts/{id}/" verb, \
	  .callers = BOTH_SIDES | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_HIRE, \
	  .action = "jobs.gig_shift." noun, .body = in_, .reply = shift_shape, .success = 200, \
	  .handler = fn, .limit = LIMIT_WRITE, .zh = zh_, .en = en_ }

const struct route gig_shift_routes[] = {
	{ .name = "gig_sign_up", .method = METHOD_POST, .path = "/v1/jobs/gigs/{id}/shifts",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.gig.sign_up",
	  .body = INPUT(sign_up_in, sign_up_fields), .reply = shift_shape, .stmt = &stmt_gig_sign_up,
	  .limit = LIMIT_WRITE, .matter = "JB-36", .zh = "报名零工", .en = "Sign up for a gig" },
	{ .name = "gig_shift_list", .method = METHOD_GET, .path = "/v1/jobs/gigs/{id}/shifts",
	  .callers = BOTH_SIDES | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.gig_shift.list", .query = INPUT(shift_query, shift_query_fields), .list = true,
	  .reply = shift_seen_shape, .stmt = &stmt_gig_shift_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "零工的报名", .en = "List who signed up" },
	{ .name = "gig_shift_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/gig-shifts",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.gig_shift.list_person",
	  .query = INPUT(shift_query, shift_query_fields), .list = true, .reply = shift_shape,
	  .stmt = &stmt_gig_shift_list_person, .limit = LIMIT_READ,
	  .zh = "我的零工", .en = "List the caller's shifts" },
	{ .name = "gig_shift_get", .method = METHOD_GET, .path = "/v1/jobs/gig-shifts/{id}",
	  .callers = BOTH_SIDES | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.gig_shift.get", .reply = shift_full_shape, .stmt = &stmt_gig_shift_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看报名及经过", .en = "Read a shift with its days and steps" },
	POSTER("accept", "accept", gig_shift_accept, { 0 }, "选中报名的人", "Choose who signed up"),
	POSTER("decline", "decline", gig_shift_decline, INPUT(reason_in, reason_fields), "不选报名的人", "Turn a sign-up down"),
	POSTER("drop", "drop", gig_shift_drop, INPUT(reason_in, reason_fields), "取消已确认的人", "Let a worker go before work begins"),
	POSTER("no_show", "no-show", gig_shift_no_show, INPUT(reason_in, reason_fields), "记为未到岗", "Note that a worker did not come"),
	{ .name = "gig_shift_cancel", .method = METHOD_POST, .path = "/v1/jobs/gig-shifts/{id}/cancel",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.gig_shift.cancel",
	  .body = INPUT(reason_in, reason_fields), .reply = shift_shape, .success = 200,
	  .stmt = &stmt_gig_shift_cancel, .limit = LIMIT_WRITE,
	  .zh = "取消报名", .en = "Withdraw a sign-up" },
	{ .name = "gig_shift_check_in", .method = METHOD_POST, .path = "/v1/jobs/gig-shifts/{id}/check-in",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER, .action = "jobs.gig_shift.check_in",
	  .body = INPUT(come_in, come_fields), .reply = shift_shape, .success = 200,
	  .handler = gig_shift_check_in, .limit = LIMIT_WRITE,
	  .zh = "到岗签到", .en = "Check in at the place of work" },
	{ .name = "gig_shift_done", .method = METHOD_POST, .path = "/v1/jobs/gig-shifts/{id}/done",
	  .callers = BOTH_SIDES, .scope = SCOPE_CALLER, .right = RIGHT_HIRE,
	  .action = "jobs.gig_shift.done", .body = INPUT(done_in, done_fields), .reply = shift_shape,
	  .success = 200, .stmt = &stmt_gig_shift_done, .limit = LIMIT_WRITE,
	  .emits = "jobs.gig.done.v1", .zh = "确认完成", .en = "Say that the work is done" },
	{ .name = "gig_shift_pay", .method = METHOD_POST, .path = "/v1/jobs/gig-shifts/{id}/pay",
	  .callers = BOTH_SIDES, .scope = SCOPE_CALLER, .right = RIGHT_HIRE,
	  .action = "jobs.gig_shift.pay", .body = INPUT(pay_in, pay_fields), .reply = shift_shape,
	  .success = 200, .stmt = &stmt_gig_shift_pay, .limit = LIMIT_WRITE,
	  .zh = "登记已付报酬", .en = "State that the pay was given" },
	{ .name = "gig_shift_receive", .method = METHOD_POST, .path = "/v1/jobs/gig-shifts/{id}/receive",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.gig_shift.receive",
	  .reply = shift_shape, .success = 200, .stmt = &stmt_gig_shift_receive, .limit = LIMIT_WRITE,
	  .zh = "确认收到报酬", .en = "Confirm that the pay was received" },
	{ .name = "gig_dispute", .method = METHOD_POST, .path = "/v1/jobs/gig-shifts/{id}/dispute",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.gig.dispute",
	  .body = INPUT(dispute_in, dispute_fields), .reply = shift_shape, .success = 200,
	  .stmt = &stmt_gig_dispute, .limit = LIMIT_WRITE, .matter = "JB-37",
	  .zh = "零工报酬争议", .en = "Dispute the pay of a gig" },
	{ .name = "gig_dispute_list", .method = METHOD_GET, .path = "/v1/jobs/gig-disputes",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.gig_dispute.list",
	  .query = INPUT(shift_query, dispute_query_fields), .list = true, .reply = shift_shape,
	  .stmt = &stmt_gig_dispute_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "待处理的报酬争议", .en = "List disputes about pay" },
	{ .name = "gig_dispute_answer", .method = METHOD_POST, .path = "/v1/jobs/gig-disputes/{id}/answer",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "jobs.gig_dispute.answer", .body = INPUT(answer_in, answer_fields),
	  .reply = shift_shape, .success = 200, .stmt = &stmt_gig_dispute_answer,
	  .emits = "jobs.gig.wage_clue.v1", .limit = LIMIT_WRITE,
	  .zh = "处理报酬争议", .en = "Settle a dispute, or pass it on as a clue of unpaid wages" },
	{ .name = "gig_shift_rate", .method = METHOD_POST, .path = "/v1/jobs/gig-shifts/{id}/rate",
	  .callers = BOTH_SIDES, .scope = SCOPE_CALLER, .right = RIGHT_HIRE,
	  .action = "jobs.gig_shift.rate", .body = INPUT(rate_in, rate_fields), .reply = shift_shape,
	  .success = 200, .stmt = &stmt_gig_shift_rate, .limit = LIMIT_WRITE,
	  .zh = "评价对方", .en = "Rate the other side" },
	ROUTE_END
};

static int
gig_shift_accept(struct call *c)
{
	return (gig_shift_move(c, "accepted", NULL));
}

static int
gig_shift_decline(struct call *c)
{
	return (gig_shift_move(c, "declined", ((const struct reason_in *)c->body)->reason));
}

static int
gig_shift_drop(struct call *c)
{
	return (gig_shift_move(c, "dropped", ((const struct reason_in *)c->body)->reason));
}

static int
gig_shift_no_show(struct call *c)
{
	return (gig_shift_move(c, "no_show", ((const struct reason_in *)c->body)->reason));
}

static int
gig_shift_move(struct call *c, const char *next, const char *reason)
{
	struct db_rows	rows;

	if (sql_gig_shift_move(c->db, &rows, &c->id, next, reason) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* By the code shown there, near enough when the point is told; or by a clerk on the spot. */
static int
gig_shift_check_in(struct call *c)
{
	const struct come_in	*in = c->body;
	bool			 clerk = !c->principal->has_person, point = in->lat_e6 != 0 && in->lng_e6 != 0;
	struct db_rows		 place, rows;
	struct uuid		 post;
	int64_t			 metres;

	if (!clerk && in->code == NULL)
		return (call_reject(c, ERR_F_MISSING, "/code"));
	if (sql_gig_shift_place(c->db, &place, &c->id, point ? &in->lat_e6 : NULL,
	    point ? &in->lng_e6 : NULL) == -1)
		return (call_failed(c));
	if (place.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&place, 0, "may_come"))
		return (call_reject(c, ERR_STATE, NULL));
	post = db_uuid(&place, 0, "post_id");
	metres = db_int(&place, 0, "metres");
	if (!clerk && db_int(&place, 0, "tries") >= GIG_TRIES)
		return (call_reject(c, ERR_JOBS_GIG_TRIES, NULL));
	if (!clerk && !gig_code_ok(c, &post, in->code))
		return (gig_code_wrong(c));
	if (point && !db_null(&place, 0, "near_m") && metres > db_int(&place, 0, "near_m"))
		return (call_reject(c, ERR_JOBS_GIG_FAR, "/lat_e6"));
	if (sql_gig_shift_check_in(c->db, &rows, &c->id, clerk ? "clerk" : "code",
	    point ? &metres : NULL) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
gig_code_wrong(struct call *c)
{
	if (sql_gig_shift_try(c->db, NULL, &c->id) == -1 || db_commit(c->db) == -1)
		return (call_failed(c));
	return (call_reject(c, ERR_JOBS_GIG_CODE, "/code"));
}

/* Posts that are over end, silence of the other side becomes a confirmation. */
static void
gig_sweep(void)
{
	static const struct db_stmt *const	all[] = { &stmt_gig_end_posts, &stmt_gig_confirm_silent };
	size_t					i;

	for (i = 0; i < NITEMS(all); i++)
		db_alone(all[i]);
}

void
gig_start(void)
{
	svc_every("jobs.gig", SWEEP_MS, gig_sweep);
}
