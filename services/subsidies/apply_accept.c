/*
 * apply_accept.c -- 申请, the desk's part: ask for more, refuse, accept; and
 * what becomes of what was accepted.
 *
 * Invariant: accepting is one of the hands, and makes the fact that is judged;
 * nobody grants an application but the rules. One that the money is missing
 * for waits, and is tried again.
 */
#include "apply.h"

#include "base/log.h"
#include "claim_account.h"
#include "codes/codes.h"
#include "subsidies_sql.h"

#define JUDGED_MAX	50

struct ask_in {
	const char	*reason;
	int32_t		 answer_by;
};

struct accept_in {
	const char	*evidence;
	int32_t		 from_on, to_on;
	const char	*code;
	const char	*numbers;
	const char	*uscc;
	const char	*note;
};

static int	apply_ask(struct call *);
static int	apply_refuse(struct call *);
static int	apply_accept(struct call *);
static bool	accept_facts(struct call *, const struct accept_in *, int *);
static bool	accept_evidence(struct call *, const char *, int *);
static bool	at_desk(struct call *, int *);
static int	failed(struct call *);
static int	settle(struct arena *, const struct db_rows *, size_t);
static int	grant(struct db *, const struct uuid *, const struct uuid *, const char **);
static int	set_aside(struct arena *, const struct uuid *, const char *);

static const struct field ask_in_fields[] = {
	FIELD_TEXT(ask_in, reason, REQUIRED, 2, 500, "需补正的内容"),
	FIELD_DAY(ask_in, answer_by, REQUIRED, "补正期限"),
	FIELD_END
};

static const struct field refuse_in_fields[] = {
	FIELD_TEXT(ask_in, reason, REQUIRED, 2, 500, "不予受理的原因"),
	FIELD_END
};

static const struct field accept_in_fields[] = {
	FIELD_JSON(accept_in, evidence, REQUIRED, 16384, "逐项审看结果：[{code, accepted, note}]"),
	FIELD_DAY(accept_in, from_on, OPTIONAL, "核定的事实起始日；不给则如申请所述"),
	FIELD_DAY(accept_in, to_on, OPTIONAL, "核定的事实终止日"),
	FIELD_TEXT(accept_in, code, OPTIONAL, 1, 40, "核定的代码"),
	FIELD_JSON(accept_in, numbers, OPTIONAL, 512, "核定的数值"),
	FIELD_CHECK(accept_in, uscc, OPTIONAL, check_uscc, "核定的所在单位"),
	FIELD_TEXT(accept_in, note, OPTIONAL, 1, 500, "说明"),
	FIELD_END
};

const struct route apply_accept_routes[] = {
	{ .name = "apply_ask", .method = METHOD_POST, .path = "/v1/subsidies/applications/{id}/ask",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "subsidies.application.ask",
	  .body = INPUT(ask_in, ask_in_fields), .reply = application_full_shape, .success = 200,
	  .handler = apply_ask, .limit = LIMIT_WRITE,
	  .zh = "要求补正材料", .en = "Ask for more evidence" },
	{ .name = "apply_refuse", .method = METHOD_POST,
	  .path = "/v1/subsidies/applications/{id}/refuse",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "subsidies.application.refuse",
	  .body = INPUT(ask_in, refuse_in_fields), .reply = application_full_shape, .success = 200,
	  .handler = apply_refuse, .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .key = KEY_REQUIRED, .zh = "不予受理", .en = "Refuse an application" },
	{ .name = "apply_accept", .method = METHOD_POST,
	  .path = "/v1/subsidies/applications/{id}/accept",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "subsidies.application.accept",
	  .body = INPUT(accept_in, accept_in_fields), .reply = application_full_shape, .success = 200,
	  .handler = apply_accept, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "受理：材料成为可判断的事实", .en = "Accept: the evidence becomes a fact" },
	ROUTE_END
};

static int
apply_ask(struct call *c)
{
	const struct ask_in	*in = c->body;
	int			 said;

	if (in->answer_by <= clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/answer_by"));
	if (!at_desk(c, &said))
		return (said);
	if (sql_apply_ask(c->db, NULL, &c->id, in->reason, in->answer_by) == -1)
		return (failed(c));
	return (application_reply(c, 200));
}

static int
apply_refuse(struct call *c)
{
	const struct ask_in	*in = c->body;
	struct claim_move	 m = { .ids = claim_one(c), .count = 1, .from = "{applied}",
	    .to = "rejected", .step = "refuse", .hand = "create", .note = in->reason };
	int			 said;

	if (!at_desk(c, &said))
		return (said);
	if (sql_apply_refuse(c->db, NULL, &c->id, in->reason) == -1)
		return (call_failed(c));
	if (!claims_move(c, &m, &said))
		return (said);
	if (sql_application_told(c->db, NULL, &c->id, "application_refused", "补贴申请不予受理",
	    in->reason) == -1)
		return (call_failed(c));
	return (application_reply(c, 200));
}

static int
apply_accept(struct call *c)
{
	const struct accept_in	*in = c->body;
	struct db_rows		 rows;
	int			 said;

	if (!at_desk(c, &said) || !accept_evidence(c, in->evidence, &said) ||
	    !accept_facts(c, in, &said))
		return (said);
	if (sql_apply_accept(c->db, &rows, &c->id) == -1)
		return (failed(c));
	return (application_reply(c, 200));
}

/* What the clerk found, where it differs from what was said. */
static bool
accept_facts(struct call *c, const struct accept_in *in, int *said)
{
	const char	*numbers;

	if (!numbers_read(c, in->numbers, &numbers, said))
		return (false);
	if (in->from_on != DAY_NONE && in->from_on > clock_today())
		*said = call_reject(c, ERR_F_DATE_FUTURE, "/from_on");
	else if (sql_apply_amend(c->db, NULL, &c->id, in->from_on, in->to_on, in->code, numbers,
	    in->uscc, in->note) == -1)
		*said = c->db->error == DB_CHECK ? call_reject(c, ERR_F_DATE_ORDER, "/to_on") :
		    call_failed(c);
	else
		return (true);
	return (false);
}

/* Each named piece exists; each needed one is accepted, now or before. */
static bool
accept_evidence(struct call *c, const char *json, int *said)
{
	const struct json	*list = json_parse(c->arena, json, strlen(json)), *e;
	struct db_rows		 rows;
	size_t			 i;

	for (i = 0; json_is_array(list) && i < json_count(list); i++) {
		e = json_at(list, i);
		if (json_string(json_get(e, "code")) != NULL && json_is_bool(json_get(e, "accepted")))
			continue;
		*said = call_reject(c, ERR_F_FORMAT, arena_printf(c->arena, "/evidence/%zu", i));
		return (false);
	}
	if (!json_is_array(list))
		*said = call_reject(c, ERR_F_TYPE, "/evidence");
	else if (sql_application_look(c->db, &rows, &c->id, json) == -1)
		*said = call_failed(c);
	else if (!db_bool(&rows, 0, "known"))
		*said = call_reject(c, ERR_F_CHOICE, "/evidence");
	else if (sql_application_lacks(c->db, &rows, &c->id) == -1)
		*said = call_failed(c);
	else if (rows.count > 0)
		*said = call_reject(c, ERR_SUBSIDIES_EVIDENCE,
		    arena_printf(c->arena, "/evidence/%s", db_text(&rows, 0, "code")));
	else
		return (true);
	return (false);
}

/* Submitted and of the caller's area, locked. False: *said. */
static bool
at_desk(struct call *c, int *said)
{
	struct db_rows	rows;

	if (sql_application_before(c->db, &rows, &c->id) == -1)
		*said = call_failed(c);
	else if (rows.count == 0)
		*said = call_reject(c, ERR_NOT_FOUND, NULL);
	else if (strcmp(db_text(&rows, 0, "state"), "submitted") != 0)
		*said = call_reject(c, ERR_STATE, NULL);
	else
		return (true);
	return (false);
}

/* The clerk who filled it in with the applicant does not accept it as well. */
static int
failed(struct call *c)
{
	if (c->db->error == DB_FOREIGN && c->db->constraint != NULL &&
	    strcmp(c->db->constraint, "claim_step_hands_fkey") == 0)
		return (call_reject(c, ERR_SUBSIDIES_HANDS, NULL));
	return (call_failed(c));
}

/* ---- what the rules say of it ---- */

void
apply_judged(void)
{
	struct arena	a;
	struct db	db;
	struct db_rows	rows;
	size_t		i;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_applications_judged(&db, &rows, JUDGED_MAX) == -1)
		log_warn("applications were not looked at; they will be next time");
	else {
		db_rollback(&db);
		for (i = 0; i < rows.count; i++)
			if (settle(&a, &rows, i) == -1)
				log_warn("an application does not go on; it is tried again");
	}
	db_rollback(&db);
	arena_release(&a);
}

/* One application, one transaction. */
static int
settle(struct arena *a, const struct db_rows *rows, size_t i)
{
	struct uuid	 id = db_uuid(rows, i, "id"), decision = db_uuid(rows, i, "decision_id");
	const char	*verdict = db_text(rows, i, "verdict"), *why = db_text(rows, i, "why"), *wait = NULL;
	struct db_rows	 moved;
	struct db	 db;
	int		 rc = 0;

	db_init(&db, a, DB_SYSTEM);
	if (strcmp(verdict, "eligible") == 0)
		rc = grant(&db, &id, &decision, &wait);
	else if (strcmp(verdict, "refused") == 0) {
		if (sql_apply_refuse(&db, NULL, &id, why) == -1 ||
		    sql_claims_move(&db, &moved, arena_printf(a, "{%s}", db_text(rows, i, "id")),
		    "{applied}", "rejected", "judge", NULL, NULL, why, true) == -1 ||
		    sql_application_told(&db, NULL, &id, "application_refused", "补贴申请不符合条件",
		    why) == -1)
			rc = -1;
	} else
		wait = why != NULL ? why : "尚待核实";
	if (rc == 0 && wait == NULL)
		return (db_commit(&db));
	db_rollback(&db);
	return (set_aside(a, &id, wait != NULL ? wait : "预算余额不足"));
}

/* The claim as decided, with its money; *wait: what it waits for. */
static int
grant(struct db *db, const struct uuid *id, const struct uuid *decision, const char **wait)
{
	char		text[UUID_TEXT];
	struct db_rows	rows;

	if (sql_application_decide(db, &rows, id, decision) == -1)
		return (-1);
	if (rows.count == 0 || !db_bool(&rows, 0, "priced"))
		*wait = "补贴标准未设定";
	else if (!db_bool(&rows, 0, "funded"))
		*wait = "预算未下达";
	if (*wait != NULL)
		return (0);
	if (sql_claims_move(db, &rows, arena_printf(db->arena, "{%s}", uuid_format(id, text)),
	    "{applied}", "confirmed", "judge", NULL, "reserved", NULL, true) == -1)
		return (-1);
	return (db_int(&rows, 0, "moved") == 1 ? 0 : -1);
}

static int
set_aside(struct arena *a, const struct uuid *id, const char *reason)
{
	struct db	db;
	int		rc;

	db_init(&db, a, DB_SYSTEM);
	rc = sql_application_tried(&db, NULL, id, reason) == -1 || db_commit(&db) == -1 ? -1 : 0;
	db_rollback(&db);
	return (rc);
}
