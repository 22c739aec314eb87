/*
 * verifier.h -- whether a name and an identity number belong together, and
 * whether a person is an organisation's legal representative. Both are asked
 * of interfaces outside, by setting; neither is asked while a database
 * connection is held.
 */
#ifndef YJY_VERIFIER_H
#define YJY_VERIFIER_H

#include "http/call.h"

enum answer {
	ANSWER_NONE,		/* no verifier is set */
	ANSWER_MATCH,
	ANSWER_MISMATCH,
	ANSWER_UNAVAILABLE	/* cannot be told now: ask again */
};

int		verifier_start(void) MUST_CHECK;	/* -1: log says what is wrong */
bool		verifier_of_people(void);
bool		verifier_of_orgs(void);
enum answer	verify_person(struct arena *, const char *name, const char *id_number);
enum answer	verify_legal(struct arena *, const char *uscc, const char *name,
		    const char *id_number);

#endif
