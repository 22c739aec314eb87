/*
 * grant.h -- what grants and withdrawn rights have in common: days, areas, and
 * the second person.
 */
#ifndef YJY_GRANT_H
#define YJY_GRANT_H

#include "identity.h"

struct end_in {
	const char	*why;
};
extern const struct field end_in_fields[];

/* request.invalid with one fault. */
int	call_invalid(struct call *, const char *pointer, enum error_code);
/* 0, or the reply: a day in the past, or an end before the beginning. */
int	days_judge(struct call *, int32_t from_on, int32_t to_on) MUST_CHECK;
const char *county_of(const char *area_code);	/* the city is its own */
/* The caller governs that area: as its security administrator, or audits the city. */
bool	may_agree(const struct call *, const char *area_code);
/*
 * 0 when the caller may be the second person for a row with state, proposed_by
 * and area_code; otherwise the reply.
 */
int	second_judge(struct call *, const struct db_rows *) MUST_CHECK;

#endif
