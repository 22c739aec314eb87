/*
 * near.h -- what may have been meant by a code or name that does not exist, for
 * call_meant(): what begins so, what contains it, and what is few edits away.
 */
#ifndef YJY_NEAR_H
#define YJY_NEAR_H

#include "codes/codes.h"
#include "http/call.h"

#define NEAR_MOST	5
#define NEAR_FAR	1000	/* nothing in common */

/* The likeliest so far; zeroed to begin with. */
struct near_best {
	int			 score[NEAR_MOST];
	struct call_near	 near[NEAR_MOST];
	size_t			 n;
};

int	near_score(const char *text, const char *code, const char *name);	/* less is nearer */
void	near_add(struct near_best *, int score, const char *code, const char *name);
size_t	near_out(const struct near_best *, struct call_near [NEAR_MOST]);

/* Likeliest first; how many. `list`: "areas", "occupations", "industries", "education_levels". */
size_t	near_codes(struct arena *, const char *list, const char *text, struct call_near [NEAR_MOST]);
size_t	near_labels(const struct code_label *, const char *text, struct call_near [NEAR_MOST]);
/* Of a field refused as no such area, occupation, industry or level of education: what may have been meant. */
void	near_field(struct call *, const struct json_error *, const char *text);
/* A copy of a list of codes, the caller's to free; names are the table's. */
struct code_item *near_list(const char *list, size_t *n);

#endif
