/*
 * policy.h -- policy versions in memory, and a decision's judgement.
 *
 * A published version never changes, so each process compiles it once and
 * keeps it. policy_weigh() is the only way from facts to a verdict and an
 * amount, policy_results() the only way from there to the text that is kept:
 * scanning, deciding, replaying and explaining go through both, and for the
 * same version and the same facts they write the same bytes.
 */
#ifndef SUBSIDIES_POLICY_H
#define SUBSIDIES_POLICY_H

#include "base/clock.h"
#include "db/db.h"
#include "facts.h"

#define POLICY_STEPS	3	/* first_review, recheck, approve: the hands of a claim */
#define POLICY_TIERS	4

/* Who signs a step: of the county or the city, by what the claim is worth. */
struct policy_tier {
	int64_t		 up_to_cents;	/* included; -1: any amount. Ascending, the last is -1 */
	bool		 city;
};

struct policy_step {
	const char		*step;
	struct policy_tier	 tiers[POLICY_TIERS];
	size_t			 ntiers;	/* at least one */
};

/* A share of a family that a claim takes of its holder (044_widen_claims.sql). */
struct policy_hold {
	const char	*family;
	const char	*holder;	/* person, org, subject */
	const char	*over;		/* ever, period, year */
	int64_t		 times;
};

/* Papers asked of the claimant where data cannot tell. */
struct policy_evidence {
	const char	*code, *title;
	bool		 always;	/* false: only while one of its conditions is unknown */
	const char	*const *conditions;	/* codes of conditions it proves */
	size_t		 nconditions;
};

struct policy {
	struct uuid		 id;
	const char		*code, *title;
	const char		*legal_basis;		/* as shown: joined by ； */
	int64_t			 version;
	const char		*hash;			/* of the document */
	const char		*document;		/* jsonb text */
	const char		*subject;		/* employment, or a FACT_KIND that is a subject */
	const char		*beneficiary;		/* employer (the unit), person, referrer */
	const char		*mode;			/* auto, direct, apply, round */
	const char		*release;		/* auto, officer */
	const char		*period;		/* once, month, quarter, year */
	const char		*benefit_family;
	const char		*fund_source;
	int32_t			 effective_from;	/* the subject's day must be within */
	int32_t			 effective_to;		/* DAY_NONE: open */
	bool			 has_amount;		/* false: 未设定 */
	int64_t			 amount_cents;		/* fixed; 0 when there is a rule */
	const struct rule_node	*amount_rule;		/* NULL: fixed, or 未设定 */
	int64_t			 cap_cents;		/* of amount_rule; -1: none */
	int64_t			 notice_working_days;
	int64_t			 promised_working_days;
	struct policy_step	 approval[POLICY_STEPS];
	const struct policy_hold *holds;
	size_t			 nholds;
	const struct policy_evidence *evidence;
	size_t			 nevidence;
	rule_mask		 facts;			/* that conditions, exclusions and amount name */
	const struct rule_set	*rules;
	struct arena		*arena;			/* all of the above */
	struct policy		*next;
};

/* `reason` when it is the amount that cannot be told yet, or is nothing. */
#define REASON_AMOUNT	"amount"

struct judgement {
	const struct rule_value	*facts;		/* as given to policy_weigh() */
	struct rule_result	 result;	/* of the conditions alone */
	struct rule_number	 number;	/* of the amount rule, before the cap */
	const char		*verdict;	/* eligible, refused, waiting */
	const char		*reason;	/* code of the deciding condition, REASON_AMOUNT, or NULL */
	bool			 silent;	/* not known to be concerned at all: nobody is told */
	bool			 has_amount;	/* eligible, and the sum is set; then > 0 */
	int64_t			 amount_cents;
	const char		*results;	/* policy_judge() only: canonical JSON */
};

/* Checks a whole document; NULL with errors. Everything lives in the arena. */
struct policy	*policy_compile(struct arena *, const char *text, size_t len, struct json_errors *);
/* For a document that is to be published: its codes must be in today's tables, too. */
struct policy	*policy_check(struct arena *, const char *text, size_t len, struct json_errors *);
/* The compiled version, or NULL when there is none or it is not sound. -1: db error. */
int		 policy_load(struct db *, const struct uuid *id, const struct policy **) MUST_CHECK;

/*
 * Verdict, deciding condition and amount. Pure and quick: no allocation, no
 * text, no I/O. `facts` has RULE_FACTS_MAX slots and outlives the judgement.
 */
void		 policy_weigh(const struct policy *, const struct rule_value facts[], struct judgement *);
/* False: the judgement would be silent, whatever else holds. */
bool		 policy_concerns(const struct policy *, const struct rule_value facts[]);
/* The canonical JSON kept with a decision; NULL: larger than it may be. */
const char	*policy_results(struct arena *, const struct policy *, const struct judgement *);
/* Both, from the text of facts that a decision keeps. False: they are not what facts.c says. */
bool		 policy_judge(struct arena *, const struct policy *, const char *facts,
		    struct judgement *) MUST_CHECK;

#endif
