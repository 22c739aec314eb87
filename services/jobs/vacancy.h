/*
 * vacancy.h -- a posting as it is handed in, for whoever takes one: the employer
 * through vacancy.c, others that post for employers.
 *
 * vacancy_form_read() checks what the fields cannot (ranges, lists, dates) and
 * works out county and point; vacancy_judge() says whether the posting may be
 * public at once or an officer looks at it first, and why.
 */
#ifndef JOBS_VACANCY_H
#define JOBS_VACANCY_H

#include "jobs.h"

struct vacancy_in {
	const char	*title;
	const char	*occupation_code;
	const char	*area_code;
	int64_t		 headcount;
	int64_t		 pay_min_cents;
	int64_t		 pay_max_cents;
	const char	*pay_unit;
	const char	*form;
	const char	*education_code;
	int64_t		 skill_level;		/* 0: none asked for */
	const char	*skills;		/* JSON list of texts, or NULL */
	const char	*benefits;
	const char	*description;
	int64_t		 lat_e6, lng_e6;	/* 0: not said */
	const char	*contact_name;
	const char	*contact_phone;
	int32_t		 expires_on;
	bool		 draft;			/* keep it, do not hand it in */
};

/* The same, worked out; texts live in the arena or in the form. */
struct vacancy_form {
	const struct vacancy_in	*in;
	const char		*county;
	const int64_t		*skill_level;	/* NULL: none */
	const int64_t		*lat_e6, *lng_e6;	/* NULL: no point is known */
	bool			 point_is_exact;
	const char		*contact_name, *contact_phone;	/* masked; NULL: no contact given */
	const char		*name_sealed, *phone_sealed;
	int64_t			 number[3];	/* what the pointers above point to */
};

extern const struct field vacancy_in_fields[];

/* 0, or what the handler returns: every fault with its pointer has been replied. */
int	vacancy_form_read(struct call *, const struct vacancy_in *, struct vacancy_form *) MUST_CHECK;

/* The same, saying the first fault instead of replying it. -1: there is one. */
int	vacancy_form_check(struct arena *, const struct vacancy_in *, struct vacancy_form *,
	    enum error_code *, const char **pointer) MUST_CHECK;

/*
 * *checks becomes the reasons as JSON: [{code, pointer, text}], "[]" for none.
 * `self`: the posting itself, NULL for a new one. -1: the database failed.
 */
int	vacancy_judge(struct db *, const struct uuid *org, const struct uuid *self,
	    const struct vacancy_in *, const char **checks) MUST_CHECK;
#define VACANCY_IS_CLEAN(checks)	((checks)[1] == ']')

/* The clocks: what is over or not confirmed expires, who should confirm is asked. */
void	vacancy_start(void);

#endif
