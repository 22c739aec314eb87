/*
 * postings.h -- made-up postings for measuring: real regions, occupations and
 * words of work, lengths of descriptions as real ones have them, one seed.
 */
#ifndef BENCH_POSTINGS_H
#define BENCH_POSTINGS_H

#include "services/jobs/index.h"

#define POSTING_TEXT	8192
#define KIND_AREA	1
#define KIND_OCCUPATION	2
#define KIND_FORM	3
#define KIND_EDUCATION	4
#define FACETS_USED	4	/* county, form, education, major class */

struct made {
	struct index_posting	 p;
	struct index_mark	 marks[8];
	char			 title[256], names[256], text[POSTING_TEXT];
	const char		*county;
	char			 major[2], form[2], education[2], middle[5];
};

struct maker;

/* Reads the words of sql/reference; NULL: it says why. */
struct maker	*maker_new(const char *dir, uint64_t seed);
void		 maker_next(struct maker *, struct made *);
/* The word of this rank, 0 the commonest. */
const char	*maker_word(const struct maker *, size_t rank);
size_t		 maker_words(const struct maker *);

#endif
