/*
 * search.h -- the index of this process (index.h) as the service uses it: what
 * a posting's row becomes in it, which words of a question are known, and who
 * keeps it current.
 *
 *	search_live.c	follows the log, expires
 *	search_fill.c	fills, makes anew
 *	search_doc.c	row -> posting
 *	search_words.c	text of a question -> words, concepts
 *	search_near.c	a code that does not exist -> what was meant
 *	search.c	GET /v1/jobs/vacancies
 *	search_reply.c	concepts and facets of its reply
 *	search_check.c	index against database
 *	suggest.c	GET /v1/jobs/suggest, synonyms
 *
 * Invariant: the index of search_live() may be another one after any wait of a
 * coroutine; nobody keeps it, or a text out of it, over a wait.
 */
#ifndef JOBS_SEARCH_H
#define JOBS_SEARCH_H

#include "db/db.h"
#include "http/near.h"
#include "codes/codes.h"
#include "index.h"
#include "words.h"

enum mark_kind {
	MARK_AREA = 1,		/* county in charge, town (9 digits), village (12) */
	MARK_OCCUPATION,	/* each of its levels */
	MARK_INDUSTRY,		/* each of its levels */
	MARK_FORM, MARK_PAY_UNIT, MARK_BENEFIT,
	MARK_EDUCATION,		/* rank asked for, a digit; 0: none asked */
	MARK_SKILL_LEVEL,	/* 5 … 1; 0: none asked */
	MARK_SKILL,		/* a skill asked for, folded */
	MARK_ORG		/* id of the employer */
};

enum facet {
	FACET_COUNTY,		/* number in area_counties() + 1 */
	FACET_FORM,		/* number in work_forms + 1 */
	FACET_OCCUPATION,	/* major class, a digit */
	FACET_INDUSTRY,		/* section: A is 1; 0: not known */
	FACET_PAY,		/* number in search_bands + 1, by the month */
	FACET_EDUCATION,	/* rank + 1; 0: none asked */
	FACET_SKILL_LEVEL,
	FACET_PAY_UNIT		/* number in pay_units + 1 */
};
/* Flags: numbers in work_benefits. */

extern const struct code_label	search_form_words[], search_benefit_words[];	/* code, everyday word */
extern const int64_t		search_bands[];		/* lower bounds, cents a month */
extern const size_t		search_nbands;

/*
 * Pay by the month in quarters of a cent, to compare across units: 21.75 days
 * and 174 hours a month (劳社部发〔2008〕3号). Piece rates compare with their like alone.
 */
int64_t	search_pay_rank(int64_t cents, const char *unit);

/* ---- search_doc.c: texts live in the rows and the arena ---- */
void	search_doc(struct arena *, const struct db_rows *, size_t row, struct index_posting *,
	    struct index_mark [INDEX_MARKS]);
const char *search_folded(struct arena *, const char *);	/* lower case, no outer blanks */

/* ---- search_live.c ---- */
struct index	*search_live(void);		/* NULL: not filled yet */
/*
 * Waits, a moment at most, until what this process committed before is in the
 * index, so that who posts something finds it.
 */
void		 search_settle(void);
/* Known of the log, and where it ends; equal: nothing is on its way here. */
void		 search_position(int64_t *done, int64_t *head);
/* Puts what the database has of these ids now, drops the rest. */
int		 search_refresh(const struct uuid *ids, size_t n) MUST_CHECK;

/* ---- search_words.c ---- */
#define SEARCH_CONCEPTS	16

struct concept {
	const char	*text;		/* as asked */
	const char	*kind;		/* area, occupation, benefit, form, synonym */
	const char	*code, *name;	/* NULL: none */
};

struct concepts {
	struct concept	 list[SEARCH_CONCEPTS];
	size_t		 n;
};

int	words_load(void) MUST_CHECK;	/* areas, occupations, benefits, forms */
void	words_synonyms(const struct db_rows *);	/* column `words`, parted by \x1f */
/* Fills words of the query; what is known goes into the concepts too. */
void	words_cut(struct arena *, const char *text, struct index_query *, struct concepts *);

/* ---- search_near.c ---- */
/* The code of an area of this name, full or short; NULL: none, or several (then in `near`). */
const char *area_named(const char *name, struct call_near [NEAR_MOST], size_t *nnear);

#endif
