/*
 * resume_check.h -- what is written into a résumé, judged member by member:
 * lists of words or codes, spells of work and the years they make. Pure: no
 * request, no database.
 */
#ifndef YJY_RESUME_CHECK_H
#define YJY_RESUME_CHECK_H

#include "json/json.h"

struct spell {
	int32_t		 from_on;
	int32_t		 to_on;		/* DAY_NONE: until today */
	const char	*employer;
	const char	*title;
	const char	*occupation_code;
	const char	*text;
};

/* What a list of texts may hold. */
struct words {
	const char		*pointer;	/* of the list: "/occupations" */
	size_t			 most;		/* members */
	size_t			 longest;	/* bytes of one */
	const char *const	*set;		/* NULL: any */
	int			(*check)(const char *);	/* 0 or an error code; NULL: any */
};

/*
 * A JSON list of texts as a PostgreSQL array; "{}" for NULL. Each mistake is
 * added with its pointer (/occupations/2); the value is then of no use.
 */
const char *words_array(struct arena *, const char *json, const struct words *,
	    struct json_errors *);
/* Dates in order, none after `today`; pointers as /experience/0/to_on. */
void	 spells_check(struct arena *, const struct list_of *, int32_t today, struct json_errors *);
/* Whole years worked, months that overlap counted once; at most 60. */
int	 spells_years(const struct list_of *, int32_t today);
/* As it is kept: a JSON list. */
const char *spells_json(struct arena *, const struct list_of *);
void	 json_wrong(struct json_errors *, const char *pointer, int code);

#endif
