/*
 * active.h -- the policy versions that judging goes through, and one judgement
 * of a subject by each that is in force on its day.
 *
 * Of the versions of one code the newest in force counts, or the one that a
 * priced claim of the subject was found under. The set lives in the arena it
 * was loaded into; the compiled versions are the process's own.
 */
#ifndef SUBSIDIES_ACTIVE_H
#define SUBSIDIES_ACTIVE_H

#include "dossier_load.h"
#include "policy.h"

enum payee { PAYEE_EMPLOYER, PAYEE_PERSON, PAYEE_REFERRER };

struct active {
	const char		*id, *code;
	enum kind		 subject;
	enum payee		 payee;
	bool			 by_engine;	/* auto, round: claims are made by judging */
	int32_t			 since, until;
	const struct policy	*policy;
	struct policy_ask	 ask;
	struct policy_ask	 first;		/* the facts of its silent conditions alone */
};

struct active_set {
	struct active		*list;		/* by code, newest version first */
	size_t			 count;
	struct dossier_want	 want;		/* what all of them together ask for */
	bool			 brief;		/* who is not concerned is looked at no closer */
};

/* Every version, or those of one code. -1: database error. */
int	active_load(struct db *, const char *code, struct active_set *) MUST_CHECK;

/* A set of one version that is only drafted, taken as in force from `since` to `until`. */
void	active_draft(struct arena *, const struct policy *, int32_t since, int32_t until,
	    struct active_set *);

/* What became of one subject under one version. */
struct judged {
	const struct subject		*subject;
	const struct active		*active;
	const struct dossier_decision	*current;	/* NULL: none stands */
	const struct dossier_claim	*claim;		/* NULL: none, or rejected ones */
	const struct rule_value		*facts;		/* RULE_FACTS_MAX of them */
	struct judgement		 weighed;
	enum rule_verdict		 verdict;	/* of the amount, too */
	bool				 silent;	/* not concerned at all */
	bool				 has_amount;
	int64_t				 amount_cents;
	int64_t				 digest;	/* of rule, answers and amount */
};

typedef void	judged_sink(void *arg, const struct judged *);

/*
 * Judges all subjects of all holders in the dossier, each holder's in the order
 * of their days; a later one sees the shares the earlier ones took.
 */
void	judge_people(struct dossier *, const struct active_set *, judged_sink *, void *);
void	judge_orgs(struct dossier *, const struct active_set *, judged_sink *, void *);
/*
 * One of them; the same function for judging and for looking. `brief`: the facts
 * of somebody who is not concerned, and was not so far, are not all filled.
 */
void	judge_one(struct dossier *, const struct subject *, const struct active *, bool brief,
	    struct rule_value *facts, struct judged *);
/* The facts as kept with a decision: those the policy names, by name; null is unknown. */
const char *facts_text(struct arena *, const struct policy_ask *, const struct rule_value *);

#endif
