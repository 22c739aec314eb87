/*
 * auth_roles.c -- roles as text, and whether a principal holds one in an area.
 *
 * A grant reaches what lies within its area by jurisdiction (area_within), so
 * 431181 does not reach the towns of 金洞. A role without an area, such as a
 * person's, reaches no area at all.
 */
#include <string.h>

#include "auth/auth.h"
#include "codes/codes.h"

static int	 role_index_of(enum role);

static const char *const	 role_names[ROLES] = {
#define ROLE_ROW(id, name, zh)	[ROLE_INDEX_##id] = name,
	ROLE_TABLE(ROLE_ROW)
#undef ROLE_ROW
};

static const char *const	 role_labels[ROLES] = {
#define ROLE_ROW(id, name, zh)	[ROLE_INDEX_##id] = zh,
	ROLE_TABLE(ROLE_ROW)
#undef ROLE_ROW
};

static const char *const	 right_names[] = { "post", "hire", "claim", "account", "manage" };

enum role
role_of(const char *name)
{
	int	 i;

	for (i = 0; i < ROLES; i++)
		if (strcmp(role_names[i], name) == 0)
			return ((enum role)(1 << i));
	return ((enum role)0);
}

const char *
role_name(enum role role)
{
	int	 i = role_index_of(role);

	return (i == -1 ? NULL : role_names[i]);
}

const char *
role_label(enum role role)
{
	int	 i = role_index_of(role);

	return (i == -1 ? NULL : role_labels[i]);
}

enum org_right
org_right_of(const char *name)
{
	size_t	 i;

	for (i = 0; i < NITEMS(right_names); i++)
		if (strcmp(right_names[i], name) == 0)
			return ((enum org_right)(1 << i));
	return ((enum org_right)0);
}

const char *
org_right_name(enum org_right right)
{
	return (right == 0 || right > RIGHT_MANAGE ? NULL : right_names[__builtin_ctz(right)]);
}

/* `area` NULL: the role anywhere. `role` may be several bits. */
bool
principal_has(const struct principal *p, enum role role, const char *area)
{
	size_t	 i;

	if ((p->roles & role) == 0)
		return (false);
	if (area == NULL)
		return (true);
	for (i = 0; i < p->ngrants; i++)
		if ((p->grants[i].role & role) != 0 &&
		    area_within(area, p->grants[i].area))
			return (true);
	return (false);
}

/* -1: not exactly one role. */
static int
role_index_of(enum role role)
{
	uint32_t	 bits = role;

	if (bits == 0 || (bits & (bits - 1)) != 0 || bits >= 1u << ROLES)
		return (-1);
	return (__builtin_ctz(bits));
}
