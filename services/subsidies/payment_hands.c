/*
 * payment_hands.c -- a batch on its way to the bank: released by 财政, signed
 * by two of 财务, sent; or taken back.
 *
 * Invariant: what is sent is byte for byte what both signed. Who releases or
 * signs is a hand of every claim in the batch and can be no other one: the
 * database refuses it (claim_step_hands_fkey), whoever asks.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "conf/conf.h"
#include "payment.h"
#include "subsidies_sql.h"

static int	hand_failed(struct call *, const char *);
static int	reply_moved(struct call *, const struct db_rows *);
static bool	text_of(struct call *, struct payment_text *, int *);

int
payment_batch_release(struct call *c)
{
	const struct release_in	*in = c->body;
	struct db_rows		 claims, rows;

	if (sql_batch_claims(c->db, &claims, &c->id) == -1)
		return (call_failed(c));
	if (sql_batch_release(c->db, &rows, &c->id, in->release_no) == -1)
		return (hand_failed(c, db_text(&claims, 0, "ids")));
	return (reply_moved(c, &rows));
}

int
payment_batch_sign(struct call *c)
{
	struct payment_text	text;
	struct db_rows		claims, rows;
	int			said;

	if (!text_of(c, &text, &said))
		return (said);
	if (sql_batch_claims(c->db, &claims, &c->id) == -1)
		return (call_failed(c));
	if (sql_batch_sign(c->db, &rows, &c->id, text.sm3) == -1)
		return (hand_failed(c, db_text(&claims, 0, "ids")));
	return (reply_moved(c, &rows));
}

int
payment_batch_send(struct call *c)
{
	struct payment_text	text;
	struct db_rows		hold, rows;
	const char		*signed_;
	int			said;

	if (sql_batch_hold(c->db, &hold, &c->id) == -1)
		return (call_failed(c));
	if (!text_of(c, &text, &said))
		return (said);
	signed_ = db_text(&hold, 0, "file_sm3");
	if (signed_ != NULL && strcmp(signed_, text.sm3) != 0)
		return (call_reject(c, ERR_SUBSIDIES_SIGNATURES, NULL));
	if (sql_batch_send(c->db, &rows, &c->id, day_add_working(clock_today(),
	    (int)conf_int(CONF_BANK_ANSWER_DAYS))) == -1)
		return (call_failed(c));
	return (reply_moved(c, &rows));
}

int
payment_batch_take_back(struct call *c)
{
	const struct take_back_in	*in = c->body;
	struct claim_move		 m = { .from = "{batched}", .to = "payable",
	    .step = "take_back", .note = in->reason };
	struct db_rows			 rows;
	int				 said;

	if (sql_batch_take_back(c->db, &rows, &c->id, in->reason) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (reply_moved(c, &rows));
	m.ids = db_text(&rows, 0, "ids");
	m.count = db_int(&rows, 0, "count");
	if (!claims_move(c, &m, &said))
		return (said);
	return (call_reply_row(c, 200, &rows));
}

/* Nothing moved: there is no such batch, or it is not its turn. */
static int
reply_moved(struct call *c, const struct db_rows *rows)
{
	struct db_rows	hold;

	if (rows->count > 0)
		return (call_reply_row(c, 200, rows));
	if (sql_batch_hold(c->db, &hold, &c->id) == -1)
		return (call_failed(c));
	return (call_reject(c, hold.count == 0 ? ERR_NOT_FOUND : ERR_STATE, NULL));
}

static int
hand_failed(struct call *c, const char *ids)
{
	const char	*constraint = c->db->constraint != NULL ? c->db->constraint : "";

	if (strcmp(constraint, "claim_step_hands_fkey") == 0 ||
	    strcmp(constraint, "payment_signature_actor_key") == 0 ||
	    strcmp(constraint, "payment_batch_releaser_check") == 0)
		return (call_reject(c, ERR_SUBSIDIES_HANDS, NULL));
	if (strcmp(constraint, "payment_batch_release_key") == 0)
		return (call_reject(c, ERR_EXISTS, "/release_no"));
	return (claims_refused(c, ids));
}

static bool
text_of(struct call *c, struct payment_text *text, int *said)
{
	int	rc = payment_text_make(c->db, &c->id, false, text);

	if (rc == 1)
		return (true);
	*said = rc == 0 ? call_reject(c, ERR_NOT_FOUND, NULL) : c->db->error != DB_OK ?
	    call_failed(c) : call_reject(c, ERR_INTERNAL, NULL);
	return (false);
}
