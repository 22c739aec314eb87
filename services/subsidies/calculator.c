/*
 * calculator.c -- 政策计算器: "what could I get?". For a person or an employer
 * that is signed in, from all that is known of them; for anybody, from what
 * they state, which is neither kept nor believed.
 *
 * Invariant: the answer is policy_weigh()'s, as in a decision; it changes
 * nothing and promises nothing.
 */
#include "calculator.h"

#include "active.h"
#include "http/reply_out.h"
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

/* The best answer so far by one policy. */
struct calc_best {
	const struct policy	*policy;
	struct judgement	 judgement;	/* verdict NULL: none yet */
	struct calc_about	 about;
};

struct calc {
	struct call		*call;
	struct dossier		 dossier;
	struct active_set	 set;
	struct calc_best	*best;		/* one for each of the set */
	int32_t			 on;
};

static int	calculator_own(struct call *);
static int	calculator_stated(struct call *);
static int	calc_load(struct calc *, const char *);
static void	calc_note(void *, const struct judged *);
static void	calc_blank(struct calc *, const struct active *, struct calc_best *);
static bool	calc_better(const struct judgement *, const struct judgement *);
static bool	is_for(const struct call *, const struct active *);
static bool	is_own(const struct call *, const struct subject *);
static bool	is_newest(const struct active_set *, size_t, int32_t);

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
	struct calc_best	*best;
	struct reply_out	 out;
	size_t			 i;

	calc->call = c;
	calc->on = q->on == DAY_NONE ? clock_today() : q->on;
	if (calc_load(calc, q->policy_code) == -1)
		return (call_failed(c));
	calc->best = arena_zalloc(c->arena, (calc->set.count + 1) * sizeof(*calc->best));
	judge_people(&calc->dossier, &calc->set, calc_note, calc);
	if (c->principal->has_org)
		judge_orgs(&calc->dossier, &calc->set, calc_note, calc);
	reply_open(&out);
	json_put_day(&out.json, "on", calc->on);
	json_put_bool(&out.json, "stated", false);
	json_open_list(&out.json, "items");
	for (i = 0; i < calc->set.count; i++) {
		best = &calc->best[i];
		if (best->judgement.verdict == NULL && is_newest(&calc->set, i, calc->on) &&
		    is_for(c, &calc->set.list[i]))
			calc_blank(calc, &calc->set.list[i], best);
		if (best->judgement.verdict != NULL)
			calc_item(&out.json, c->arena, best->policy, &best->judgement, &best->about);
	}
	json_close_list(&out.json);
	return (reply_close(c, 200, &out));
}

/* Under the system role: what the facts are made of is not all the caller's to read. */
static int
calc_load(struct calc *calc, const char *code)
{
	const struct principal	*p = calc->call->principal;
	struct dossier_want	 want = { .facts = ~(rule_mask)0, .subjects = UINT64_MAX,
	    .decisions = true };
	struct db_rows		 rows;
	struct db		 db;
	int			 rc;
	char			 org[UUID_TEXT];

	db_init(&db, calc->call->arena, DB_SYSTEM);
	if ((rc = active_load(&db, code, &calc->set)) == -1)
		;
	else if (!p->has_org)
		rc = dossier_load_person(&db, &p->person, &calc->dossier);
	else if ((rc = sql_calculator_staff(&db, &rows, &p->org, STAFF_MAX)) == 0)
		rc = dossier_load(&db, db_text(&rows, 0, "ids"),
		    arena_printf(db.arena, "{%s}", uuid_format(&p->org, org)), &want,
		    &calc->dossier);
	db_rollback(&db);
	return (rc);
}

/* Keeps what helps most; how many things qualify is counted. */
static void
calc_note(void *arg, const struct judged *j)
{
	struct calc		*calc = arg;
	struct arena		*arena = calc->call->arena;
	struct calc_best	*best = &calc->best[j->active - calc->set.list];
	struct rule_value	*facts;
	struct judgement	 judgement;
	char			 period[PERIOD_TEXT];

	if (!is_for(calc->call, j->active) || !is_own(calc->call, j->subject))
		return;
	policy_weigh(j->active->policy, j->facts, &judgement);
	best->about.eligible += strcmp(judgement.verdict, "eligible") == 0 && j->claim == NULL;
	if (best->judgement.verdict != NULL && !calc_better(&judgement, &best->judgement))
		return;
	facts = arena_alloc(arena, RULE_FACTS_MAX * sizeof(*facts));
	memcpy(facts, j->facts, RULE_FACTS_MAX * sizeof(*facts));
	period_text(j->active->ask.period, j->subject->day, period);
	best->policy = j->active->policy;
	best->judgement = judgement;
	best->judgement.facts = facts;
	best->about.subject_id = j->subject->id;
	best->about.subject_on = j->subject->day;
	best->about.period = arena_strdup(arena, period);
	best->about.taken = j->claim != NULL;
	best->about.sees_person = !calc->call->principal->has_org;
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
calc_blank(struct calc *calc, const struct active *a, struct calc_best *best)
{
	struct rule_value	*facts = arena_zalloc(calc->call->arena,
	    RULE_FACTS_MAX * sizeof(*facts));
	struct subject		 nothing = { .kind = a->subject, .day = calc->on };

	if (calc->call->principal->has_org && calc->dossier.norgs > 0)
		nothing.org = calc->dossier.orgs;
	else if (!calc->call->principal->has_org && calc->dossier.npeople > 0)
		nothing.person = calc->dossier.people;
	facts_fill(&calc->dossier, &nothing, &a->ask, facts);
	policy_weigh(a->policy, facts, &best->judgement);
	best->policy = a->policy;
	best->about.subject_on = DAY_NONE;
	best->about.sees_person = true;
}

/* An employer is shown what is paid to employers; a person, what is paid to persons. */
static bool
is_for(const struct call *c, const struct active *a)
{
	return (a->payee == PAYEE_REFERRER ||
	    (a->payee == PAYEE_EMPLOYER) == c->principal->has_org);
}

/* Of an employer's people only what they are to this employer. */
static bool
is_own(const struct call *c, const struct subject *s)
{
	char	org[UUID_TEXT];

	return (!c->principal->has_org || (s->org_id != NULL &&
	    strcmp(s->org_id, uuid_format(&c->principal->org, org)) == 0));
}

/* The newest version of its code in force on the day; versions stand newest first. */
static bool
is_newest(const struct active_set *set, size_t i, int32_t on)
{
	const struct active	*a = &set->list[i], *other;

	if (on < a->since || on > a->until)
		return (false);
	for (other = set->list; other < a; other++) {
		if (strcmp(other->code, a->code) == 0 && on >= other->since && on <= other->until)
			return (false);
	}
	return (true);
}

/* Neither kept nor believed: only weighed. */
static int
calculator_stated(struct call *c)
{
	const struct calc_in	*in = c->body;
	struct rule_value	*facts = arena_zalloc(c->arena, RULE_FACTS_MAX * sizeof(*facts));
	struct calc_about	 about = { .subject_on = DAY_NONE, .sees_person = true };
	struct json_errors	 errors = { .count = 0 };
	int32_t			 on = in->on == DAY_NONE ? clock_today() : in->on;
	struct active_set	 set;
	struct judgement	 j;
	struct reply_out	 out;
	size_t			 i;

	if (!facts_state(c->arena, in->facts, "/facts", facts, &errors))
		return (call_reject_fields(c, &errors));
	if (active_load(c->db, in->policy_code, &set) == -1)
		return (call_failed(c));
	reply_open(&out);
	json_put_day(&out.json, "on", on);
	json_put_bool(&out.json, "stated", true);
	json_open_list(&out.json, "items");
	for (i = 0; i < set.count; i++) {
		if (!is_newest(&set, i, on))
			continue;
		policy_weigh(set.list[i].policy, facts, &j);
		calc_item(&out.json, c->arena, set.list[i].policy, &j, &about);
	}
	json_close_list(&out.json);
	return (reply_close(c, 200, &out));
}
