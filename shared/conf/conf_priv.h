/*
 * conf_priv.h -- rows and values, shared by the loader and the printer.
 */
#ifndef YJY_CONF_PRIV_H
#define YJY_CONF_PRIV_H

#include "conf/conf.h"

#define SECRET_MAX	(64 * 1024)	/* bytes of a secret's file */

enum conf_source { CONF_FROM_DEFAULT, CONF_FROM_ENV };

struct conf_row {
	const char	*env;
	enum conf_type	 type;
	const char	*def;
	int64_t		 min, max;	/* CONF_TEXT: bytes, when max is not 0 */
	const char	*used_by;
	const char	*help;
};

struct conf_value {
	enum conf_source source;
	char		*text;		/* as written; a secret's file name */
	int64_t		 number;	/* CONF_INT, CONF_BOOL */
	char		*secret;	/* with a NUL behind; NULL: no file */
	size_t		 secret_len;
};

extern const struct conf_row	conf_rows[CONF_ROWS];
extern struct conf_value	conf_values[CONF_ROWS];

/* Reads the file v->text names; false, and a line in errors, when it cannot. */
bool	secret_read(const struct conf_row *, struct conf_value *, struct buf *errors)
	    MUST_CHECK;

#endif
