/*
 * difficulty_review.c -- 就业困难人员认定 in the officers' hands: 初审, 终审 by
 * another person, 年审, withdrawal.
 *
 * Invariant: who entered, who checked first and who decided are different
 * people; the statements and the table's constraint both say so.
 */
#include "jobs.h"
#include "jobs_sql.h"

struct review_in {
	const char	*decision;
	const char	*note;
};

struct check_in {
	const char	*note;
};

struct withdraw_in {
	const char	*reason;
	const char	*note;
};

static int	difficulty_first_review(struct call *);
static int	difficulty_recheck(struct call *);
static int	difficulty_withdraw(struct call *);
static bool	review_sound(struct call *);

static const char *const decisions[] = { "pass", "reject", NULL };
static const char *const reasons[] = { "by_person", "employed", "retired", "category_lost",
	"false_proof", "deceased", "other", NULL };

static const struct field review_fields[] = {
	FIELD_ENUM(review_in, decision, REQUIRED, decisions, "审核意见"),
	FIELD_TEXT(review_in, note, OPTIONAL, 2, 500, "说明；不予认定时必填"),
	FIELD_END
};

static const struct field check_fields[] = {
	FIELD_TEXT(check_in, note, OPTIONAL, 2, 500, "年审说明"),
	FIELD_END
};

static const struct field withdraw_fields[] = {
	FIELD_ENUM(withdraw_in, reason, REQUIRED, reasons, "退出原因"),
	FIELD_TEXT(withdraw_in, note, OPTIONAL, 2, 500, "说明"),
	FIELD_END
};

const struct route difficulty_review_routes[] = {
	{ .name = "difficulty_first_review", .method = METHOD_POST,
	  .path = "/v1/jobs/difficulty-applications/{id}/first-review",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "jobs.difficulty.first_review",
	  .body = INPUT(review_in, review_fields), .reply = difficulty_shape, .success = 200,
	  .handler = difficulty_first_review, .limit = LIMIT_WRITE,
	  .zh = "就业困难人员认定初审", .en = "First review of a recognition" },
	{ .name = "difficulty_recheck", .method = METHOD_POST,
	  .path = "/v1/jobs/difficulty-applications/{id}/recheck",
	  .callers = ROLE_RECHECK, .scope = SCOPE_AREA, .action = "jobs.difficulty.recheck",
	  .body = INPUT(review_in, review_fields), .reply = difficulty_shape, .success = 200,
	  .handler = difficulty_recheck, .emits = "jobs.difficulty.recognised.v1", .limit = LIMIT_WRITE,
	  .zh = "就业困难人员认定终审并发证", .en = "Decide, and issue the certificate" },
	{ .name = "difficulty_check", .method = METHOD_POST,
	  .path = "/v1/jobs/difficulty-applications/{id}/check",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "jobs.difficulty.check", .body = INPUT(check_in, check_fields),
	  .reply = difficulty_shape, .success = 200, .stmt = &stmt_difficulty_check,
	  .emits = "jobs.difficulty.recognised.v1", .limit = LIMIT_WRITE,
	  .zh = "就业困难人员年审", .en = "Yearly check: the certificate goes on" },
	{ .name = "difficulty_withdraw", .method = METHOD_POST,
	  .path = "/v1/jobs/difficulty-applications/{id}/withdraw",
	  .callers = ROLE_PERSON | ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_CALLER,
	  .action = "jobs.difficulty.withdraw", .body = INPUT(withdraw_in, withdraw_fields),
	  .reply = difficulty_shape, .success = 200, .handler = difficulty_withdraw,
	  .emits = "jobs.difficulty.withdrawn.v1", .limit = LIMIT_WRITE,
	  .zh = "退出就业困难人员认定", .en = "Withdraw an application or a certificate" },
	ROUTE_END
};

static int
difficulty_first_review(struct call *c)
{
	const struct review_in	*in = c->body;
	struct db_rows		 rows;

	if (!review_sound(c))
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_difficulty_first_review(c->db, &rows, &c->id, in->decision, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
difficulty_recheck(struct call *c)
{
	const struct review_in	*in = c->body;
	struct db_rows		 rows;

	if (!review_sound(c))
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_difficulty_recheck(c->db, &rows, &c->id, in->decision, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* A person gives up their own; an officer says why. */
static int
difficulty_withdraw(struct call *c)
{
	const struct withdraw_in	*in = c->body;
	const bool			 own = c->principal->has_person;
	struct db_rows			 rows;

	if (own != (strcmp(in->reason, "by_person") == 0))
		return (call_reject(c, ERR_FORBIDDEN, "/reason"));
	if (!own && in->note == NULL)
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_difficulty_withdraw(c->db, &rows, &c->id, in->reason, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Whoever turns somebody down says why. */
static bool
review_sound(struct call *c)
{
	const struct review_in	*in = c->body;

	return (in->note != NULL || strcmp(in->decision, "pass") == 0);
}
