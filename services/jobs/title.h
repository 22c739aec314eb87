/*
 * title.h -- which occupation a posting's title means (职业分类大典 2022).
 *
 * Texts with known codes (names, aliases, labelled titles) are cut into single
 * characters, pairs with their ends marked, triples and words of letters; a
 * title is compared with each by the cosine of what is rare in both (TF-IDF).
 * A code's score is its best text's, and a little of its next four's. Pure C,
 * one thread; scores are for ordering and say nothing else.
 */
#ifndef JOBS_TITLE_H
#define JOBS_TITLE_H

#include "base/base.h"

#define TITLE_CODE	11	/* X-XX-XX-XX and NUL */
#define TITLE_HITS	20

struct titles;

struct title_hit {
	char	code[TITLE_CODE];
	int32_t	score;		/* thousandths; 1,000 and above: as good as named */
};

/* What a text is: a label is somebody's judgement and counts a little less. */
enum title_kind { TITLE_NAME, TITLE_ALIAS, TITLE_LABELLED };

struct titles	*titles_new(void);
void		 titles_free(struct titles **);
/* Words that say nothing of the work (急聘, 五险一金) are left out of all that follows. */
void		 titles_ignore(struct titles *, const char *word);
void		 titles_add(struct titles *, const char *text, const char *code, enum title_kind);
/* Weighs what was added; after it nothing may be added. */
void		 titles_seal(struct titles *);
/* The likeliest codes, best first; none when nothing of the title was ever seen. */
size_t		 titles_ask(struct titles *, const char *title, struct title_hit *, size_t room);

/* From the files of sql/reference; -1: the log says which. */
struct titles	*titles_load(const char *dir) MUST_CHECK;

#endif
