/*
 * conf.h -- every setting of a program is one row: environment name, type,
 * default, bounds, secret or not, meaning.
 *
 * Rows live in conf/settings.def (all programs share the table; `used_by`
 * says whose they are). conf_load() copies the environment once, before Kore
 * overwrites it, checks bounds and returns -1 with every mistake in `errors`,
 * one a line; the program prints them and ends. Set but empty means unset. A
 * secret's row names a file of at most 64 KB; one newline at its end is cut,
 * its content is never printed.
 *
 *   conf_text(CONF_PG)  conf_int(CONF_READ_CONNECTIONS)  conf_bool(CONF_SANDBOX)
 *
 * `yjyctl config` prints every row with value and source.
 */
#ifndef YJY_CONF_H
#define YJY_CONF_H

#include "base/base.h"
#include "base/buf.h"

enum conf_type { CONF_TEXT, CONF_INT, CONF_BOOL, CONF_SECRET };

/*
 * CONF_ROW(id, env, type, default, min, max, used_by, help). min and max bound
 * an integer, or the bytes of a text when max is not 0; used_by: `*` or names
 * with blanks between.
 */
enum conf_id {
#define CONF_ROW(id, env, type, def, min, max, used_by, help)	CONF_##id,
#include "conf/settings.def"
#undef CONF_ROW
	CONF_ROWS
};

int		 conf_load(const char *program, struct buf *errors) MUST_CHECK;
const char	*conf_text(enum conf_id);	/* "" when unset */
int64_t		 conf_int(enum conf_id);
bool		 conf_bool(enum conf_id);
bool		 conf_lists(enum conf_id, const char *word);	/* of a comma separated text */
/* Secret bytes, a NUL behind them; NULL when its file is not set. Owned by conf. */
const void	*conf_secret(enum conf_id, size_t *len);
const char	*conf_secret_file(enum conf_id);	/* its file's name */
/* Reads the file again. True: it can be read and its content is another. */
bool		 conf_secret_again(enum conf_id);
void		 conf_print(struct buf *);	/* the table for yjyctl config */

#endif
