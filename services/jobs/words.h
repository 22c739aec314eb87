/*
 * words.h -- the words of postings and résumés that several parts read: each
 * list ends in NULL, and its order is that of the bits and facets made from it.
 */
#ifndef JOBS_WORDS_H
#define JOBS_WORDS_H

extern const char *const	work_forms[];		/* vacancy_forms */
extern const char *const	pay_units[];		/* pay_units */
extern const char *const	work_benefits[];	/* benefits */

#endif
