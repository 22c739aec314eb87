/* errors.h -- enum of errors.def; the texts are in errors.c. */
#ifndef YJY_ERRORS_H
#define YJY_ERRORS_H

enum error_code {
	ERR_NONE,
#define ERROR(id, code, status, zh, en)	ERR_##id,
#include "http/errors.def"
#include "http/errors_services.def"
#undef ERROR
	ERRORS
};

struct error_row {
	const char	*code;
	int		 status;
	const char	*zh, *en;
};

const struct error_row	*error_row(enum error_code);
enum error_code		 error_by_code(const char *code);	/* ERR_NONE: unknown */

#endif
