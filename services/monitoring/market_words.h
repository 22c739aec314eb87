/*
 * market_words.h -- the parts of a quarter's report and the names of what they
 * are told apart by, for the page and the workbook alike.
 */
#ifndef MONITORING_MARKET_WORDS_H
#define MONITORING_MARKET_WORDS_H

#include <stdbool.h>

struct market_part {
	const char	*name;		/* member of `by` */
	const char	*title;
	bool		 has_demand, has_seekers;	/* which side is told apart by it */
	const char	*(*word)(const char *);	/* name of a code; NULL: it has none */
};

/* Ended by a NULL name. */
extern const struct market_part	market_parts[];

/* The name of a code of a part; the code itself where there is none, 未填或不限 for "-". */
const char	*market_word(const struct market_part *, const char *code);

#endif
