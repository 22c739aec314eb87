/*
 * policy_priv.h -- the parts of a policy document that have files of their own.
 */
#ifndef SUBSIDIES_POLICY_PRIV_H
#define SUBSIDIES_POLICY_PRIV_H

#include "policy.h"
#include "policy_fields.h"

/* A sum beyond this is not decided by a program: the decision waits. */
#define POLICY_AMOUNT_MAX	INT64_C(1000000000000)

struct policy_reader {
	struct arena		*arena;
	struct policy		*policy;
	struct json_errors	*errors;
	bool			 codes;	/* codes must be in today's tables */
};

void	policy_read_amount(struct policy_reader *, const struct json *document);
void	policy_read_approval(struct policy_reader *, const char *);
void	policy_read_holds(struct policy_reader *, const char *);
void	policy_read_evidence(struct policy_reader *, const char *);
void	policy_read_frequency(struct policy_reader *, const char *);

/* Notes a mistake at a pointer, which is kept. */
void	policy_wrong(struct policy_reader *, int code, const char *pointer);
/* One of a NULL-ended list, or it is noted and NULL. */
const char *policy_choice(struct policy_reader *, const struct json *, const char *const *,
	    const char *pointer);

#endif
