/*
 * review.c -- 初审, 复核, 审批: what officers decide about many claims at once.
 *
 * Invariant: the three steps and the payment are four different people, by
 * the primary key of subsidies.claim_hand; the amount is committed by the
 * approval alone. All of a request or none of it, unless it asks for what is
 * possible (`partial`): then each claim has its answer.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "http/reply_out.h"
#include "subsidies_sql.h"

#define RESULTS_MAX	131072

struct review_in {
	const char	*claim_ids;
	const char	*decision;
	const char	*note;
	bool		 partial;
};

struct reject_in {
	const char	*claim_ids;
	const char	*note;
};

/* What passing a step means, and where it goes back to. */
struct review_step {
	const char	*route;
	const char	*from, *to, *back;
	const char	*hand;		/* also the step's name */
	const char	*funds;
	enum role	 role;
};

static const struct review_step steps[] = {
	{ "claims_first_review", "{confirmed}", "first_reviewed", NULL, "first_review", NULL,
	  ROLE_FIRST_REVIEW },
	{ "claims_recheck", "{first_reviewed}", "rechecked", "confirmed", "recheck", NULL,
	  ROLE_RECHECK },
	{ "claims_approve", "{rechecked}", "approved", "first_reviewed", "approve", "committed",
	  ROLE_APPROVE },
};

static int	claims_review(struct call *);
static int	claims_reject(struct call *);
static bool	review_move(struct call *, const struct review_step *, struct claim_move *, int *);
static bool	part_of(struct call *, struct claim_move *, const char **, int *);
static const char *write_results(struct call *, const struct db_rows *);
static int	reply_moved(struct call *, const struct claim_move *, const char *);

static const char *const decisions[] = { "pass", "return", "return_step", "reject", NULL };

static const struct field review_in_fields[] = {
	FIELD_JSON(review_in, claim_ids, REQUIRED, 32768, "申领标识列表，至多 500"),
	FIELD_ENUM(review_in, decision, REQUIRED, decisions, "通过、退回申领人、退回上一环节、不予发放"),
	FIELD_TEXT(review_in, note, OPTIONAL, 1, 500, "意见；退回和不予发放必填"),
	FIELD_BOOL(review_in, partial, OPTIONAL, "能办的先办，逐笔答复；默认全办或全不办"),
	FIELD_END
};

static const struct field reject_in_fields[] = {
	FIELD_JSON(reject_in, claim_ids, REQUIRED, 32768, "申领标识列表，至多 500"),
	FIELD_TEXT(reject_in, note, REQUIRED, 1, 500, "意见"),
	FIELD_END
};

static const struct shape result_shape[] = {
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "申领" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "不能办理的原因；空为已办理" },
	SHAPE_END
};

static const struct shape moved_shape[] = {
	{ .name = "moved", .type = SHAPE_T_INT, .help = "办理笔数" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "新状态" },
	{ .name = "results", .type = SHAPE_T_LIST, .of = result_shape, .nullable = true, .help = "逐笔结果（partial）" },
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

/* Returned claims go back to the payee, who confirms anew, and their money is freed;
 * or to the step before, with their money. */
static int
claims_review(struct call *c)
{
	const struct review_in		*in = c->body;
	const struct review_step	*s = steps;
	struct claim_move		 m = { .note = in->note };
	const char			*results = NULL;
	int				 said;

	while (strcmp(s->route, c->route->name) != 0)
		s++;
	if (!review_move(c, s, &m, &said) || !claims_read(c, in->claim_ids, &m, &said) ||
	    (in->partial && !part_of(c, &m, &results, &said)) ||
	    (m.count > 0 && !claims_move(c, &m, &said)))
		return (said);
	return (reply_moved(c, &m, results));
}

static bool
review_move(struct call *c, const struct review_step *s, struct claim_move *m, int *said)
{
	const struct review_in	*in = c->body;
	bool			 pass = strcmp(in->decision, "pass") == 0;
	bool			 back = strcmp(in->decision, "return_step") == 0;

	m->from = s->from;
	m->step = m->hand = s->hand;
	m->tiered = pass;
	m->role = s->role;
	m->funds = pass ? s->funds : back ? NULL : "available";
	m->to = pass ? s->to : back ? s->back :
	    strcmp(in->decision, "return") == 0 ? "notified" : "rejected";
	if (!pass && in->note == NULL)
		*said = call_reject(c, ERR_F_MISSING, "/note");
	else if (m->to == NULL)		/* nothing comes before the first review */
		*said = call_reject(c, ERR_F_CHOICE, "/decision");
	else
		return (true);
	return (false);
}

/* Leaves in `m` those nothing stands against. What changes meanwhile refuses them all. */
static bool
part_of(struct call *c, struct claim_move *m, const char **results, int *said)
{
	struct db_rows	 rows;
	char		*ids, *end;
	size_t		 i;

	if (sql_claims_check(c->db, &rows, m->ids, m->from, m->step,
	    !m->tiered || principal_has(c->principal, m->role, AREA_CITY),
	    c->route->action) == -1) {
		*said = call_failed(c);
		return (false);
	}
	ids = end = arena_alloc(c->arena, rows.count * UUID_TEXT + 3);
	m->count = 0;
	*end++ = '{';
	for (i = 0; i < rows.count; i++) {
		if (!db_null(&rows, i, "code"))
			continue;
		if (m->count++ > 0)
			*end++ = ',';
		memcpy(end, db_text(&rows, i, "id"), UUID_TEXT - 1);
		end += UUID_TEXT - 1;
	}
	*end++ = '}';
	*end = '\0';
	m->ids = ids;
	*results = write_results(c, &rows);
	return (true);
}

static const char *
write_results(struct call *c, const struct db_rows *rows)
{
	struct reply_out	 out;
	const char		*text;
	size_t			 i;

	buf_init(&out.buf, RESULTS_MAX);
	json_out_init(&out.json, &out.buf);
	json_open_list(&out.json, NULL);
	for (i = 0; i < rows->count; i++) {
		json_open(&out.json, NULL);
		json_put_text(&out.json, "claim_id", db_text(rows, i, "id"));
		json_put_text(&out.json, "code", db_text(rows, i, "code"));
		json_close(&out.json);
	}
	json_close_list(&out.json);
	text = buf_ok(&out.buf) ? arena_strdup(c->arena, buf_cstr(&out.buf)) : NULL;
	buf_release(&out.buf);
	return (text);
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
	return (reply_moved(c, &m, NULL));
}

static int
reply_moved(struct call *c, const struct claim_move *m, const char *results)
{
	struct reply_out	out;

	reply_open(&out);
	json_put_int(&out.json, "moved", m->count);
	json_put_text(&out.json, "state", m->to);
	if (results != NULL)
		json_put_raw(&out.json, "results", results);
	return (reply_close(c, 200, &out));
}
