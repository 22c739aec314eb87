/*
 * vacancy_check.h -- what a posting says that an officer should look at before
 * it is public. Pure: words in, findings out; no database, no clock.
 *
 * A pattern is text, compared after folding (full width to half width, capitals
 * to small letters, blanks dropped), in which
 *
 *	#	stands for a number, in digits or Chinese numerals, 1 to 4 characters
 *	~	for up to four characters of the same clause
 *	@	for an account: 5 to 20 letters, digits, _ or -, one digit at least
 *
 * A word of CHECK_ALLOW hides what it covers from all others (男女不限, 收费站).
 * One of CHECK_NEGATION up to six characters before a finding of the same clause
 * undoes it (不收取…押金), unless a "must" stands between; one that begins with ~
 * does so from behind (培训费由公司承担). What stands in a list with something
 * undone is undone with it. Contact details are never undone.
 */
#ifndef JOBS_VACANCY_CHECK_H
#define JOBS_VACANCY_CHECK_H

#include "base/base.h"

enum check_kind {
	CHECK_FEE, CHECK_SEX, CHECK_AGE, CHECK_ETHNIC, CHECK_HOUSEHOLD, CHECK_CONTACT,
	CHECK_FOUND,		/* kinds that are findings end here */
	CHECK_ALLOW = CHECK_FOUND, CHECK_NEGATION, CHECK_KINDS
};

#define CHECK_PATTERN	40	/* characters of a pattern */
#define CHECK_TEXT	4096	/* characters of a text that are looked at */
#define CHECK_SHOWN	64	/* bytes of what was found, and NUL */

struct check_words;

/* "fee", "sex" …; CHECK_KINDS: no such kind. */
enum check_kind		 check_kind_of(const char *);
const char		*check_kind_name(enum check_kind);

struct check_words	*check_words_new(void);
void			 check_words_free(struct check_words **);
/* -1: empty, too long, not UTF-8, nothing in it but # ~ @, or more than four of these. */
int			 check_words_add(struct check_words *, enum check_kind, const char *) MUST_CHECK;
size_t			 check_words_count(const struct check_words *);

/* What was first found of a kind; `shown` is the posting's own wording, folded. */
struct check_hit {
	enum check_kind	 kind;
	char		 shown[CHECK_SHOWN];
};

/* At most one hit of each kind, in the order of the kinds. */
size_t	check_text(const struct check_words *, const char *text, struct check_hit out[CHECK_FOUND]);

/* A telephone number, however it is written: 1 3 8…, １３８, 幺三八, 0746-…; or a mail address. */
bool	check_has_contact(const char *text, char shown[CHECK_SHOWN]);

/* 0 to 1: pairs of neighbouring characters the two have in common (Dice). */
double	check_likeness(const char *, const char *);
/* The same posting twice, for one who knows that occupation and place agree. */
bool	check_is_copy(const char *title, const char *text, const char *title2, const char *text2);

#endif
