/*
 * fact_kind.c -- the table of fact_kinds.def.
 */
#include "fact_kind.h"

#include <string.h>

#include "http/errors.h"

const struct fact_kind fact_kinds[] = {
#define FACT_KIND(id, name, title, holder, subject, code, numbers) \
	{ name, title, holder, subject, code, numbers },
#include "fact_kinds.def"
#undef FACT_KIND
};
const size_t fact_kinds_count = NITEMS(fact_kinds);

const struct fact_kind *
fact_kind(const char *name)
{
	size_t	i;

	for (i = 0; i < fact_kinds_count; i++) {
		if (strcmp(fact_kinds[i].name, name) == 0)
			return (&fact_kinds[i]);
	}
	return (NULL);
}

int
check_fact_kind(const char *name)
{
	return (fact_kind(name) == NULL ? ERR_F_CHOICE : 0);
}

size_t
fact_kind_numbers(const struct fact_kind *kind)
{
	const char	*p;
	size_t		 n = kind->numbers[0] == '\0' ? 0 : 1;
	int		 deep = 0;

	for (p = kind->numbers; *p != '\0'; p++) {
		deep += *p == '(' ? 1 : *p == ')' ? -1 : 0;
		n += *p == ',' && deep == 0;
	}
	return (n);
}
