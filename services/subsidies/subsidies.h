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

/* Whom policies pay: people, and organisations of any kind but agencies for others. */
#define ROLE_PAYEES	(ROLE_PERSON | ROLE_EMPLOYER | ROLE_INSTITUTION | ROLE_CARRIER)

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
extern const struct route	policy_draft_routes[];
/* subsidies: facts */
extern const struct route	fact_routes[];
extern const struct route	referral_routes[];
extern const struct route	broker_routes[];
/* subsidies: engine */
void	dry_run_work(void);	/* the periodic job */
extern const struct route	calculator_routes[];
extern const struct route	dry_run_routes[];
extern const struct route	candidate_routes[];
/* subsidies: claims */
extern const struct route	remind_routes[];
extern const struct route	apply_routes[];
extern const struct route	apply_accept_routes[];
extern const struct route	claim_make_routes[];
extern const struct route	claim_account_routes[];
/* subsidies: money */
extern const struct route	budget_line_routes[];
extern const struct route	budget_statement_routes[];
extern const struct route	budget_reserve_routes[];
extern const struct route	review_list_routes[];
extern const struct route	tie_routes[];
extern const struct route	delegate_routes[];
/* subsidies: payments */
extern const struct route	payment_shown_routes[];
extern const struct route	reconcile_routes[];
/* subsidies: recovery */
extern const struct route	recovery_routes[];
extern const struct route	recovery_answer_routes[];
extern const struct route	recovery_settle_routes[];
extern const struct route	topup_routes[];
void	recovery_clock(void);	/* the periodic job: reminds of what is late */
extern const struct route *const subsidies_routes[];
extern const struct consumer	subsidies_consumers[];

/* ---- judging (evaluate.c) ---- */
#define JUDGE_CHUNK	500

/*
 * Judges up to JUDGE_CHUNK of the holders that are due, in one transaction
 * of its own under the system role. `counties` is a text[] literal or NULL.
 * Returns how many were taken, -1 after a database error.
 */
int	evaluate_chunk(struct db *system, const char *counties) MUST_CHECK;
void	evaluate_due(void);	/* the periodic job */
void	evaluate_wake(void);	/* after each commit: at once, if somebody is due now */

/* ---- scans (scan_job.c) ---- */
void	scan_kick(void);	/* there is one to work off: at once */
void	scan_work(void);	/* the periodic job: what was left when a process ended */

/* ---- who brought whom (referral.c) ---- */
void	referrals_refresh(void);	/* the periodic job */

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
	bool		 tiered;	/* by the policy's tiers this may be the city's to decide */
	enum role	 role;		/* with it: the role the step is done in */
};

/*
 * Moves all of the claims or none. True: done. False: *said is what the
 * handler returns (the reply is made).
 */
bool	claims_move(struct call *, const struct claim_move *, int *said) MUST_CHECK;
/* Reads a JSON list of claim ids (1..500, no repeats) into `ids` and `count`. */
bool	claims_read(struct call *, const char *json, struct claim_move *, int *said) MUST_CHECK;

/*
 * After a statement that a database rule refused: a tie is written down for
 * the supervisors and refused by its kind; anything else is call_failed().
 * `ids`: uuid[] literal of the claims concerned.
 */
int	claims_refused(struct call *, const char *ids) MUST_CHECK;
/* The same of the claims an objection is about. */
int	objection_refused(struct call *, const struct uuid *objection) MUST_CHECK;
void	reservations_expire(void);	/* the periodic job (budget_reserve.c) */

/* "{431102,431129}": the counties of the caller for this row, or the one asked for. */
const char *caller_counties(struct call *, const char *county);

#endif
