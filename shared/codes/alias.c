/*
 * alias.c -- everyday titles of occupations, for who searches by them. Some of
 * them are wrong: they help to find, and decide nothing.
 *
 * Invariant: sorted by occupation code, in the file's order within one.
 */
#include <stdlib.h>
#include <string.h>

#include "codes/codes.h"
#include "codes/codes_priv.h"
#include "base/log.h"

static int	alias_add(const char *, const char *);
static int	by_code(const void *, const void *);
static char	*copy(const char *);

static struct code_alias	*aliases;
static size_t			 naliases;

int
codes_load_aliases(const char *dir)
{
	static const char *const	 names[] = { "alias", "occupation_code", NULL };
	struct codes_csv		 csv;
	size_t				 col[2];
	int				 r;

	if (naliases > 0)
		return (0);
	if (codes_csv_open(&csv, dir, "occupation_aliases.csv") == -1)
		return (-1);
	if ((r = codes_csv_columns(&csv, names, col)) == -1)
		goto out;
	while ((r = codes_csv_next(&csv)) == 1)
		if (alias_add(csv.fields[col[0]], csv.fields[col[1]]) == -1) {
			r = codes_csv_bad(&csv, "not an alias of an occupation");
			break;
		}
	qsort(aliases, naliases, sizeof(*aliases), by_code);
out:
	codes_csv_close(&csv);
	return (r);
}

const struct code_alias *
codes_aliases(size_t *n)
{
	*n = naliases;
	return (aliases);
}

const struct code_alias *
occupation_aliases(const char *code, size_t *n)
{
	size_t	low = 0, high = naliases, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (strcmp(aliases[mid].code, code) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (*n = 0; low + *n < naliases && strcmp(aliases[low + *n].code, code) == 0;)
		(*n)++;
	return (aliases + low);
}

static int
alias_add(const char *alias, const char *code)
{
	static size_t	room;

	if (alias[0] == '\0' || occupation_name(code) == NULL)
		return (-1);
	if (naliases == room) {
		room = room == 0 ? 2048 : room * 2;
		if ((aliases = reallocarray(aliases, room, sizeof(*aliases))) == NULL)
			log_die("codes: out of memory");
	}
	aliases[naliases] = (struct code_alias){ copy(alias), copy(code), (uint32_t)naliases };
	naliases++;
	return (0);
}

static int
by_code(const void *a, const void *b)
{
	const struct code_alias	*one = a, *other = b;
	int			 c = strcmp(one->code, other->code);

	return (c != 0 ? c : one->order < other->order ? -1 : 1);
}

static char *
copy(const char *text)
{
	char	*mine = strdup(text);

	if (mine == NULL)
		log_die("codes: out of memory");
	return (mine);
}
