/*
 * city.h -- a city that cannot exist: people, firms and their ties, the same
 * for the same seed. Identity numbers are valid in form but their area code
 * (439901) was never issued; phones are of an unassigned block.
 */
#ifndef YJY_CITY_H
#define YJY_CITY_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"

#define NEVER_ISSUED	"439901"

struct village {
	char		 code[13];
	const char	*county;	/* jurisdiction */
};

struct person {
	struct uuid	 id;
	char		 number[19];
	char		 phone[12];
	const char	*name;
	int32_t		 birth;
	int		 sex;
	const struct village *home;
	int32_t		 graduated;	/* DAY_NONE: not on the roster */
	const char	*level;		/* GB/T 4658 */
	bool		 full_time;
	size_t		 firm;		/* SIZE_MAX: no job */
	int32_t		 hired, lost;	/* lost: registered unemployed since */
	bool		 was_unemployed;
	int		 insured;	/* months paid since hire */
};

struct firm {
	struct uuid	 id;
	char		 uscc[19];
	const char	*name;
	const char	*kind;
	const char	*industry;
	const struct village *seat;
	size_t		 agent;		/* person who may act for it */
};

struct city {
	struct arena	 arena;
	uint64_t	 random;
	struct village	*villages;
	size_t		 nvillages;
	struct person	*people;
	size_t		 npeople;
	struct firm	*firms;
	size_t		 nfirms;
	int32_t		 today;		/* the day the sample stands on */
};

uint64_t	 city_random(struct city *, uint64_t below);
struct uuid	 city_uuid(struct city *);
void		 city_found(struct city *, uint64_t seed, size_t people, size_t firms);
char		 id_check_digit(const char *first17);

/* emit*.c: COPY blocks for psql, on standard output. */
void		 emit_identity(struct city *);
void		 emit_jobs(struct city *);
void		 emit_subsidies(struct city *);
void		 emit_desks(struct city *, const char *sign_in_file);
void		 emit_returned_data(const struct city *, const char *dir);

/* ---- posts.c ---- */
void		 vacancy_rows(struct city *);

void		 copy_begin(const char *table, const char *columns);
void		 copy_text(const char *);		/* NULL is \N; escapes */
void		 copy_int(int64_t);
void		 copy_day(int32_t);
void		 copy_uuid(const struct uuid *);
void		 copy_bool(bool);
void		 copy_row(void);			/* ends a row */
void		 copy_end(void);

#endif
