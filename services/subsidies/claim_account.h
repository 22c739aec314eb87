/*
 * claim_account.h -- the account a claim is paid to, and the small things that
 * the files about claims share.
 *
 * Accounts are sealed before they reach the database, and known again by their
 * blind index. A person's account must be in the name we know of that person,
 * as far as we know it: its first character.
 */
#ifndef SUBSIDIES_CLAIM_ACCOUNT_H
#define SUBSIDIES_CLAIM_ACCOUNT_H

#include "subsidies.h"

struct account_in {
	const char	*account_no;
	const char	*account_name;
};

extern const struct field	account_in_fields[];
extern const struct shape	claim_full_shape[];

/*
 * Puts the account on those of the claims of `m` that are the caller's and in
 * one of the states `from`; others are left to claims_move to refuse. False:
 * *said is what the handler returns (name, amount or budget is in the way).
 */
bool	account_put(struct call *, const struct claim_move *m, const char *from,
	    const char *account_no, const char *account_name, int *said) MUST_CHECK;
/* The same for a claim that has no amount yet. */
bool	account_note(struct call *, const struct claim_move *m, const char *from,
	    const struct account_in *, int *said) MUST_CHECK;

/* The caller's own claim of the path, locked: columns of claim_mine. False: *said. */
bool	claim_own(struct call *, struct db_rows *, int *said) MUST_CHECK;
const char *claim_one(struct call *);		/* "{<path id>}" */
int	claim_reply(struct call *, int status);	/* the claim of the path, whole */

#endif
