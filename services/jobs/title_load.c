/*
 * title_load.c -- titles from the files of sql/reference: the occupations' own
 * names, their aliases, and titles of real postings that somebody labelled.
 */
#include <string.h>

#include "title.h"
#include "codes/codes.h"

static void	name_row(void *, const char *const *);
static void	alias_row(void *, const char *const *);
static void	label_row(void *, const char *const *);
static void	noise_row(void *, const char *const *);

struct titles *
titles_load(const char *dir)
{
	static const char *const	 noise[] = { "word", NULL };
	static const char *const	 names[] = { "name", "code", NULL };
	static const char *const	 aliases[] = { "alias", "occupation_code", NULL };
	static const char *const	 labels[] = { "job_title", "occupation_code", NULL };
	struct titles			*t = titles_new();

	if (codes_read(dir, "titles/title_noise_words.csv", noise, noise_row, t) == -1 ||
	    codes_read(dir, "occupations.csv", names, name_row, t) == -1 ||
	    codes_read(dir, "occupation_aliases.csv", aliases, alias_row, t) == -1 ||
	    codes_read(dir, "titles/occupation_titles.csv", labels, label_row, t) == -1)
		titles_free(&t);
	else
		titles_seal(t);
	return (t);
}

static void
noise_row(void *t, const char *const *f)
{
	titles_ignore(t, f[0]);
}

static void
name_row(void *t, const char *const *f)
{
	if (strlen(f[1]) == TITLE_CODE - 1)
		titles_add(t, f[0], f[1], TITLE_NAME);
}

static void
alias_row(void *t, const char *const *f)
{
	if (strlen(f[1]) == TITLE_CODE - 1)
		titles_add(t, f[0], f[1], TITLE_ALIAS);
}

static void
label_row(void *t, const char *const *f)
{
	if (strlen(f[1]) == TITLE_CODE - 1)
		titles_add(t, f[0], f[1], TITLE_LABELLED);
}
