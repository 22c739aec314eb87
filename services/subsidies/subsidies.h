/*
 * subsidies.h -- the service of policies and money: its route tables and what
 * its files share. Rules are in rule.h, policies in policy.h, CSV in base/csv.h.
 */
#ifndef SUBSIDIES_H
#define SUBSIDIES_H

#include "events/events.h"
#include "http/call.h"

/* Officers who see rows about persons; statisticians and treasurers do not. */
#define ROLE_CASE_OFFICERS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | \
				 ROLE_APPROVE | ROLE_FINANCE | ROLE_AUDIT)

extern const struct route	policy_routes[];
extern const struct route	import_routes[];
extern const struct route	scan_routes[];
extern const struct route	decision_routes[];
extern const struct route	claim_routes[];
extern const struct route	review_routes[];
extern const struct route	notice_routes[];
extern const struct route	objection_routes[];
extern const struct route	payment_routes[];
extern const struct route	budget_routes[];
/* subsidies: policies */
/* subsidies: facts */
/* subsidies: engine */
/* subsidies: claims */
extern const struct route	remind_routes[];
extern const struct route	apply_routes[];
extern const struct route	apply_accept_routes[];
extern const struct route	claim_make_routes[];
extern const struct route	claim_account_routes[];
/* subsidies: money */
/* subsidies: payments */
/* subsidies: recovery */
/* subsidies: rounds */
extern const struct route *const subsidies_routes[];
extern const struct consumer	subsidies_consumers[];

/* ---- judging (evaluate.c) ---- */
#define JUDGE_CHUNK	500

/*
 * Judges up to JUDGE_CHUNK of the employments that are due, in one transaction
 * of its own under the system role. `counties` is a text[] literal or NULL.
 * Returns how many were taken, -1 after a database error.
 */
int	evaluate_chunk(struct db *system, const char *counties) MUST_CHECK;
void	evaluate_due(void);	/* the periodic job */

/* ---- moving claims (claim_move.c) ---- */
struct claim_move {
	const char	*ids;		/* uuid[] literal */
	int64_t		 count;		/* how many that is */
	const char	*from;		/* text[] literal of states */
	const char	*to;
	const char	*step;
	const char	*hand;		/* which of the hands this is; NULL: none */
	const char	*funds;		/* account the money goes to; NULL: stays */
	const char	*note;
};

/*
 * Moves all of the claims or none. True: done. False: *said is what the
 * handler returns (the reply is made).
 */
bool	claims_move(struct call *, const struct claim_move *, int *said) MUST_CHECK;
/* Reads a JSON list of claim ids (1..500, no repeats) into `ids` and `count`. */
bool	claims_read(struct call *, const char *json, struct claim_move *, int *said) MUST_CHECK;

/* "{431102,431129}": the counties of the caller for this row, or the one asked for. */
const char *caller_counties(struct call *, const char *county);

/* ---- small replies written by hand (reply.c) ---- */
struct reply_out {
	struct buf	buf;
	struct json_out	json;
};

void	reply_open(struct reply_out *);			/* an object is open */
int	reply_close(struct call *, int status, struct reply_out *);	/* what the handler returns */

#endif
