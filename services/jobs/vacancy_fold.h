/*
 * vacancy_fold.h -- a posting's text as the check compares it: one number a
 * character, full width and capitals folded, unseen characters dropped.
 */
#ifndef JOBS_VACANCY_FOLD_H
#define JOBS_VACANCY_FOLD_H

#include "vacancy_check.h"

struct folded {
	uint32_t	code[CHECK_TEXT];
	size_t		len;
};

enum fold_how {
	FOLD_DENSE,	/* without blanks; a new line ends a clause */
	FOLD_SPACED	/* blanks of any kind are one ' ' each */
};

/* False: not UTF-8; what stands before the fault is folded. */
bool	fold_text(struct folded *, const char *, enum fold_how);
bool	fold_ends_clause(uint32_t);
bool	fold_is_numeral(uint32_t);		/* 0-9, 零 to 十, 百, 两 */
/* The digit a character says, however it is written; -1: none. */
int	fold_digit(uint32_t);
/* Back to UTF-8, cut to fit. */
void	fold_show(const struct folded *, size_t at, size_t n, char *out, size_t size);

#endif
