/*
 * calculator.c -- 政策计算器: "what could I get?". For a person or an employer
 * that is signed in, from all that is known of them; for anybody, from what
 * they state, which is neither kept nor believed.
 *
 * Invariant: the answer is policy_weigh()'s, as in a decision; it changes
 * nothing and promises nothing.
 */
#include "calculator.h"

#include "dossier_load.h"
#include "subsidies.h"
#include "subsidies_sql.h"

#define FACTS_TEXT_MAX	16384
#define STAFF_MAX	500	/* newest people of an employer that are looked at */

struct calc_query {
	int32_t		 on;
	const char	*policy_code;
};

struct calc_in {
	int32_t		 on;
	const char	*policy_code;
	const char	*facts;
};

/* One asking: whose dossier, or only stated facts. */
struct calc {
	struct call		*call;
	struct json_out		*out;
	struct dossier		*dossier;	/* NULL: stated facts */
	struct judgement	 best;		/* of the policy at hand; verdict NULL: none yet */
	struct calc_about	 about;
	struct rule_value	 stated[RULE_FACTS_MAX];
	int32_t			 on;
	const char		*policy_code;	/* only this one, or NULL */
};

static int	calculator_own(struct call *);
static int	calculator_stated(struct call *);
static int	calc_load(struct calc *);
static int	calc_reply(struct calc *);
static void	calc_policy(struct calc *, const struct policy *, bool);
static void	calc_subjects(struct calc *, const struct policy *, struct dossier_person *,
		    struct dossier_org *);
static void	calc_subject(struct calc *, const struct policy *, const struct subject *);
static bool	is_own(const struct calc *, const struct subject *);
static void	calc_stated(struct calc *, const struct policy *);
static void	calc_blank(struct calc *, const struct policy *);
static bool	calc_better(const struct judgement *, const struct judgement *);
static bool	is_for(const struct calc *, const struct policy *);

static const struct field calc_query_fields[] = {
	FIELD_DAY(calc_query, on, OPTIONAL, "按哪一天判断；不给则为今天"),
	FIELD_TEXT(calc_query, policy_code, OPTIONAL, 2, 16, "只算此项政策"),
	FIELD_END
};

static const struct field calc_in_fields[] = {
	FIELD_DAY(calc_in, on, OPTIONAL, "按哪一天判断；不给则为今天"),
	FIELD_TEXT(calc_in, policy_code, OPTIONAL, 2, 16, "只算此项政策"),
	FIELD_JSON(calc_in, facts, REQUIRED, FACTS_TEXT_MAX, "自述情况：{事实代码: 值}，见可用事实清单"),
	FIELD_END
};

static const struct shape calc_shape[] = {
	{ .name = "on", .type = SHAPE_T_DAY, .help = "判断日期" },
	{ .name = "stated", .type = SHAPE_T_BOOL, .help = "仅按自述情况测算" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = calc_item_shape, .help = "逐项政策" },
	SHAPE_END
};

const struct route calculator_routes[] = {
	{ .name = "calculator_own", .method = METHOD_GET, .path = "/v1/subsidies/calculator",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER, .scope = SCOPE_CALLER,
	  .action = "subsidies.calculator.own", .query = INPUT(calc_query, calc_query_fields),
	  .reply = calc_shape, .handler = calculator_own, .limit = LIMIT_READ,
	  .zh = "政策计算器：我能享受什么", .en = "What the caller could get, by what is known" },
	{ .name = "calculator_stated", .method = METHOD_POST, .path = "/v1/subsidies/calculator",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.calculator.stated",
	  .body = INPUT(calc_in, calc_in_fields), .reply = calc_shape, .success = 200,
	  .handler = calculator_stated, .limit = LIMIT_READ, .key = KEY_NONE,
	  .zh = "政策计算器：按自述情况测算", .en = "What one could get, by facts that are only stated" },
	ROUTE_END
};

static int
calculator_own(struct call *c)
{
	const struct calc_query	*q = c->query;
	struct calc		*calc = arena_zalloc(c->arena, sizeof(*calc));

	calc->call = c;
	calc->on = q->on == DAY_NONE ? clock_today() : q->on;
	calc->policy_code = q->policy_code;
	calc->dossier = arena_zalloc(c->arena, sizeof(*calc->dossier));
	if (calc_load(calc) == -1)
		return (call_failed(c));
	return (calc_reply(calc));
}

/* Under the system role: what the facts are made of is not all the caller's to read. */
static int
calc_load(struct calc *calc)
{
	const struct principal	*p = calc->call->principal;
	struct dossier_want	 want = { .facts = ~(rule_mask)0, .subjects = UINT64_MAX,
	    .decisions = true };
	struct db_rows		 rows;
	struct db		 db;
	int			 rc = 0;
	char			 org[UUID_TEXT];

	db_init(&db, calc->call->arena, DB_SYSTEM);
	if (!p->has_org)
		rc = dossier_load_person(&db, &p->person, calc->dossier);
	else if ((rc = sql_calculator_staff(&db, &rows, &p->org, STAFF_MAX)) == 0)
		rc = dossier_load(&db, db_text(&rows, 0, "ids"),
		    arena_printf(db.arena, "{%s}", uuid_format(&p->org, org)), &want,
		    calc->dossier);
	db_rollback(&db);
	return (rc);
}

static int
calculator_stated(struct call *c)
{
	const struct calc_in	*in = c->body;
	struct calc		*calc = arena_zalloc(c->arena, sizeof(*calc));
	struct json_errors	 errors = { .count = 0 };

	calc->call = c;
	calc->on = in->on == DAY_NONE ? clock_today() : in->on;
	calc->policy_code = in->policy_code;
	if (!facts_state(c->arena, in->facts, "/facts", calc->stated, &errors))
		return (call_reject_fields(c, &errors));
	return (calc_reply(calc));
}

static int
calc_reply(struct calc *calc)
{
	struct call		*c = calc->call;
	const struct policy	*p;
	struct reply_out	 out;
	struct db_rows		 rows;
	struct uuid		 id;
	size_t			 i;

	if (sql_policies_begun(c->db, &rows, calc->on) == -1)
		return (call_failed(c));
	reply_open(&out);
	calc->out = &out.json;
	json_put_day(&out.json, "on", calc->on);
	json_put_bool(&out.json, "stated", calc->dossier == NULL);
	json_open_list(&out.json, "items");
	for (i = 0; i < rows.count; i++) {
		id = db_uuid(&rows, i, "id");
		if (policy_load(c->db, &id, &p) == -1) {
			buf_release(&out.buf);
			return (call_failed(c));
		}
		if (p != NULL && is_for(calc, p))
			calc_policy(calc, p, db_bool(&rows, i, "in_force"));
	}
	json_close_list(&out.json);
	return (reply_close(c, 200, &out));
}

/* An employer is shown what is paid to employers; a person, what is paid to persons. */
static bool
is_for(const struct calc *calc, const struct policy *p)
{
	bool	employer = strcmp(p->beneficiary, "employer") == 0;

	if (calc->policy_code != NULL && strcmp(calc->policy_code, p->code) != 0)
		return (false);
	return (calc->dossier == NULL || employer == calc->call->principal->has_org ||
	    strcmp(p->beneficiary, "referrer") == 0);
}

static void
calc_policy(struct calc *calc, const struct policy *p, bool in_force)
{
	size_t	i;

	if (calc->dossier == NULL) {
		if (in_force)
			calc_stated(calc, p);
		return;
	}
	memset(&calc->best, 0, sizeof(calc->best));
	calc->about = (struct calc_about){ .subject_kind = p->subject, .subject_on = DAY_NONE };
	for (i = 0; i < calc->dossier->npeople; i++)
		calc_subjects(calc, p, &calc->dossier->people[i], NULL);
	for (i = 0; i < calc->dossier->norgs && calc->call->principal->has_org; i++)
		calc_subjects(calc, p, NULL, &calc->dossier->orgs[i]);
	if (calc->best.verdict != NULL)
		calc_item(calc->out, calc->call->arena, p, &calc->best, &calc->about);
	else if (in_force)
		calc_blank(calc, p);
}

/* All things of a holder that the policy may judge; the best of them is kept. */
static void
calc_subjects(struct calc *calc, const struct policy *p, struct dossier_person *person,
    struct dossier_org *org)
{
	struct subject	*s, *list;
	size_t		 n, i;

	list = person != NULL ? dossier_subjects(calc->dossier, person, &n) :
	    dossier_org_subjects(calc->dossier, org, &n);
	for (i = 0; i < n; i++) {
		s = &list[i];
		if (s->kind == kind_of(p->subject) && s->day >= p->effective_from &&
		    (p->effective_to == DAY_NONE || s->day <= p->effective_to) && is_own(calc, s))
			calc_subject(calc, p, s);
	}
}

/* Of an employer's people only what they are to this employer. */
static bool
is_own(const struct calc *calc, const struct subject *s)
{
	char	org[UUID_TEXT];

	if (!calc->call->principal->has_org)
		return (true);
	return (s->org_id != NULL &&
	    strcmp(s->org_id, uuid_format(&calc->call->principal->org, org)) == 0);
}

static void
calc_subject(struct calc *calc, const struct policy *p, const struct subject *s)
{
	struct rule_value	*facts = arena_zalloc(calc->call->arena,
	    RULE_FACTS_MAX * sizeof(*facts));
	const struct policy_ask	*ask = policy_ask_of(p, calc->call->arena);
	struct judgement	 j;
	char			 period[PERIOD_TEXT];
	bool			 taken;

	facts_fill(calc->dossier, s, ask, facts);
	policy_weigh(p, facts, &j);
	taken = dossier_taken(calc->dossier, s, ask);
	if (strcmp(j.verdict, "eligible") == 0 && !taken)
		calc->about.eligible++;
	if (calc->best.verdict != NULL && !calc_better(&j, &calc->best))
		return;
	calc->best = j;
	period_text(ask->period, s->day, period);
	calc->about.subject_id = s->id;
	calc->about.subject_on = s->day;
	calc->about.period = arena_strdup(calc->call->arena, period);
	calc->about.taken = taken;
}

/* Of two answers the one that helps more; of equals the later subject. */
static bool
calc_better(const struct judgement *a, const struct judgement *b)
{
	static const char *const order[] = { "refused", "waiting", "eligible" };
	size_t			 i, ra = 0, rb = 0;

	for (i = 0; i < NITEMS(order); i++) {
		ra = strcmp(a->verdict, order[i]) == 0 ? i : ra;
		rb = strcmp(b->verdict, order[i]) == 0 ? i : rb;
	}
	return (ra >= rb);
}

/* Nothing of theirs yet that it could be about: what is known of them all the same. */
static void
calc_blank(struct calc *calc, const struct policy *p)
{
	struct rule_value	*facts = arena_zalloc(calc->call->arena,
	    RULE_FACTS_MAX * sizeof(*facts));
	struct subject		 nothing = { .kind = kind_of(p->subject), .day = calc->on };
	struct judgement	 j;

	if (calc->call->principal->has_org && calc->dossier->norgs > 0)
		nothing.org = calc->dossier->orgs;
	else if (!calc->call->principal->has_org && calc->dossier->npeople > 0)
		nothing.person = calc->dossier->people;
	facts_fill(calc->dossier, &nothing, policy_ask_of(p, calc->call->arena), facts);
	policy_weigh(p, facts, &j);
	calc_item(calc->out, calc->call->arena, p, &j, &calc->about);
}

static void
calc_stated(struct calc *calc, const struct policy *p)
{
	struct calc_about	about = { .subject_kind = p->subject, .subject_on = DAY_NONE };
	struct judgement	j;

	policy_weigh(p, calc->stated, &j);
	calc_item(calc->out, calc->call->arena, p, &j, &about);
}
