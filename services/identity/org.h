/*
 * org.h -- what the files about organisations share.
 */
#ifndef YJY_ORG_H
#define YJY_ORG_H

#include "identity.h"

int	org_uscc_form(const char *);	/* a FIELD_CHECK: form alone */
/*
 * Whether the person is the legal representative: `source` says who confirmed
 * it (register, self by setting), NULL: nobody yet. 0, or the reply made.
 * Commits what was done before when it asks outside.
 */
int	legal_source(struct call *, const struct uuid *person, const char *uscc,
	    const char **source) MUST_CHECK;
/* 0 when the caller may manage the organisation's members and give these rights (a
 * text[], NULL: none); else the reply made. */
int	member_manages(struct call *, const char *rights) MUST_CHECK;

#endif
