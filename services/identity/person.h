/*
 * person.h -- registering a person, whoever is at the keyboard, and the card
 * a clerk has read.
 */
#ifndef YJY_PERSON_H
#define YJY_PERSON_H

#include "identity.h"

struct person_new {
	const char		*phone;		/* NULL: none */
	const char		*name;
	const char		*id_number;
	const char		*area_code;
	const struct uuid	*officer;	/* saw the card; NULL: nobody */
	const char		*reason;
};

struct card {
	const char	*name;
	int32_t		 valid_on;
	const char	*reason;
};

/*
 * Asks the verifier, then writes. 0 when the person is there, `reply` set;
 * otherwise the reply already made. Commits what was done before the question.
 */
int	person_create(struct call *, const struct person_new *, const struct uuid *id,
	    struct db_rows *reply) MUST_CHECK;
/* 0 when the card is valid today and bears the name held sealed; else the reply made. */
int	card_check(struct call *, const struct card *, const char *name_sealed) MUST_CHECK;
const char *id_index_of(struct arena *, const char *id_number);

#endif
