/*
 * claim_account.c -- the account of a claim: given, or changed.
 *
 * Invariant: an account that changes before the money is on its way takes the
 * claim back to the beginning: every hand looks at it again, and whoever gave
 * the former account is told. After the bank returned the money only the
 * payment is made again.
 */
#include "claim_account.h"

#include "codes/codes.h"
#include "crypt/crypt.h"
#include "subsidies_sql.h"

static int	claim_account(struct call *);
static int	account_correct(struct call *, const struct account_in *);
static int	account_change(struct call *, const struct account_in *, const struct db_rows *);
static bool	account_set(struct call *, const struct claim_move *, const char *,
		    const struct account_in *, struct db_rows *, int *);

const struct field account_in_fields[] = {
	FIELD_CHECK(account_in, account_no, REQUIRED, check_account, "收款账号"),
	FIELD_TEXT(account_in, account_name, REQUIRED, 2, 80, "账户名称"),
	FIELD_END
};

const struct route claim_account_routes[] = {
	{ .name = "claim_account", .method = METHOD_POST, .path = "/v1/subsidies/claims/{id}/account",
	  .callers = ROLE_PAYEES, .scope = SCOPE_CALLER, .right = RIGHT_ACCOUNT,
	  .action = "subsidies.claim.confirm",
	  .body = INPUT(account_in, account_in_fields), .reply = claim_full_shape, .success = 200,
	  .handler = claim_account, .emits = "subsidies.claim.moved.v1 subsidies.text.asked.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "变更收款账户（付款前变更须重新审核），或退票后更正",
	  .en = "Change the account, or correct it after a returned payment" },
	ROUTE_END
};

static int
claim_account(struct call *c)
{
	const struct account_in	*in = c->body;
	struct db_rows		 mine;
	int			 said;

	if (!claim_own(c, &mine, &said))
		return (said);
	if (strcmp(db_text(&mine, 0, "state"), "returned") == 0)
		return (account_correct(c, in));
	return (account_change(c, in, &mine));
}

/* The money is still committed: the claim waits for the next batch. */
static int
account_correct(struct call *c, const struct account_in *in)
{
	struct claim_move	 m = { .ids = claim_one(c), .count = 1, .from = "{returned}",
	    .to = "payable", .step = "correct_account", .hand = "confirm" };
	int			 said;

	if (!account_put(c, &m, m.from, in->account_no, in->account_name, &said) ||
	    !claims_move(c, &m, &said))
		return (said);
	return (claim_reply(c, 200));
}

/* The same account again is no change. An objection is heard first: its line stays the claim's. */
static int
account_change(struct call *c, const struct account_in *in, const struct db_rows *mine)
{
	struct claim_move	 m = { .ids = claim_one(c), .count = 1,
	    .from = "{confirmed,first_reviewed,rechecked,approved,public,payable}",
	    .to = "confirmed", .step = "change_account", .hand = "confirm", .funds = "reserved",
	    .note = "收款账户变更，须重新审核" };
	struct uuid		 former = db_uuid(mine, 0, "contact_id");
	int			 said;

	if (!db_null(mine, 0, "account_index") && strcmp(db_text(mine, 0, "account_index"),
	    blind_index(c->arena, "account", in->account_no)) == 0 &&
	    strcmp(db_text(mine, 0, "account_name"), in->account_name) == 0)
		return (call_reject(c, ERR_STATE, NULL));
	if (db_bool(mine, 0, "contested"))
		return (call_reject(c, ERR_SUBSIDIES_CONTESTED, NULL));
	if (!account_put(c, &m, m.from, in->account_no, in->account_name, &said) ||
	    !claims_move(c, &m, &said))
		return (said);
	if (sql_claim_account_told(c->db, NULL, &c->id,
	    db_null(mine, 0, "contact_id") ? NULL : &former, db_text(mine, 0, "title")) == -1)
		return (call_failed(c));
	return (claim_reply(c, 200));
}

bool
account_put(struct call *c, const struct claim_move *m, const char *from, const char *account_no,
    const char *account_name, int *said)
{
	const struct account_in	in = { account_no, account_name };
	struct db_rows		rows;

	if (!account_set(c, m, from, &in, &rows, said))
		return (false);
	if (!db_bool(&rows, 0, "priced"))
		*said = call_reject(c, ERR_SUBSIDIES_UNSET, NULL);
	else if (!db_bool(&rows, 0, "funded"))
		*said = call_reject(c, ERR_SUBSIDIES_BUDGET, NULL);
	else
		return (true);
	return (false);
}

bool
account_note(struct call *c, const struct claim_move *m, const char *from,
    const struct account_in *in, int *said)
{
	struct db_rows	rows;

	return (account_set(c, m, from, in, &rows, said));
}

static bool
account_set(struct call *c, const struct claim_move *m, const char *from,
    const struct account_in *in, struct db_rows *rows, int *said)
{
	if (sql_claims_account(c->db, rows, m->ids, from,
	    field_seal(c->arena, "claim.account", in->account_no),
	    mask_account(c->arena, in->account_no), in->account_name,
	    blind_index(c->arena, "account", in->account_no),
	    mask_name(c->arena, in->account_name)) == -1)
		*said = call_failed(c);
	else if (!db_bool(rows, 0, "fits"))
		*said = call_reject(c, ERR_SUBSIDIES_ACCOUNT, "/account_name");
	else
		return (true);
	return (false);
}

bool
claim_own(struct call *c, struct db_rows *mine, int *said)
{
	if (sql_claim_mine(c->db, mine, &c->id) == -1)
		*said = call_failed(c);
	else if (mine->count == 0)
		*said = call_reject(c, ERR_NOT_FOUND, NULL);
	else
		return (true);
	return (false);
}
