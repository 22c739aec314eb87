/*
 * errors.c -- the table made of errors.def and errors_services.def.
 *
 * Looking up a code by its public name happens only when SQL raised it, so a
 * walk over the table is enough.
 */
#include "http/errors.h"
#include "base/base.h"

static const struct error_row rows[ERRORS] = {
	[ERR_NONE] = { "", 500, "", "" },
#define ERROR(id, code, status, zh, en)	[ERR_##id] = { code, status, zh, en },
#include "http/errors.def"
#include "http/errors_services.def"
#undef ERROR
};

const struct error_row *
error_row(enum error_code code)
{
	if (code <= ERR_NONE || code >= ERRORS)
		return (&rows[ERR_INTERNAL]);
	return (&rows[code]);
}

enum error_code
error_by_code(const char *code)
{
	int	i;

	for (i = ERR_NONE + 1; i < ERRORS; i++)
		if (strcmp(rows[i].code, code) == 0)
			return ((enum error_code)i);
	return (ERR_NONE);
}
