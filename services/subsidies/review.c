/*
 * review.c -- 初审, 复核, 审批: what officers decide about many claims at once.
 *
 * Invariant: the three steps and the payment are four different people, by
 * the primary key of subsidies.claim_hand; the amount is committed by the
 * approval alone.
 */
#include "subsidies.h"

struct review_in {
	const char	*claim_ids;
	const char	*decision;
	const char	*note;
};

struct reject_in {
	const char	*claim_ids;
	const char	*note;
};

/* What passing a step means. */
struct review_step {
	const char	*route;
	const char	*from, *to;
	const char	*hand;		/* also the step's name */
	const char	*funds;
};

static const struct review_step steps[] = {
	{ "claims_first_review", "{confirmed}", "first_reviewed", "first_review", NULL },
	{ "claims_recheck", "{first_reviewed}", "rechecked", "recheck", NULL },
	{ "claims_approve", "{rechecked}", "approved", "approve", "committed" },
};

static int	claims_review(struct call *);
static int	claims_reject(struct call *);
static int	reply_moved(struct call *, const struct claim_move *);

static const char *const decisions[] = { "pass", "return", "reject", NULL };

static const struct field review_in_fields[] = {
	FIELD_JSON(review_in, claim_ids, REQUIRED, 32768, "申领标识列表，至多 500"),
	FIELD_ENUM(review_in, decision, REQUIRED, decisions, "通过、退回单位、不予发放"),
	FIELD_TEXT(review_in, note, OPTIONAL, 1, 500, "意见；退回和不予发放必填"),
	FIELD_END
};

static const struct field reject_in_fields[] = {
	FIELD_JSON(reject_in, claim_ids, REQUIRED, 32768, "申领标识列表，至多 500"),
	FIELD_TEXT(reject_in, note, REQUIRED, 1, 500, "意见"),
	FIELD_END
};

static const struct shape moved_shape[] = {
	{ .name = "moved", .type = SHAPE_T_INT, .help = "办理笔数" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "新状态" },
	SHAPE_END
};

#define REVIEW_ROUTE(route, step, role, title, english)				\
	{ .name = route, .method = METHOD_POST, .path = "/v1/subsidies/claims/" step,	\
	  .callers = role, .scope = SCOPE_AREA, .action = "subsidies.claim." step,	\
	  .body = INPUT(review_in, review_in_fields), .reply = moved_shape,		\
	  .success = 200, .handler = claims_review, .emits = "subsidies.claim.moved.v1", \
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED, .zh = title, .en = english }

const struct route review_routes[] = {
	REVIEW_ROUTE("claims_first_review", "first-review", ROLE_FIRST_REVIEW, "初审",
	    "First review of claims"),
	REVIEW_ROUTE("claims_recheck", "recheck", ROLE_RECHECK, "复核", "Second check of claims"),
	REVIEW_ROUTE("claims_approve", "approve", ROLE_APPROVE, "审批", "Approve claims"),
	{ .name = "claims_reject", .method = METHOD_POST, .path = "/v1/subsidies/claims/reject",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.claim.reject",
	  .body = INPUT(reject_in, reject_in_fields), .reply = moved_shape, .success = 200,
	  .handler = claims_reject, .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .key = KEY_REQUIRED,
	  .zh = "对暂停的申领不予发放", .en = "Reject suspended claims" },
	ROUTE_END
};

/* Returned claims go back to the employer, who confirms anew; their money is freed. */
static int
claims_review(struct call *c)
{
	const struct review_in		*in = c->body;
	const struct review_step	*s = steps;
	struct claim_move		 m = { .note = in->note };
	int				 said;

	while (strcmp(s->route, c->route->name) != 0)
		s++;
	m.from = s->from;
	m.step = m.hand = s->hand;
	if (strcmp(in->decision, "pass") == 0) {
		m.to = s->to;
		m.funds = s->funds;
	} else {
		if (in->note == NULL)
			return (call_reject(c, ERR_F_MISSING, "/note"));
		m.to = strcmp(in->decision, "return") == 0 ? "notified" : "rejected";
		m.funds = "available";
	}
	if (!claims_read(c, in->claim_ids, &m, &said) || !claims_move(c, &m, &said))
		return (said);
	return (reply_moved(c, &m));
}

/* Suspended by changed facts: the approver ends what will not go on. */
static int
claims_reject(struct call *c)
{
	const struct reject_in	*in = c->body;
	struct claim_move	 m = { .from = "{suspended}", .to = "rejected", .step = "reject",
	    .funds = "available", .note = in->note };
	int			 said;

	if (!claims_read(c, in->claim_ids, &m, &said) || !claims_move(c, &m, &said))
		return (said);
	return (reply_moved(c, &m));
}

static int
reply_moved(struct call *c, const struct claim_move *m)
{
	struct reply_out	out;

	reply_open(&out);
	json_put_int(&out.json, "moved", m->count);
	json_put_text(&out.json, "state", m->to);
	return (reply_close(c, 200, &out));
}
