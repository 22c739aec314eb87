/*
 * policy.h -- policy versions in memory, and a decision's judgement.
 *
 * A published version never changes, so each process compiles it once and
 * keeps it. policy_judge() is the only way from facts to a decision: the same
 * function decides, replays and explains, and for the same version and the
 * same facts it writes the same bytes.
 */
#ifndef SUBSIDIES_POLICY_H
#define SUBSIDIES_POLICY_H

#include "db/db.h"
#include "facts.h"

struct policy {
	struct uuid		 id;
	const char		*code, *title;
	const char		*legal_basis;		/* as shown: joined by ； */
	int64_t			 version;
	const char		*hash;			/* of the document */
	const char		*document;		/* jsonb text */
	bool			 has_amount;		/* false: 未设定 */
	int64_t			 amount_cents;
	int64_t			 notice_working_days;
	int64_t			 promised_working_days;
	const struct rule_set	*rules;
	struct arena		*arena;			/* all of the above */
	struct policy		*next;
};

struct judgement {
	struct rule_value	 facts[RULE_FACTS_MAX];
	struct rule_result	 result;
	const char		*verdict;	/* eligible, refused, waiting */
	const char		*reason;	/* code of the deciding condition, or NULL */
	const char		*results;	/* canonical JSON, stored and replayed */
	bool			 has_amount;
	int64_t			 amount_cents;
};

/* Checks a whole document; NULL with errors. Everything lives in the arena. */
struct policy	*policy_compile(struct arena *, const char *text, size_t len, struct json_errors *);
/* The compiled version, or NULL when there is none or it is not sound. -1: db error. */
int		 policy_load(struct db *, const struct uuid *id, const struct policy **) MUST_CHECK;
/* False: the facts are not what facts.c says. */
bool		 policy_judge(struct arena *, const struct policy *, const char *facts,
		    struct judgement *) MUST_CHECK;

#endif
